"""Page bytes to one parsed tree: charset, scripts taken out, JSON-LD kept aside.

Charset in the order BOM, UTF-8 when it decodes, HTTP header, meta, detection (WHATWG encoding
sniffing trusts the header first; on news pages a header that contradicts valid UTF-8 is wrong).
Script, style and noscript never reach the parser: their text is the commonest program text taken
for an article. Nesting beyond libxml2's 2,048 levels loses text silently, so it is flattened.
"""

import codecs
import re
from typing import NamedTuple

from charset_normalizer import from_bytes
from lxml.html import HtmlElement, HTMLParser, fromstring

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
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
_UNREAD = re.compile(
    r"<(style|noscript|template)\b[^>]*>.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE
)
_LD_TYPE = re.compile(r"application/ld\+json", re.IGNORECASE)
_WRAPPERS = re.compile(r"</?(?:div|span|section|font|center|b|i|table|tbody|tr|td)\b[^>]*>", re.I)
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


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


def decode(body: bytes, content_type: str = "") -> tuple[str, bool]:
    """(text, whether the charset is a guess); undecodable bytes become U+FFFD."""
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace"), False
    try:
        return body.decode("utf-8"), False
    except UnicodeDecodeError:
        pass
    for name in _declared(body, content_type):
        text = body.decode(name, "replace")
        # A few broken bytes inside declared text are damage; many are a false declaration.
        if text.count("\ufffd") <= len(text) // 1000:
            return text, False
    best = from_bytes(body[:_GUESSED]).best()
    return body.decode(best.encoding if best else "cp1252", "replace"), True


def strip_scripts(text: str) -> tuple[str, list[str]]:
    """(text without script, style, noscript, template and comments; the JSON-LD blocks)."""
    linked = []

    def keep(match: re.Match[str]) -> str:
        if _LD_TYPE.search(match.group(1)):
            linked.append(match.group(2))
        return ""

    return _UNREAD.sub("", _SCRIPT.sub(keep, text)), linked


def _parse(text: str) -> tuple[HtmlElement | None, bool]:
    parser = HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, recover=True
    )
    data = text.encode("utf-8", "replace")
    if not data.strip():
        return None, False
    try:
        tree = fromstring(data, parser=parser)
    except (ValueError, SyntaxError, AssertionError):
        return None, False
    too_deep = any(
        entry.type_name == "ERR_RESOURCE_LIMIT" and "depth" in entry.message
        for entry in parser.error_log
    )
    return tree, too_deep


def parse_markup(body: bytes, content_type: str = "") -> Markup:
    """Decode and parse a page; ItemError(extract_empty) when no element can be made of it."""
    text, guessed = decode(body, content_type)
    flags = [CHARSET_GUESS] if guessed else []
    text, linked = strip_scripts(_UNSAFE.sub("", text))
    tree, too_deep = _parse(text)
    if too_deep:
        flags.append(DEPTH_CUT)
        tree, _ = _parse(_WRAPPERS.sub(" ", text))
    if tree is None:
        raise ItemError(Reason.EXTRACT_EMPTY, "no markup")
    return Markup(tree, linked, flags)
