"""When a story was published: witnesses of the page, ranked, each with its source.

A date is null rather than a guess: one before 1995 or more than a day after the page was fetched is
refused, and one found only in running text is not looked for. Where no field names one, htmldate
(a part of trafilatura) looks through the elements marked as dates; the source is then `marked`.
Zones are kept until the instant is computed. Standards: ISO 8601 / RFC 3339 as schema.org and
OpenGraph write them, RFC 2822.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from html import escape
from itertools import islice
from typing import NamedTuple

from htmldate import find_date
from lxml.html import HtmlElement, fromstring

from transforms.extract.head import Head, squeeze
from transforms.extract.linkeddata import Story

FIRST_YEAR = 1995
FUTURE = timedelta(days=1)
LAST_DAY = "2099-12-31"
MAX_MARKED = 4
MAX_MARKED_CHARS = 80

_PUBLISHED_META = (
    "article:published_time",
    "article:published",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.date",
    "dcterms.date",
    "dc.date.publication",
    "publishdate",
    "publish-date",
    "publish_date",
    "published_time",
    "pubdate",
    "pub_date",
    "date",
    "article.published",
    "published-date",
    "publication_date",
    "citation_publication_date",
    "datecreated",
    "timestamp",
    "last-modified-date",
    "cxenseparse:recs:publishtime",
    "cxense:recs:publishtime",
    "rnews:datepublished",
    "iptc:date",
)
_MODIFIED_META = ("article:modified_time", "og:updated_time", "datemodified", "lastmod", "revised")
_ISO = re.compile(
    r"(?P<y>\d{4})-?(?P<m>\d{2})-?(?P<d>\d{2})"
    r"(?:[T\s]+(?P<H>\d{1,2}):?(?P<M>\d{2})(?::?(?P<S>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<z>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?"
)
_YMD = re.compile(r"(?<!\d)(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?!\d)")
_DMY = re.compile(r"(?<!\d)(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
_URL_DATE = re.compile(
    r"(?<![\d])(?P<y>(?:199[5-9]|20\d\d))[/_-](?P<m>0?[1-9]|1[0-2])[/_-](?P<d>0?[1-9]|[12]\d|3[01])"
    r"(?![\d])|(?<!\d)(?P<Y>20\d\d)(?P<N>0[1-9]|1[0-2])(?P<D>0[1-9]|[12]\d|3[01])(?!\d)"
)
_PUBLISHED_CLASS = re.compile(r"publi|posted|created|entry-date|dateline|article.?date", re.I)
_MODIFIED_CLASS = re.compile(r"modif|updat|edited|aktualis|actualis", re.I)
_DATE_CLASS = re.compile(r"date|time|publi|posted|datum|fecha|byline|meta|info", re.I)
_DAY_AND_YEAR = re.compile(r"\b\d{1,2}\b.*\b(?:19|20)\d\d\b|\b(?:19|20)\d\d\b.*\b\d{1,2}\b")
_CHROME = frozenset({"aside", "nav", "footer"})


class Moment(NamedTuple):
    """An instant (UTC ms), as ISO 8601 in the zone the source gave, and which source it was."""

    at: int
    iso: str
    source: str


def parse_moment(text: str, source: str) -> Moment | None:
    """A date of a machine-readable field; a day without time is midnight UTC."""
    text = squeeze(text)[:80]
    if not text:
        return None
    if _EPOCH.fullmatch(text):
        seconds = int(text) / (1000 if len(text) == 13 else 1)
        return _moment(datetime.fromtimestamp(seconds, UTC), True, source)
    found = _ISO.match(text)
    if found:
        return _from_iso(found, source)
    for pattern, order in ((_YMD, (1, 2, 3)), (_DMY, (3, 2, 1))):
        if match := pattern.search(text):
            year, month, day = (int(match.group(n)) for n in order)
            return _day(year, month, day, source)
    try:
        return _moment(parsedate_to_datetime(text), True, source)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _from_iso(found: re.Match[str], source: str) -> Moment | None:
    year, month, day = (int(found[name]) for name in ("y", "m", "d"))
    if found["H"] is None:
        return _day(year, month, day, source)
    try:
        when = datetime(
            year,
            month,
            day,
            int(found["H"]),
            int(found["M"]),
            int(found["S"] or 0) % 60,
            tzinfo=_zone(found["z"]),
        )
    except ValueError:
        return _day(year, month, day, source)
    return _moment(when, True, source)


def _zone(text: str | None) -> timezone:
    if not text or not text[1:2].isdigit():
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)


def _day(year: int, month: int, day: int, source: str) -> Moment | None:
    try:
        return _moment(datetime(year, month, day, tzinfo=UTC), False, source)
    except ValueError:
        return None


def _moment(when: datetime, timed: bool, source: str) -> Moment | None:
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    try:
        at = int(when.timestamp() * 1000)
    except (OverflowError, ValueError):
        return None
    return Moment(at, when.isoformat() if timed else when.date().isoformat(), source)


def url_moment(url: str) -> Moment | None:
    """The day that the address of the page names."""
    found = _URL_DATE.search(url)
    if not found:
        return None
    parts = [found[a] or found[b] for a, b in (("y", "Y"), ("m", "N"), ("d", "D"))]
    return _day(int(parts[0]), int(parts[1]), int(parts[2]), "url")


def _times(tree: HtmlElement) -> Iterator[Moment]:
    """`<time>` elements and microdata outside the page's chrome, "published" first."""
    ranked: list[tuple[int, int, Moment]] = []
    for number, element in enumerate(tree.iter("time", "abbr", "span", "meta")):
        value = element.get("datetime") or (
            element.get("content") or element.get("title") if element.tag != "time" else None
        )
        if element.tag != "time" and (element.get("itemprop") or "") != "datePublished":
            continue
        if number > 20_000:
            break
        if any(a.tag in _CHROME for a in element.iterancestors()):
            continue
        said = parse_moment(value or squeeze("".join(element.itertext())), "time")
        if said:
            ranked.append((_time_rank(element), len(ranked), said))
    yield from (said for _, _, said in sorted(ranked, key=lambda item: item[:2]))


