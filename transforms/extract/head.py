"""What the page's head and its headings say: meta tags, title, h1 to h3, language, canonical."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

_SPACE = re.compile(r"\s+")
MAX_META = 400
MAX_VALUE = 20_000
MAX_SEEN, MAX_HEADINGS = 300, 40
_NAMES = ("name", "property", "itemprop", "http-equiv")
_KINDS = {
    **{tag: tag for tag in ("meta", "title", "link")},
    **dict.fromkeys(("h1", "h2", "h3"), "heading"),
    **dict.fromkeys(("html", "body", "article"), "root"),
}
_FRAME = frozenset({"nav", "footer", "aside"})
_STORY = frozenset({"article", "main"})
_INLINE = frozenset(
    {"a", "abbr", "b", "em", "font", "i", "mark", "ruby", "s", "strong", "u", "wbr"}
)
_HIDDEN = re.compile(
    r"(?:^|\s)(?:(?:is-|u-|visually-?)?hidden|sr-only|screen-reader-text|d-none)(?:\s|$)", re.I
)
_UNSHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)


class Heading(NamedTuple):
    """One h1, h2 or h3.

    parts: the texts of its child elements in order, its own text last, when there are several.
    framed: it is hidden, or stands in nav, footer or aside, or is all a link to another page.
    inside: it stands in article or main.
    """

    level: int
    text: str
    parts: tuple[str, ...] = ()
    framed: bool = False
    inside: bool = False


class Head(NamedTuple):
    """`meta` maps lower-case name, property or itemprop to its first content.

    `headings` are the texts of the first h1 elements, `outline` the headings with their places, of
    nav, footer and aside h1 alone.
    """

    meta: dict[str, str]
    lists: dict[str, list[str]]
    title: str
    headings: list[str]
    language: str
    canonical: str
    outline: tuple[Heading, ...] = ()


def squeeze(text: str | None) -> str:
    """One line without runs of white space."""
    return _SPACE.sub(" ", text or "").strip()


def read_head(tree: HtmlElement, url: str = "") -> Head:
    """Collect the witnesses of the page at `url`; repeated names are kept in `lists` too."""
    found = _by_tag(tree)
    meta: dict[str, str] = {}
    lists: dict[str, list[str]] = {}
    for element in found["meta"][:MAX_META]:
        value = squeeze((element.get("content") or "")[:MAX_VALUE])
        for attribute in _NAMES if value else ():
            name = (element.get(attribute) or "").strip().lower()
            if name:
                meta.setdefault(name, value)
                lists.setdefault(name, []).append(value)
    title = next((said for e in found["title"] if (said := squeeze(_text(e)))), "")
    canonical = next((e.get("href") or "" for e in found["link"] if _is_canonical(e)), "")
    own = {_path(address) for address in (url, canonical, meta.get("og:url", ""))} - {""}
    outline = tuple(_outline(found["heading"], own))
    return Head(
        meta=meta,
        lists=lists,
        title=title,
        headings=[h.text for h in outline if h.level == 1][:8],
        language=_language(found["root"], meta),
        canonical=canonical,
        outline=outline,
    )


def _by_tag(tree: HtmlElement) -> dict[str, list[HtmlElement]]:
    """The witnesses in document order, found in one walk."""
    found: dict[str, list[HtmlElement]] = {kind: [] for kind in _KINDS.values()}
    for element in tree.iter(*_KINDS):
        found[_KINDS[element.tag]].append(element)
    return found


def _is_canonical(link: HtmlElement) -> bool:
    return "canonical" in (link.get("rel") or "").lower().split()


def _text(element: HtmlElement) -> str:
    return "".join(element.itertext())[:MAX_VALUE]


def _language(elements: Sequence[HtmlElement], meta: dict[str, str]) -> str:
    roots = (e.get("lang") or e.get("xml:lang") or "" for e in elements)
    said = next((value for value in roots if value), "")
    return said or meta.get("content-language", "") or meta.get("og:locale", "")


def _outline(elements: Sequence[HtmlElement], own: set[str]) -> Iterator[Heading]:
    lower = 0
    for element in elements[:MAX_SEEN]:
        above = list(element.iterancestors())
        tags = {e.tag for e in above}
        framed = not tags.isdisjoint(_FRAME)
        # A menu's many h2 and h3 don't take the place of the headline below it.
        if element.tag != "h1" and (framed or lower >= MAX_HEADINGS):
            continue
        lower += element.tag != "h1"
        pieces = list(_pieces(element))
        text = squeeze("".join(pieces)[:MAX_VALUE])
        if not text:
            continue
        parts = tuple(part for part in map(squeeze, pieces) if part)
        yield Heading(
            level=int(element.tag[1]),
            text=text,
            parts=parts if len(parts) > 1 else (),
            framed=framed or _hidden(element, above) or _links(element, above, own),
            inside=not tags.isdisjoint(_STORY),
        )


def _pieces(element: HtmlElement) -> Iterator[str]:
    """Its own text and its children's in order, parted by a blank where they show apart."""
    yield element.text or ""
    for child in element:
        said = _said(child)
        # A single letter in an element of its own is an initial set large.
        apart = " " if child.tag not in _INLINE and len(said.strip()) != 1 else ""
        yield apart + said + apart
        yield child.tail or ""


def _said(element: HtmlElement) -> str:
    if next(element.iter("rt"), None) is None:
        return "".join(element.itertext())
    return "".join(element.xpath(".//text()[not(ancestor::rt or ancestor::rp)]"))


def _hidden(element: HtmlElement, above: list[HtmlElement]) -> bool:
    return any(
        (names and _HIDDEN.search(names)) or (style and _UNSHOWN.search(style))
        for e in (element, *above[:2])
        for names, style in ((e.get("class"), e.get("style")),)
    )


def _links(element: HtmlElement, above: list[HtmlElement], own: set[str]) -> bool:
    """Whether all of a heading is a link to another page, as a teaser's or the site's name is."""
    around = [e.get("href") or "" for e in above if e.tag == "a"]
    if not around:
        links = list(islice(element.iter("a"), 2))
        if len(links) != 1 or squeeze(_text(links[0])) != squeeze(_text(element)):
            return False
        around = [links[0].get("href") or ""]
    return bool(around[0]) and not around[0].startswith("#") and _path(around[0]) not in own


def _path(url: str) -> str:
    try:
        return unquote(urlsplit(url).path).rstrip("/")
    except ValueError:
        return url
