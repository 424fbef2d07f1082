"""The date that a page shows its readers: `<time>`, microdata, or a short dated line.

A page holds many dates: of teasers, comments, events. Signs of each are weighed: where it stands
to the headline, what marks it as a date, what is written before it. The weights were set by hand
on pages with known dates; below `LEAST` the page shows none.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import yaml
from lxml.html import HtmlElement

from transforms.clean.sitename import squash
from transforms.extract.datetext import Locale, has_year, written_days
from transforms.extract.head import squeeze

MAX_ELEMENTS = 20_000
MAX_FOUND = 60
MAX_LINE = 110
MAX_OWN = 400
MAX_PIECES = 16
MAX_LABEL = 40
MAX_LABEL_WORDS = 6
# How many texts above and below the headline its date may stand.
ABOVE, BELOW, PAST_SUBTITLE = 25, 30, 8
MIN_TITLE = 12
# The length of a paragraph of the story: the standfirst may stand between headline and date.
LONG = 140
MAX_LONGS = 1
MANY = 3

LEAST = 1.4
WEIGHTS = {
    "below": 4.0,
    "above": 3.0,
    "item": 3.0,
    "says_published": 2.0,
    "time": 1.5,
    "named_published": 1.5,
    "named_date": 1.0,
    "only_time": 1.0,
    "inside": 0.5,
    "link": -0.5,
    "beside": -1.0,
    "says_modified": -1.5,
    "aside": -1.5,
    "listed": -2.0,
    "elsewhere": -2.5,
}
_WORDS = yaml.safe_load((Path(__file__).parent / "data" / "date_words.yaml").read_text("utf-8"))
_SAYS = {
    kind: re.compile(
        rf"(?<![^\W_])(?:{'|'.join(map(re.escape, words))})" + r"\W*$" * (kind == "alone"),
        re.IGNORECASE,
    )
    for kind, words in _WORDS.items()
}
_PUBLISHED = re.compile(
    r"publi|posted|created|(?:entry|article|post).?date|dateline", re.IGNORECASE
)
_DATE = re.compile(r"date|time|datum|fecha|byline|meta|info", re.IGNORECASE)
_MODIFIED = re.compile(r"modif|updat|edited|aktualis|actualis", re.IGNORECASE)
_APART = re.compile(r"comment|respond|reply|(?<![a-z])event|copyright", re.IGNORECASE)
_TEASER = re.compile(
    r"related|teaser|recommend|sidebar|latest|trending|popular|calendar|archive"
    r"|(?<!elementor-)widget(?!_|-container)",
    re.IGNORECASE,
)
_ITEMS = frozenset({"datePublished", "dateCreated"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_FRAME = frozenset({"aside", "nav", "header"})
_UNREAD = frozenset({"title", "option", "style", "script"})
_WHOLE = frozenset({"body", "article", "main", "html"})


class Shown(NamedTuple):
    """A date of the page: as a machine reads it or as a day, and how much speaks for it.

    modified: it is said to be of a change. framed: it may be the frame's own, such as a clock.
    """

    machine: str
    day: datetime | None
    rank: float
    modified: bool
    framed: bool


class _Found(NamedTuple):
    """Where a date stands: the number of texts, headings and long texts before it."""

    element: HtmlElement
    place: int
    headings: int
    longs: int
    machine: str
    line: str


class _Title(NamedTuple):
    place: int
    headings: int
    longs: int


def shown_dates(tree: HtmlElement, headline: str, locale: Locale) -> list[Shown]:
    """The dates that the page shows, the one that most speaks for first."""
    title = squash(headline)
    found, titles = _search(tree, title, locale)
    alike = Counter(_kind(one.element) for one in found)
    times = {one.machine[:10] for one in found if one.element.tag == "time"}
    out = [
        shown
        for one in found
        for shown in _weigh(one, titles, title, locale, alike[_kind(one.element)], len(times) == 1)
    ]
    return sorted((s for s in out if s.rank >= LEAST), key=lambda shown: -shown.rank)


def _kind(element: HtmlElement) -> tuple[str, str, str]:
    parent = element.getparent()
    above = "" if parent is None else parent.get("class") or ""
    return str(element.tag), element.get("class") or "", above


def _search(tree: HtmlElement, title: str, locale: Locale) -> tuple[list[_Found], list[_Title]]:
    """Every element that holds a date, and every place where the headline stands."""
    place = headings = longs = 0
    found: list[_Found] = []
    titles: list[_Title] = []
    taken: set[HtmlElement] = set()
    longest = min(MAX_OWN, 2 * len(title) + MAX_LABEL)
    for element in islice(tree.iter(), MAX_ELEMENTS):
        if not isinstance(element.tag, str) or element.tag in _UNREAD or len(found) >= MAX_FOUND:
            continue
        own = element.text
        if own and not own.isspace():
            place += 1
            longs += len(own) > LONG
            if title and len(title) <= len(own) <= longest and squash(own) == title:
                titles.append(_Title(place, headings, longs))
        if element.tag in _HEADINGS and (said := squash(line := _line(element))):
            dated = next(written_days(line[:MAX_LINE], locale), None)
            headings += dated is None
            if dated is None and _same(said, title):
                titles.append(_Title(place, headings, longs))
        for holder, machine, text in _dated(element, taken, locale):
            taken.update(holder.iter())
            found.append(_Found(holder, place, headings, longs, machine, text))
    return found, titles


def _same(said: str, title: str) -> bool:
    short, long = sorted((said, title), key=len)
    return said == title or (len(short) > MIN_TITLE and short in long)


def _dated(
    element: HtmlElement, taken: set[HtmlElement], locale: Locale
) -> Iterator[tuple[HtmlElement, str, str]]:
    """(element, machine-readable value, line) of the dates that begin at this element."""
    machine = element.get("datetime") or ""
    if not machine and element.get("itemprop") in _ITEMS:
        machine = element.get("content") or ""
    if element.tag == "time" or machine:
        if element not in taken:
            yield element, machine, _line(element)[:MAX_LINE]
        return
    if _holds_year(element.text) and (holder := _holder(element, taken, locale)) is not None:
        yield holder, "", _line(holder)
    if _holds_year(element.tail) and (above := element.getparent()) is not None:
        holder = _holder(above, taken, locale)
        if holder is not None:
            yield holder, "", _line(holder)


def _holds_year(text: str | None) -> bool:
    return bool(text) and len(text or "") <= MAX_OWN and has_year(text or "")


def _holder(element: HtmlElement, taken: set[HtmlElement], locale: Locale) -> HtmlElement | None:
    """The smallest element around a year that holds a full date in a short line, if new."""
    for _ in range(3):
        line = _line(element)
        if len(line) > MAX_LINE:
            return None
        if next(written_days(line, locale), None) is not None:
            return None if element in taken or element.find(".//time") is not None else element
        parent = element.getparent()
        if parent is None or parent.tag in _WHOLE:
            return None
        element = parent
    return None


def _line(element: HtmlElement) -> str:
    return squeeze(" ".join(str(t) for t in islice(element.itertext(), MAX_PIECES)))


def _before(element: HtmlElement) -> str:
    """The few words in front of an element."""
    for _ in range(2):
        previous, parent = element.getprevious(), element.getparent()
        if previous is not None:
            return (squeeze(previous.tail) or _line(previous))[-MAX_LABEL:]
        if parent is None or squeeze(parent.text):
            return squeeze(parent.text)[-MAX_LABEL:] if parent is not None else ""
        element = parent
    return ""


def _weigh(
    one: _Found, titles: list[_Title], title: str, locale: Locale, alike: int, only: bool
) -> Iterator[Shown]:
    above = list(islice(one.element.iterancestors(), 14))
    tags = {str(e.tag) for e in above}
    if "footer" in tags and "article" not in tags:
        return
    signs, distance = _standing(one, titles)
    around = _names([one.element, *above[:10]])
    if _APART.search(around):
        signs.append("elsewhere")
    elif _TEASER.search(around):
        signs.append("beside" if signs else "elsewhere")
    signs += _marks(one.element, _names([one.element, *above[:3]]), only)
    signs += ["inside"] if tags & {"article", "main"} else []
    signs += (
        ["aside"] if tags & _FRAME and (tags & {"aside", "nav"} or "inside" not in signs) else []
    )
    signs += ["link"] if "a" in {one.element.tag, *(e.tag for e in above[:2])} else []
    changed = bool(_MODIFIED.search(_names([one.element])))
    for number, (machine, day, label) in enumerate(_readings(one, locale, title)):
        if label is None or _SAYS["other"].search(label):
            continue
        said = list(signs)
        modified = changed or bool(_SAYS["modified"].search(label))
        if modified:
            said.append("says_modified")
        elif _says_published(label):
            said.append("says_published")
        elif alike >= MANY and "below" not in signs:
            said.append("listed")
        rank = sum(WEIGHTS[sign] for sign in said) - number / 100 - distance / 2000
        framed = not {"inside", "below", "item"} & set(said)
        yield Shown(machine, day, rank, modified, framed)


def _readings(
    one: _Found, locale: Locale, title: str
) -> Iterator[tuple[str, datetime | None, str | None]]:
    """(machine-readable value, day, label) of an element's dates; None for a label of prose."""
    before = _unless(_before(one.element), title)
    if one.machine:
        yield one.machine, None, before
        return
    for number, written in enumerate(written_days(one.line, locale)):
        label = _unless(written.label, title)
        prose = len(label.split()) > MAX_LABEL_WORDS and not _says_published(label)
        yield "", written.day, None if prose else label[-MAX_LABEL:] or (before * (not number))