def _time_rank(element: HtmlElement) -> int:
    parent = element.getparent()
    names = " ".join(
        (e.get("class") or "") + " " + (e.get("itemprop") or "")
        for e in (element, parent)
        if e is not None
    )
    if _MODIFIED_CLASS.search(names):
        return 2
    if element.get("pubdate") is not None or _PUBLISHED_CLASS.search(names):
        return 0
    return 1


def iso_of(at: int) -> str:
    """An instant as ISO 8601 in UTC."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)).isoformat()


def sane(moment: Moment | None, fetched_at: int) -> bool:
    """Whether a date can be a news story's: from 1995 to a day after the page was fetched."""
    if moment is None:
        return False
    first = int(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC).timestamp() * 1000)
    last = fetched_at + int(FUTURE.total_seconds() * 1000) if fetched_at else 1 << 62
    return first <= moment.at <= last


def published(
    tree: HtmlElement, head: Head, story: Story, url: str, fetched_at: int
) -> Moment | None:
    """The best witness of the page: JSON-LD, meta, `<time>`, its URL, elements marked as dates."""
    candidates = [parse_moment(story.published, "json-ld")]
    candidates += [parse_moment(head.meta.get(n, ""), "meta") for n in _PUBLISHED_META]
    for candidate in candidates:
        if sane(candidate, fetched_at):
            return candidate
    named = url_moment(url)
    for candidate in _times(tree):
        if sane(candidate, fetched_at):
            return candidate
    return named if sane(named, fetched_at) else _marked(tree, fetched_at)


def _marked(tree: HtmlElement, fetched_at: int) -> Moment | None:
    # Without a last day of its own htmldate asks the clock.
    last = iso_of(fetched_at)[:10] if fetched_at else LAST_DAY
    first = f"{FIRST_YEAR}-01-01"
    for text in islice(_marked_texts(tree), MAX_MARKED):
        small = fromstring(f"<html><body><time>{escape(text)}</time></body></html>")
        said = find_date(small, original_date=True, min_date=first, max_date=last)
        found = parse_moment(said, "marked") if said else None
        if sane(found, fetched_at):
            return found
    return None


def _marked_texts(tree: HtmlElement) -> Iterator[str]:
    """Short texts of elements whose class or id calls them a date, outside the page's chrome."""
    for element in tree.iter("span", "div", "p", "small", "li", "time", "td", "em", "strong"):
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        if not _DATE_CLASS.search(names) or _MODIFIED_CLASS.search(names):
            continue
        text = squeeze("".join(islice((str(t) for t in element.itertext()), 12)))
        dated = len(text) <= MAX_MARKED_CHARS and _DAY_AND_YEAR.search(text)
        if dated and not any(a.tag in _CHROME for a in element.iterancestors()):
            yield text


def modified(head: Head, story: Story, fetched_at: int) -> Moment | None:
    """When the page says it was last changed."""
    candidates = [parse_moment(story.modified, "json-ld")]
    candidates += [parse_moment(head.meta.get(n, ""), "meta") for n in _MODIFIED_META]
    return next((c for c in candidates if sane(c, fetched_at)), None)
