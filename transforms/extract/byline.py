"""Where a page names its authors in its body: microdata, rel=author, bylines by class or word."""

import re
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from transforms.extract.head import squeeze

MAX_ELEMENTS = 20_000
MAX_LINE = 100
MAX_PIECES = 12
MAX_BYLINES = 3
_CALLED = re.compile(r"author|by-?line|autor(?!i[stz])|auteur|verfasser|(?:^|[\s_-])writer", re.I)
_SAID = re.compile(
    r"^(?:(?:Written |Posted |Story )?[Bb]y|BY|Von|Par|Por|Door"
    r"|Text:|Autor(?:in|es)?:|Author:|Автор:?)\s+[^\W\d_]"
)
_OTHER = re.compile(
    r"comment|respond|reply|related|teaser|recommend|latest|trending|popular|avatar|bio\b|social",
    re.IGNORECASE,
)
_FRAME = frozenset({"nav", "footer", "head"})
_SHORT = frozenset(
    {
        "span",
        "a",
        "p",
        "div",
        "address",
        "li",
        "strong",
        "b",
        "em",
        "small",
        "h4",
        "h5",
        "h6",
        "cite",
        "i",
        "dd",
        "td",
        "section",
        "ul",
        "header",
    }
)


def bylines(tree: HtmlElement) -> list[str]:
    """The short texts of the first elements that are marked as naming the author."""
    for find in (_by_item, _by_link, _by_class, _by_word):
        found = list(dict.fromkeys(islice(find(tree), MAX_BYLINES)))
        if found:
            return found
    return []


def _by_item(tree: HtmlElement) -> Iterator[str]:
    for element in islice(tree.iter(*_SHORT, "meta"), MAX_ELEMENTS):
        if "author" in (element.get("itemprop") or "").split() and _own(element):
            named = [e for e in element.iter(*_SHORT, "meta") if e.get("itemprop") == "name"]
            yield from filter(None, map(_said, named or [element]))


def _by_link(tree: HtmlElement) -> Iterator[str]:
    for element in tree.iter("a"):
        if "author" in (element.get("rel") or "").split() and _own(element):
            yield from filter(None, [_said(element)])


def _by_class(tree: HtmlElement) -> Iterator[str]:
    for element in islice(tree.iter(*_SHORT), MAX_ELEMENTS):
        called = element.get("class")
        if called and _CALLED.search(called) and _own(element):
            yield from filter(None, [_said(element)])


def _by_word(tree: HtmlElement) -> Iterator[str]:
    for element in islice(tree.iter(*_SHORT), MAX_ELEMENTS):
        if _SAID.match((element.text or "").lstrip()[:MAX_LINE]) and _own(element):
            yield from filter(None, [_said(element)])


def _said(element: HtmlElement) -> str:
    if element.tag == "meta":
        return squeeze(element.get("content"))[:MAX_LINE]
    pieces = islice((str(text) for text in element.itertext()), MAX_PIECES)
    text = " ".join(pieces)
    return squeeze(text) if len(text) <= 4 * MAX_LINE and len(squeeze(text)) <= MAX_LINE else ""


def _own(element: HtmlElement) -> bool:
    """Whether it stands in the story, not in the frame, a teaser or a comment."""
    above = list(islice(element.iterancestors(), 12))
    if any(e.tag in _FRAME for e in above):
        return False
    names = " ".join(f"{e.get('class') or ''} {e.get('id') or ''}" for e in (element, *above[:8]))
    return not _OTHER.search(names)
