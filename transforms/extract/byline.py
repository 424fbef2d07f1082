"""Where a page names its authors in its body: microdata, rel=author, bylines by class or word."""

import re
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from transforms.extract.head import squeeze

MAX_ELEMENTS = 20_000
MAX_LINE = 100
MAX_PIECES = 12
MAX_BYLINES = 3
_CALLED = re.compile(r"author|by-?line|autor(?!i[stz])|auteur|verfasser|(?:^|[\s_-])writer", re.I)
_SAID = re.compile(
    r"(?:(?:Written )?[Bb]y|BY|Von|Par|Por|Door|(?:Text|Autor(?:in|es)?):|Автор:?)\s+[^\W\d_]"
)
_STARTS = frozenset("BWVPDTAА")
_OTHER = re.compile(
    r"comment|respond|reply|related|teaser|recommend|latest|trending|popular|avatar|bio\b|social",
    re.IGNORECASE,
)
_FRAME = frozenset({"nav", "footer", "head"})
_SHORT = (
    *("span", "a", "p", "div", "address", "li", "strong", "b", "em", "small", "cite", "i", "meta"),
    *("h3", "h4", "h5", "h6", "dd", "td", "section", "ul", "header"),
)


def bylines(tree: HtmlElement) -> list[str]:
    """The short texts of the first elements that are marked as naming the author."""
    found: dict[str, dict[str, None]] = {mark: {} for mark in ("item", "link", "class", "word")}
    for element in islice(tree.iter(*_SHORT), MAX_ELEMENTS):
        mark = _mark(element)
        if mark and len(found[mark]) < MAX_BYLINES and _own(element):
            found[mark].update(dict.fromkeys(filter(None, map(_said, _named(element, mark)))))
    return next((list(texts)[:MAX_BYLINES] for texts in found.values() if texts), [])


def _mark(element: HtmlElement) -> str:
    """What marks an element as naming the author: the surest sign, nothing for none."""
    get = element.get
    item, called, text = get("itemprop"), get("class"), element.text
    if item and "author" in item:
        return "item"
    if get("rel") == "author" and element.tag == "a":
        return "link"
    if called and _is_called(called):
        return "class"
    if not text or (text := text.lstrip())[:1] not in _STARTS:
        return ""
    return "word" if _SAID.match(text[:MAX_LINE]) else ""


@lru_cache(maxsize=4096)
def _is_called(names: str) -> bool:
    """Whether a class is an author's; a page repeats few classes many times."""
    return _CALLED.search(names) is not None


def _named(element: HtmlElement, mark: str) -> list[HtmlElement]:
    if mark != "item":
        return [element]
    return [e for e in element.iter(*_SHORT) if e.get("itemprop") == "name"] or [element]


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
