"""Where a page holds dates and its headline: `<time>`, microdata, or a short dated line."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from lxml.html import HtmlElement

from transforms.clean.sitename import squash
from transforms.extract.datetext import DIGIT, Locale, has_year, written_days
from transforms.extract.head import squeeze

MAX_ELEMENTS = 20_000
MAX_FOUND = 60
MAX_LINE = 110
MAX_OWN = 400
MAX_PIECES = 16
MAX_LABEL = 40
MIN_TITLE = 12
# The length of a paragraph of the story: the standfirst may stand between headline and date.
LONG = 140
ITEMS = frozenset({"datePublished", "dateCreated"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_UNREAD = frozenset({"title", "option", "style", "script"})
_WHOLE = frozenset({"body", "article", "main", "html"})


class Dated(NamedTuple):
    """Where a date stands: the number of texts, headings and long texts before it."""

    element: HtmlElement
    place: int
    headings: int
    longs: int
    machine: str
    line: str


class Headline(NamedTuple):
    """Where the headline stands, counted as for `Dated`."""

    place: int
    headings: int
    longs: int


def search(tree: HtmlElement, title: str, locale: Locale) -> tuple[list[Dated], list[Headline]]:
    """Every element that holds a date, and every place where the headline stands."""
    place = headings = longs = 0
    found: list[Dated] = []
    titles: list[Headline] = []
    taken: set[HtmlElement] = set()
    longest = min(MAX_OWN, 2 * len(title) + MAX_LABEL)
    for element in islice(tree.iter("*"), MAX_ELEMENTS):
        tag, own = element.tag, element.text
        if tag in _UNREAD or len(found) >= MAX_FOUND:
            continue
        if own and not own.isspace():
            place += 1
            longs += len(own) > LONG
            if title and len(title) <= len(own) <= longest and squash(own) == title:
                titles.append(Headline(place, headings, longs))
        if tag in _HEADINGS and (said := squash(line := line_of(element))):
            dated = next(written_days(line[:MAX_LINE], locale), None)
            headings += dated is None
            if dated is None and _same(said, title):
                titles.append(Headline(place, headings, longs))
        if tag != "time" and not _may_date(element, own):
            continue
        for holder, machine, text in _dated(element, taken, locale):
            taken.update(holder.iter())
            found.append(Dated(holder, place, headings, longs, machine, text))
    return found, titles


def _may_date(element: HtmlElement, own: str | None) -> bool:
    """Whether an element can hold a date at all: the plain look spares most the dear one."""
    tail = element.tail
    if (own and DIGIT.search(own)) or (tail and DIGIT.search(tail)):
        return True
    return element.get("itemprop") in ITEMS or bool(element.get("datetime"))


def _same(said: str, title: str) -> bool:
    short, long = sorted((said, title), key=len)
    return said == title or (len(short) > MIN_TITLE and short in long)


def _dated(
    element: HtmlElement, taken: set[HtmlElement], locale: Locale
) -> Iterator[tuple[HtmlElement, str, str]]:
    """(element, machine-readable value, line) of the dates that begin at this element."""
    machine = element.get("datetime") or ""
    if not machine and element.get("itemprop") in ITEMS:
        machine = element.get("content") or ""
    if element.tag == "time" or machine:
        if element not in taken:
            yield element, machine, line_of(element)[:MAX_LINE]
        return
    if _holds_year(element.text) and (holder := _holder(element, taken, locale)) is not None:
        yield holder, "", line_of(holder)
    if _holds_year(element.tail) and (above := element.getparent()) is not None:
        holder = _holder(above, taken, locale)
        if holder is not None:
            yield holder, "", line_of(holder)


def _holds_year(text: str | None) -> bool:
    return bool(text) and len(text or "") <= MAX_OWN and has_year(text or "")


def _holder(element: HtmlElement, taken: set[HtmlElement], locale: Locale) -> HtmlElement | None:
    """The smallest element around a year that holds a full date in a short line, if new."""
    for _ in range(3):
        line = line_of(element)
        if len(line) > MAX_LINE:
            return None
        if next(written_days(line, locale), None) is not None:
            return None if element in taken or element.find(".//time") is not None else element
        parent = element.getparent()
        if parent is None or parent.tag in _WHOLE:
            return None
        element = parent
    return None


def line_of(element: HtmlElement) -> str:
    """The text of an element in one line."""
    return squeeze(" ".join(str(t) for t in islice(element.itertext(), MAX_PIECES)))