def _says_published(label: str) -> bool:
    return any(_SAYS[kind].search(label) for kind in ("published", "alone"))


def _unless(label: str, title: str) -> str:
    """`label`, nothing when it is of the headline or holds a date of its own."""
    plain = squash(label)
    foreign = has_year(label) or (title and (plain in title or title in plain))
    return "" if foreign else label


def _standing(one: _Found, titles: list[_Title]) -> tuple[list[str], int]:
    """Whether a date stands next to the headline, and how many texts lie between."""
    best: tuple[float, int, str] | None = None
    for title in titles:
        far = one.place - title.place
        passed = one.headings - title.headings
        if abs(one.longs - title.longs) > MAX_LONGS:
            continue
        if 0 <= far <= BELOW and (passed == 0 or (passed == 1 and far <= PAST_SUBTITLE)):
            sign = "below"
        elif -ABOVE <= far < 0 and passed >= -1:
            sign = "above"
        else:
            continue
        standing = (WEIGHTS[sign], -abs(far), sign)
        best = max(best or standing, standing)
    return ([best[2]], -best[1]) if best else ([], 40)


def _marks(element: HtmlElement, names: str, only: bool) -> list[str]:
    signs = []
    if element.get("itemprop") in _ITEMS or element.get("pubdate") is not None:
        signs.append("item")
    if element.tag == "time":
        signs += ["time", "only_time"] if only else ["time"]
    if _PUBLISHED.search(names):
        signs.append("named_published")
    elif _DATE.search(names):
        signs.append("named_date")
    return signs


def _names(elements: list[HtmlElement]) -> str:
    return " ".join(f"{e.get('class') or ''} {e.get('id') or ''}" for e in elements)
