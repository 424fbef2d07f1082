"""Dates as pages write them for machines: ISO 8601, RFC 2822, seconds since 1970, an address.

The zone is kept beside the instant.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from transforms.extract.datetext import Locale
from transforms.extract.head import squeeze
from transforms.feeds.dates import DATE_ONLY, parse_date

FIRST_YEAR = 1995
FUTURE = timedelta(days=1)
_ISO = re.compile(
    r"(?P<y>\d{4})-?(?P<m>\d{2})-?(?P<d>\d{2})"
    r"(?:[T\s]+(?P<H>\d{1,2}):?(?P<M>\d{2})(?::?(?P<S>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<z>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?"
)
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
_URL_DATE = re.compile(
    r"(?<![\d])(?P<y>(?:199[5-9]|20\d\d))[/_-](?P<m>0?[1-9]|1[0-2])[/_-](?P<d>0?[1-9]|[12]\d|3[01])"
    r"(?![\d])|(?<!\d)(?P<Y>20\d\d)(?P<N>0[1-9]|1[0-2])(?P<D>0[1-9]|[12]\d|3[01])(?!\d)"
)
_URL_DATE = re.compile(
    r"(?<![\d])(?P<y>(?:199[5-9]|20\d\d))[/_-](?P<m>0?[1-9]|1[0-2])[/_-](?P<d>0?[1-9]|[12]\d|3[01])"
    r"(?![\d])|(?<!\d)(?P<Y>20\d\d)(?P<N>0[1-9]|1[0-2])(?P<D>0[1-9]|[12]\d|3[01])(?!\d)"
)


class Moment(NamedTuple):
    """An instant (UTC ms), as ISO 8601 in the zone the source gave, and which source it was."""

    at: int
    iso: str
    source: str


def parse_moment(text: str, source: str, locale: Locale | None = None) -> Moment | None:
    """A date of a machine-readable field; a day without time is midnight UTC.

    `locale` decides which number of 03/04/2024 is the month; without it such a date is none.
    """
    text = squeeze(text)[:80]
    if not text:
        return None
    if _EPOCH.fullmatch(text):
        seconds = int(text) / (1000 if len(text) == 13 else 1)
        return _moment(datetime.fromtimestamp(seconds, UTC), True, source)
    found = _ISO.match(text)
    if found:
        return _from_iso(found, source)
    try:
        return _moment(parsedate_to_datetime(text), True, source)
    except (ValueError, TypeError, IndexError, OverflowError):
        return _written(text, source, locale or Locale())


def _written(text: str, source: str, locale: Locale) -> Moment | None:
    read = parse_date(text, locale.language, locale.country)
    if read is None:
        return None
    when = datetime.fromtimestamp(read.at / 1000, UTC)
    return _moment(when, read.flag != DATE_ONLY, source)


def _from_iso(found: re.Match[str], source: str) -> Moment | None:
    year, month, day = (int(found[name]) for name in ("y", "m", "d"))
    if found["H"] is None:
        return moment_of_day(year, month, day, source)
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
        return moment_of_day(year, month, day, source)
    return _moment(when, True, source)


def _zone(text: str | None) -> timezone:
    if not text or not text[1:2].isdigit():
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)


def moment_of_day(year: int, month: int, day: int, source: str) -> Moment | None:
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
    return moment_of_day(int(parts[0]), int(parts[1]), int(parts[2]), "url")


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
