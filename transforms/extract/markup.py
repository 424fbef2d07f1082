"""Page bytes to one parsed tree: charset, scripts taken out, JSON-LD kept aside.

Charset in the order BOM, declared encoding of seven bits, UTF-8 when it decodes, HTTP header, meta,
detection (WHATWG encoding sniffing trusts the header first; on news pages a header that contradicts
valid UTF-8 is wrong).
Script, style and noscript never reach the parser: their text is the commonest program text taken
for an article. Nesting beyond libxml2's 2,048 levels loses text silently, so it is flattened.
"""

import codecs
import re
from typing import NamedTuple

from charset_normalizer import from_bytes
from lxml.etree import ElementDefaultClassLookup, ParserError
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from transforms.clean.characters import MENDED, mend
from transforms.errors import ItemError
from transforms.outcomes import Reason

CHARSET_GUESS = "charset_guess"
DEPTH_CUT = "depth_cut"

_SNIFFED = 2048
_GUESSED = 32_768
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
# Names that mean a superset in practice (WHATWG Encoding Standard, "labels").
_SUPERSETS = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "tis-620": "cp874",
}
# Encodings of seven bits, which are valid UTF-8 as well, and what shifts from ASCII to their signs.
_SHIFTS = {"iso2022_jp": b"\x1b$", "iso2022_kr": b"\x1b$", "hz": b"~{"}
_UNREAD = re.compile(rb"<(?:(script|style|noscript|template)\b|!--)", re.IGNORECASE)
_LD_TYPE = re.compile(rb"application/ld\+json", re.IGNORECASE)
# What ends a page that goes on, and frames: browsers read on, libxml2 may stop there.
_ENDS = re.compile(rb"</(?:body|html)\s*>|</?(?:frameset|frame|noframes)\b[^>]*>", re.IGNORECASE)
_SHADOW = re.compile(rb"shadowroot", re.IGNORECASE)  # a declarative shadow tree is shown
_WRAPPERS = re.compile(rb"</?(?:div|span|section|font|center|b|i|table|tbody|tr|td)\b[^>]*>", re.I)
# What XML 1.0 does not allow in a text: control characters, U+FFFE and U+FFFF (in UTF-8).
_CONTROLS = bytes({*range(0x20), 0x7F} - {0x09, 0x0A, 0x0D})
_NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
_NO_CHARACTER = b"\xef\xbf"
_APART = "\x1e"  # stands in no page, since controls are taken out
# One class for every element: lxml.html's own choice by tag is a Python call an element.
_CLASSES = ElementDefaultClassLookup(element=HtmlElement)


# Elements that extractors drop whole. One that is never closed swallows the story.
_CHROME = frozenset(
    {"nav", "button", "label", "menu", "dialog", "select", "a", "time", "picture", "map", "video",
     "audio", "canvas"}
)  # fmt: skip
_SWALLOWED = 0.5


class Markup(NamedTuple):
    """A page as a tree without scripts, its JSON-LD texts, and what had to be guessed or cut."""

    tree: HtmlElement
    linked_data: list[str]
    flags: list[str]


def _known(name: str) -> str | None:
    """The codec to use for a declared charset; None for names that are no text encoding."""
    name = _SUPERSETS.get(name.strip().lower(), name.strip().lower())
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    return info.name if info._is_text_encoding and info.name != "idna" else None


def _declared(body: bytes, content_type: str) -> list[str]:
    header = _CHARSET.search(content_type.encode("ascii", "ignore"))
    meta = _CHARSET.search(body[:_SNIFFED])
    names = [m.group(1).decode("ascii") for m in (header, meta) if m]
    return [known for name in names if (known := _known(name)) is not None]


def as_utf8(body: bytes, content_type: str = "") -> tuple[bytes, bool]:
    """(the page in UTF-8, whether its charset is a guess); undecodable bytes become U+FFFD."""
    for bom, name in _BOMS:
        if body.startswith(bom):
            return _recoded(body[len(bom) :].decode(name, "replace")), False
    if (shifted := _shifted(body, content_type)) is not None:
        return _recoded(body.decode(shifted, "replace")), False
    try:
        body.decode("utf-8")
        return body, False
    except UnicodeDecodeError:
        pass
    for name in _declared(body, content_type):
        text = body.decode(name, "replace")
        # A few broken bytes inside declared text are damage; many are a false declaration.
        if text.count("\ufffd") <= len(text) // 1000:
            return _recoded(text), False
    best = from_bytes(body[:_GUESSED]).best()
    return _recoded(body.decode(best.encoding if best else "cp1252", "replace")), True


