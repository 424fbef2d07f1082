"""The date that a page shows its readers.

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
from transforms.extract.dated import ITEMS, MAX_LABEL, Dated, Headline, line_of, search
from transforms.extract.datetext import Locale, has_year, written_days
from transforms.extract.head import squeeze

MAX_LABEL_WORDS = 6
# How many texts above and below the headline its date may stand.
ABOVE, BELOW, PAST_SUBTITLE = 25, 30, 8
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
_FRAME = frozenset({"aside", "nav", "header"})
# Their classes describe the whole page: "right-sidebar", "comments-open".
_WHOLE = frozenset({"body", "html"})


class Shown(NamedTuple):
    """A date of the page: as a machine reads it or as a day, and how much speaks for it.

    modified: it is said to be of a change. framed: it may be the frame's own, such as a clock.
    """

    machine: str
    day: datetime | None
    rank: float
    modified: bool
    framed: bool


def shown_dates(tree: HtmlElement, headline: str, locale: Locale) -> list[Shown]:
    """The dates that the page shows, the one that most speaks for first."""
    title = squash(headline)
    found, titles = search(tree, title, locale)
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


def _before(element: HtmlElement) -> str:
    """The few words in front of an element."""
    for _ in range(2):
        previous, parent = element.getprevious(), element.getparent()
        if previous is not None:
            return (squeeze(previous.tail) or line_of(previous))[-MAX_LABEL:]
        if parent is None or squeeze(parent.text):
            return squeeze(parent.text)[-MAX_LABEL:] if parent is not None else ""
        element = parent
    return ""


def _weigh(
    one: Dated, titles: list[Headline], title: str, locale: Locale, alike: int, only: bool
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
        elif _says_published(label) and not ("link" in signs and _SAYS["alone"].search(label)):
            said.append("says_published")
        elif alike >= MANY and "below" not in signs:
            said.append("listed")
        rank = sum(WEIGHTS[sign] for sign in said) - number / 100 - distance / 2000
        framed = not {"inside", "below", "item"} & set(said)
        yield Shown(machine, day, rank, modified, framed)


def _readings(
    one: Dated, locale: Locale, title: str
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


def _standing(one: Dated, titles: list[Headline]) -> tuple[list[str], int]:
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
    if element.get("itemprop") in ITEMS or element.get("pubdate") is not None:
        signs.append("item")
    if element.tag == "time":
        signs += ["time", "only_time"] if only else ["time"]
    if _PUBLISHED.search(names):
        signs.append("named_published")
    elif _DATE.search(names):
        signs.append("named_date")
    return signs


def _names(elements: list[HtmlElement]) -> str:
    return " ".join(
        f"{e.get('class') or ''} {e.get('id') or ''}" for e in elements if e.tag not in _WHOLE
    )
