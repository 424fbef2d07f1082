"""Where in the page each line of an extracted text stood: link share, tags above, named roles.

The extractor returns plain lines; whether a line is a teaser, a caption or a share bar is known to
the tree. Lines are found again by their first letters among the elements that can hold a block of
text; a line that is not found (joined or rewritten by the extractor) has no block.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from lxml.html import HtmlElement

HOLDER_SHARE = 0.7
_KEY = 48
_SPACE = re.compile(r"\s+")
_MARKS = re.compile(r"^(?:[-|•]\s*)+")
_BLOCKS = (
    "p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "dd", "dt", "blockquote",
    "figcaption", "div", "section", "article", "pre", "address", "center", "main", "span",
    "summary", "br", "aside", "strong",
)  # fmt: skip
# Tags that may hold text of their own beside the blocks in them.
_LOOSE = frozenset({"div", "section", "article", "main", "center", "td", "aside"})
_INLINE = frozenset({"a", "strong", "em", "b", "i", "span", "font", "br", "u", "time", "small"})
# What class names and ids call a part of the page; words are English whatever the page's language.
_ROLES = {
    "related": r"relat|recommend|recirc|read-?(?:more|next|also)|more-?(?:on|from|stor|news|like)"
    r"|teaser|promo|trending|popular|most-?read|see-?also|similar|inline-?link|outbrain|taboola",
    "prompt": r"newsletter|subscri|sign-?up|cta|call-?to|donat|register|paywall|piano|app-?banner",
    "share": r"share|sharing|social|follow|whatsapp|facebook|twitter|telegram",
    "author": r"author|byline|\bbio\b|biograph|contributor|about-the|writer|credits?\b",
    "caption": r"caption|credit|figure|legend|copyright|photo|gallery|image-?(?:desc|text)",
    "tags": r"\btags?\b|keyword|topics?\b|categor|breadcrumb|label|kicker|rubric",
    "meta": r"\bmeta\b|\bdate|publish|timestamp|posted|reading-?time|read-?time"
    r"|entry-(?:meta|footer)",
    "comment": r"comment|disqus|respond|reply",
    "ad": r"\bads?\b|advert|sponsor|affiliat|commercial|banner|\bdfp\b",
    "note": r"disclaim|footnote|editor-?note|correction|source|licen[cs]e|legal|\bnote",
    "embed": r"embed|tweet|instagram|video|player|youtube|external",
    "hidden": r"hidden|screen-?reader|sr-only|visually|noprint|print-only",
    "nav": r"\bnav|menu|sidebar|side-bar|footer|header|widget|toolbar|\btoc\b|table-of-contents"
    r"|pagination",
    "summary": r"standfirst|summary|subtitle|sub-?head|deck|\bdek\b|excerpt|intro|lead\b|abstract",
    "quote": r"quote",
    "box": r"\bbox|infobox|factbox|fact-?box|\binfo\b|highlight|key-?(?:point|fact|takeaway)"
    r"|callout|\bfaq",
}
_ROLE = re.compile(
    "|".join(f"(?P<{name}>{words})" for name, words in _ROLES.items()), re.IGNORECASE
)
_ABOVE = frozenset(
    {"aside", "footer", "nav", "figure", "figcaption", "form", "header", "button", "table", "ul",
     "ol", "blockquote", "article", "main", "section", "em", "i", "strong", "b", "small", "dl"}
)  # fmt: skip
_LEVELS = 6


class Block(NamedTuple):
    """A place in the page. `link_share` is linked characters by all; `steps` the levels below the
    element that holds most of the text (-1: outside of it); `roles` and `above` nearest first."""

    tag: str
    link_share: float
    links: int
    steps: int
    roles: tuple[str, ...]
    above: tuple[str, ...]
    emphasis: float
    order: int


class Line(NamedTuple):
    """One line of a text and where it stood."""

    text: str
    block: Block | None


def _key(parts: Iterable[object]) -> str:
    """The first letters of a text, without white space and case."""
    head = ""
    for part in parts:
        head += _SPACE.sub("", str(part))
        if len(head) >= _KEY:
            break
    return head[:_KEY].casefold()


def _length(element: HtmlElement) -> int:
    return sum(len(_SPACE.sub("", str(part))) for part in element.itertext())


def _after_break(element: HtmlElement) -> Iterator[object]:
    yield element.tail or ""
    for sibling in element.itersiblings():
        if sibling.tag == "br":
            return
        yield from sibling.itertext()
        yield sibling.tail or ""


def _may_hold(element: HtmlElement) -> bool:
    """Whether an element can be one block of text rather than a holder of blocks."""
    if element.tag in ("span", "strong"):
        parent = element.getparent()
        return parent is not None and parent.tag in _LOOSE
    if element.tag not in _LOOSE or (element.text and not element.text.isspace()):
        return True
    return len(element) > 0 and element[0].tag in _INLINE


def _candidates(tree: HtmlElement, wanted: set[str]) -> dict[str, list[tuple[int, HtmlElement]]]:
    found: dict[str, list[tuple[int, HtmlElement]]] = {}
    first = {key[:1] for key in wanted}
    for order, element in enumerate(tree.iter(*_BLOCKS)):
        if element.tag == "br":
            tail = (element.tail or "").lstrip()
            if tail and tail[:1].casefold()[:1] not in first:
                continue
            key = _key(_after_break(element))
        elif _may_hold(element):
            key = _key(element.itertext())
        else:
            continue
        if key in wanted:
            found.setdefault(key, []).append((order, element))
    return found


def _holder(sized: Sequence[tuple[HtmlElement, int]]) -> HtmlElement | None:
    """The lowest element that holds at least 70 % of the characters of the lines found."""
    total = sum(size for _, size in sized)
    weight: dict[HtmlElement, int] = {}
    for element, size in sized:
        for above in element.iterancestors():
            weight[above] = weight.get(above, 0) + size
    heavy = [element for element, size in weight.items() if size >= HOLDER_SHARE * total]
    # Elements that hold more than half lie on one way down from the root.
    return max(heavy, key=lambda element: sum(1 for _ in element.iterancestors()), default=None)


class _Describer:
    """Says what a place in the page is; remembers the names of elements met before."""

    def __init__(self, holder: HtmlElement | None) -> None:
        self._holder = holder
        self._roles: dict[HtmlElement, tuple[str, ...]] = {}

    def roles(self, element: HtmlElement) -> tuple[str, ...]:
        known = self._roles.get(element)
        if known is None:
            names = " ".join(filter(None, map(element.get, ("class", "id", "role"))))[:300]
            known = tuple(dict.fromkeys(str(m.lastgroup) for m in _ROLE.finditer(names)))
            self._roles[element] = known
        return known

    def describe(self, element: HtmlElement, order: int) -> Block:
        text = _length(element)
        links = list(element.iter("a"))
        linked = sum(map(_length, links))
        strong = sum(map(_length, element.iter("em", "i", "strong", "b")))
        roles: dict[str, None] = dict.fromkeys(self.roles(element))
        above: dict[str, None] = {}
        steps, inside, in_link = 1, False, element.tag == "a"
        for node in element.iterancestors():
            if node is self._holder:
                inside = True
                break
            if steps < _LEVELS:
                if node.tag in _ABOVE:
                    above[str(node.tag)] = None
                in_link = in_link or node.tag == "a"
                roles.update(dict.fromkeys(self.roles(node)))
            steps += 1
        return Block(
            tag=str(element.tag),
            link_share=1.0 if in_link else min(1.0, linked / text) if text else 0.0,
            links=max(len(links), int(in_link)),
            steps=steps if inside else -1,
            roles=tuple(roles),
            above=tuple(above),
            emphasis=min(1.0, strong / text) if text else 0.0,
            order=order,
        )


def place_lines(tree: HtmlElement, lines: Sequence[str]) -> list[Line]:
    """Each line with its block; where several elements fit, the one next in the page's order."""
    keys = [_key([_MARKS.sub("", line).partition(" | ")[0]]) for line in lines]
    found = _candidates(tree, {key for key in keys if key})
    chosen: list[tuple[int, HtmlElement] | None] = []
    last = -1
    for key in keys:
        options = found.get(key, [])
        pick = next((o for o in options if o[0] > last), options[0] if options else None)
        last = max(last, pick[0]) if pick is not None else last
        chosen.append(pick)
    sized = [
        (pick[1], len(line)) for pick, line in zip(chosen, lines, strict=True) if pick is not None
    ]
    describer = _Describer(_holder(sized) if sized else None)
    return [
        Line(line, describer.describe(pick[1], pick[0]) if pick is not None else None)
        for line, pick in zip(lines, chosen, strict=True)
    ]
