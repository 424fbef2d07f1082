"""The part of a page that says it holds the story, for the extractor to read in the page's place.

trafilatura walks the whole page several times to find that part, and again to clean it. Its first
choice is by names (`names`), which are looked up here once; what it would drop whole is left out.
Where the part names the wrong thing the extractor's text tells, and the page is read (`body`).
"""

from collections import Counter
from collections.abc import Sequence
from copy import deepcopy

from lxml.etree import strip_elements
from lxml.html import Element, HtmlElement

from transforms.extract.blocks import Block
from transforms.extract.names import CHROME, HOLDERS, is_chrome, ranks_of

RANKS = 5
LEAST_SHARE = 0.35


def holders_named(tree: HtmlElement) -> list[HtmlElement]:
    """The first element of each rank, outside of chrome; the surest first."""
    found: dict[int, HtmlElement] = {}
    for element in tree.iter(*HOLDERS):
        ranks = [rank for rank in ranks_of(element) if rank not in found]
        if ranks and not is_chrome(element) and not any(map(is_chrome, element.iterancestors())):
            found.update(dict.fromkeys(ranks, element))
            if len(found) == RANKS:
                break
    return [found[rank] for rank in sorted(found)]


def part_of(tree: HtmlElement, paragraphs: Sequence[Block]) -> HtmlElement | None:
    """A page of nothing but the surest part that holds a good share of the paragraphs, a copy
    without chrome; None where there is none."""
    holders = holders_named(tree)
    held: Counter[HtmlElement] = Counter()
    for block in paragraphs:
        for element in (block.element, *block.element.iterancestors(*HOLDERS)):
            held[element] += len(block.text)
    least = LEAST_SHARE * sum(len(block.text) for block in paragraphs)
    holder = next((element for element in holders if held[element] > least), None)
    if holder is None:
        return None
    part = deepcopy(holder)
    part.tail = None
    strip_elements(part, *CHROME, with_tail=False)
    page, body = Element("html"), Element("body")
    body.append(part)
    page.append(body)
    return page
