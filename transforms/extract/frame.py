"""The part of a page that says it holds the story, for the extractor to read in the page's place.

trafilatura walks the whole page several times to find that part, and again to clean it. Its first
choice is by names (`names`), which are looked up here once; what it would drop whole is left out.
Where the part names the wrong thing the extractor's text tells, and the page is read (`body`).
"""

from copy import deepcopy

from lxml.etree import strip_elements
from lxml.html import Element, HtmlElement

from transforms.extract.names import CHROME, HOLDERS, is_chrome, ranks_of

RANKS = 5


def holder_named(tree: HtmlElement) -> HtmlElement | None:
    """The first element of the surest rank, outside of chrome; None where nothing names itself."""
    best, found = RANKS, None
    for element in tree.iter(*HOLDERS):
        rank = next(iter(ranks_of(element)), best)
        if rank < best and not is_chrome(element):
            if not any(map(is_chrome, element.iterancestors())):
                best, found = rank, element
            if best == 0:
                break
    return found


def part_of(tree: HtmlElement) -> HtmlElement | None:
    """A page of nothing but the named part, a copy without chrome; None where there is none."""
    holder = holder_named(tree)
    if holder is None:
        return None
    part = deepcopy(holder)
    part.tail = None
    strip_elements(part, *CHROME, with_tail=False)
    page, body = Element("html"), Element("body")
    body.append(part)
    page.append(body)
    return page
