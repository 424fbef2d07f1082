"""The story's frame: the element that says it holds the story, and which blocks in it are told.

What trafilatura's fast path does (A. Barbaresi, ACL 2021), on the page's blocks and with each
element's names looked up once, at a tenth of the cost: the first element of the surest rank that
holds a text; without what tags and names call chrome, unless that is nearly all; without lists,
boxes and paragraphs that are mostly links. What it can't do is left to trafilatura (`body`).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from lxml.html import HtmlElement

from transforms.extract.blocks import Block
from transforms.extract.names import DISCARDED, GONE, HOLDERS, TEASER, marks_of, ranks_of

RANKS = 5
MIN_TOLD = 2
LEFT_SHARE = 1 / 7  # of the text must be left when chrome is taken out
LITTLE = 750  # characters in paragraphs: with fewer the text may stand in plain boxes
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TEXT = _HEADINGS | {
    *("p", "li", "dt", "dd", "blockquote", "pre", "td", "th", "q", "summary", "address", "hgroup"),
    "caption",
}
_ITEMS = frozenset({"li", "td", "th", "dd", "dt"})
_DENSE = frozenset({"div", "p", "ul", "ol", "dl"})
_OUTSIDE = -1


def tell(tree: HtmlElement, blocks: Sequence[Block]) -> list[bool] | None:
    """Which blocks are told, by the element that says it holds them; None where none does."""
    gone = _remembered(_is_chrome(tree, blocks), _either, start=0)
    holders: dict[int, HtmlElement] = {}
    for element in tree.iter(*HOLDERS):
        ranks = [rank for rank in ranks_of(element) if rank not in holders]
        if ranks and not gone(element):
            holders.update(dict.fromkeys(ranks, element))
    kept = [n for n, block in enumerate(blocks) if not gone(block.element)]
    for rank in range(RANKS):
        if (holder := holders.get(rank)) is not None:
            told = _told(holder, blocks, kept)
            if len(told) >= MIN_TOLD:
                return [n in told for n in range(len(blocks))]
    return None


def _either(above: int, own: int) -> int:
    return above | own


def _remembered(
    own: Callable[[HtmlElement], int],
    joined: Callable[[int, int], int],
    start: int,
    top: HtmlElement | None = None,
) -> Callable[[HtmlElement], int]:
    """A value that an element has from all above it, down from `top` (0 there) or the root
    (`start`); asked for once an element."""
    known: dict[HtmlElement | None, int] = {None: start}
    if top is not None:
        known[top] = 0

    def value(element: HtmlElement) -> int:
        way: list[HtmlElement] = []
        at: HtmlElement | None = element
        while at not in known:
            assert at is not None
            way.append(at)
            at = at.getparent()
        found = known[at]
        for below in reversed(way):
            found = known[below] = joined(found, own(below))
        return found

    return value


def _is_chrome(tree: HtmlElement, blocks: Sequence[Block]) -> Callable[[HtmlElement], int]:
    held: Counter[HtmlElement] = Counter()
    if next(tree.iter("form"), None) is not None:
        for block in blocks:
            for form in block.element.iterancestors("form"):
                held[form] += len(block.text)
    half = sum(len(block.text) for block in blocks) / 2

    def own(element: HtmlElement) -> int:
        if element.tag == "figure":
            return int(element.find(".//table") is None)
        # A form around the page's text is how some sites build their pages.
        return int(
            bool(marks_of(element) & GONE) or (element.tag == "form" and held[element] <= half)
        )

    return own


def _told(top: HtmlElement, blocks: Sequence[Block], kept: Sequence[int]) -> set[int]:
    marks = _remembered(
        marks_of, lambda above, own: above if above < 0 else above | own, start=_OUTSIDE, top=top
    )
    inside = {n: found for n in kept if (found := marks(blocks[n].element)) >= 0}
    left = [n for n, found in inside.items() if not found & DISCARDED]
    if _chars(blocks, left) <= LEFT_SHARE * _chars(blocks, inside):
        left = list(inside)
    left = [n for n in left if not inside[n] & TEASER]
    left = _without_links(top, blocks, left)
    plain = _chars(blocks, (n for n in left if blocks[n].element.tag == "p")) < LITTLE
    lines = Counter(blocks[n].element for n in left)
    told = []
    for n in left:
        tag = blocks[n].element.tag
        broken = lines[blocks[n].element] > 1 and tag != "figcaption"
        if tag in _TEXT or (tag == "div" and plain) or broken:
            told.append(n)
    while told and _is_heading(blocks[told[-1]].element):
        told.pop()
    return set(told)


def _chars(blocks: Sequence[Block], numbers: Iterable[int]) -> int:
    return sum(len(blocks[n].text) for n in numbers)


def _is_heading(element: HtmlElement) -> bool:
    parent = element.getparent()
    return element.tag in _HEADINGS and (parent is None or parent.tag != "li")


def _without_links(top: HtmlElement, blocks: Sequence[Block], left: Sequence[int]) -> list[int]:
    """The blocks that stand in no list, box or paragraph of links."""
    text: Counter[HtmlElement] = Counter()
    linked: Counter[HtmlElement] = Counter()
    links: Counter[HtmlElement] = Counter()
    above: dict[HtmlElement, list[HtmlElement]] = {}
    for n in left:
        block = blocks[n]
        way = above.get(block.element)
        if way is None:
            way = above[block.element] = _up_to(top, block.element)
        for element in way:
            text[element] += len(block.text)
            if block.links:
                linked[element] += round(block.link_share * len(block.text))
                links[element] += block.links
    dense = {e for e, count in links.items() if _is_links(e, text[e], linked[e], count)}
    return [n for n in left if dense.isdisjoint(above[blocks[n].element])]


def _up_to(top: HtmlElement, element: HtmlElement) -> list[HtmlElement]:
    way = []
    at: HtmlElement | None = element
    while at is not None and at is not top:
        if at.tag in _DENSE:
            way.append(at)
        at = at.getparent()
    return way


def _is_links(element: HtmlElement, text: int, linked: int, links: int) -> bool:
    """Whether a list, box or paragraph is there for its links."""
    parent, last = element.getparent(), element.getnext() is None
    if element.tag == "p":
        if parent is not None and parent.tag in _ITEMS:
            return False
        short = 60 if last else 30
    else:
        short = 300 if last else 100
    if links == 1 and linked > 100 and linked > 0.9 * text:
        return True
    if text < short:
        few = element.tag == "div" and len(element) >= 3 and text < 100
        return linked > 0.8 * text or (links > 1 and linked < 10 * links) or few
    return links > 4 and linked > 0.9 * text and linked < 100 * links