def _shifted(body: bytes, content_type: str) -> str | None:
    """The declared encoding that writes its signs in ASCII, where its shift sequence stands."""
    if not body.isascii():
        return None
    names = (name for name in _declared(body, content_type) if name in _SHIFTS)
    return next((name for name in names if _SHIFTS[name] in body), None)


def _recoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def strip_scripts(page: bytes) -> tuple[bytes, list[str]]:
    """(UTF-8 page without script, style, noscript, template and comments; the JSON-LD blocks).

    What is never closed stays where it is.
    """
    lower, kept, linked = page.lower(), [], []
    open_ended: set[bytes] = set()
    done = at = 0
    while opening := _UNREAD.search(page, at):
        name = (opening.group(1) or b"").lower()
        closing = b"</" + name if name else b"-->"
        end = None if name in open_ended else _end_of(lower, opening.end(), closing)
        if end is None:
            open_ended.add(name)
            at = opening.end()
            continue
        if name in (b"script", b"template"):
            attributes, _, text = page[opening.end() : end[0]].partition(b">")
            if name == b"template" and _SHADOW.search(attributes):
                kept.append(page[done : opening.start()])
                done = at = opening.end() + len(attributes) + 1
                continue
            if name == b"script" and _LD_TYPE.search(attributes):
                linked.append(text.decode("utf-8", "replace"))
        kept.append(page[done : opening.start()])
        done = at = end[1]
    return b"".join([*kept, page[done:]]), linked


def _end_of(lower: bytes, start: int, closing: bytes) -> tuple[int, int] | None:
    """Where the closing mark begins and ends; None when it is not there."""
    found = lower.find(closing, start - 2 if closing == b"-->" else start)
    end = lower.find(b">", found + 1) if found >= 0 else -1
    return (found, end + 1) if end >= 0 else None


def _parse(page: bytes) -> tuple[HtmlElement | None, bool]:
    parser = HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, recover=True
    )
    parser.set_element_class_lookup(_CLASSES)
    if not page.strip():
        return None, False
    try:
        tree = document_fromstring(page, parser=parser)
    except (ValueError, SyntaxError, AssertionError, ParserError):
        return None, False
    too_deep = any(
        entry.type_name == "ERR_RESOURCE_LIMIT" and "depth" in entry.message
        for entry in parser.error_log
    )
    return tree, too_deep


def _release(tree: HtmlElement) -> None:
    """Make plain blocks of chrome that holds the article and most of the page's paragraphs: it was
    never closed, or wraps the page as form-driven sites do. Of a link around the text that is plain
    without a heading."""
    total = 0
    held: dict[HtmlElement, int] = {}
    for paragraph in tree.iter("p"):
        size = sum(map(len, paragraph.itertext()))
        total += size
        for above in paragraph.iterancestors(*_CHROME):
            held[above] = held.get(above, 0) + size
    for element, size in held.items():
        if size > _SWALLOWED * total and (
            element.tag == "a" or next(element.iter("main", "article", "h1"), None) is not None
        ):
            element.tag = "div"


def _mended(page: bytes, linked: list[str]) -> tuple[bytes, list[str], bool]:
    """Page and JSON-LD with mojibake repaired, judged as one text, and whether there was any."""
    if page.isascii() and all(map(str.isascii, linked)):
        return page, linked, False
    text, mended = mend(_APART.join([page.decode("utf-8", "replace"), *linked]))
    if not mended:
        return page, linked, False
    told, *data = text.split(_APART)
    return _recoded(told), data, True


def parse_markup(body: bytes, content_type: str = "") -> Markup:
    """Decode and parse a page; ItemError(extract_empty) when no element can be made of it."""
    page, guessed = as_utf8(body, content_type)
    page, linked = strip_scripts(page.translate(None, _CONTROLS))
    page, linked, mended = _mended(page, linked)
    flags = [CHARSET_GUESS] * guessed + [MENDED] * mended
    if _NO_CHARACTER in page:
        for mark in _NO_CHARACTERS:
            page = page.replace(mark, b"")
    page = _ENDS.sub(b"", page)
    tree, too_deep = _parse(page)
    if too_deep:
        flags.append(DEPTH_CUT)
        tree, _ = _parse(_WRAPPERS.sub(b" ", page))
    if tree is None:
        raise ItemError(Reason.EXTRACT_EMPTY, "no markup")
    _release(tree)
    return Markup(tree, linked, flags)
