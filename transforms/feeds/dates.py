"""Dates of feeds: a strict reader of its own before feedparser's, which is wrong without notice.

RFC 822 with months and weekdays of many languages, RFC 3339 and its loose forms, CJK, epoch
numbers, day first and year first. A date that can't be read, lies before 1995 or more than a day
ahead is None: never a guess, never "now". Month names from CLDR (months.tsv), zones in zones.yaml.
"""

import re
import time
import unicodedata
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

DAY_MS = 86_400_000
EARLIEST_MS = 788_918_400_000  # 1995-01-01
MAX_CHARS = 100

MISSING = "date_missing"
ODD = "date_odd"
ZONE_MISSING = "date_zone_missing"
ZONE_UNCERTAIN = "date_zone_uncertain"
DATE_ONLY = "date_only"

_HERE = Path(__file__)
_ZONES: dict[str, Any] = yaml.safe_load(_HERE.with_name("zones.yaml").read_text(encoding="utf-8"))
_MAX_OFFSET = 14 * 60
_THAI_YEARS = 543

_CLOCK = (
    r"(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,]\d{1,9})?)?"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?)?"
)
_ZONE = (
    r"(?P<zone>Z|(?:[A-Z]{1,5})?\s?[+-]\d{1,2}:?(?:\d{2})?(?:\s?\([^()]{1,40}\))?|\(?[A-Z]{2,5}\)?)"
)
_TIME = rf"(?:(?:\s?[T,@|–—-]\s?|\s|,\s?at\s)\s?{_CLOCK}\s?{_ZONE}?)?"
_WORD = r"[^\s\d,./:()+|-]+"
_WEEKDAY = rf"(?:{_WORD}[.]?(?:\s?,\s?|\s))?(?:{_WORD}\s(?=\d))?"
_ORDINAL = r"(?:st|nd|rd|th|er|º|ª|\.)?"
_SEP = r"[\s/.,-]{1,3}"
_YEAR = r"(?P<y>\d{4}|\d{2})"

_SHAPES = [
    re.compile(pattern + r"\s?", re.IGNORECASE)
    for pattern in (
        # 2024-01-31T10:00:00+01:00, 2024/1/31 10:00
        rf"(?P<y>\d{{4}})(?P<sep>[-/.])\s?(?P<m>\d{{1,2}})(?P=sep)\s?(?P<d>\d{{1,2}})\.?{_TIME}",
        # 20240131T100000Z, 20240131
        r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"
        r"(?:T?(?P<H>\d{2}):?(?P<M>\d{2}):?(?P<S>\d{2})(?P<zone>Z|[+-]\d{2}:?\d{2})?)?",
        # 2024年1月31日 10:00, 2024년 1월 31일
        r"(?P<y>\d{4})\s?[年년]\s?(?P<m>\d{1,2})\s?[月월]\s?(?P<d>\d{1,2})\s?[日일]"
        rf"(?:\s?\(?{_WORD}\)?)?(?:\s?{_CLOCK}\s?{_ZONE}?)?",
        # Wed, 31 Jan 2024 10:00:00 +0100; 31-Jan-24; mercredi 31 janvier 2024
        rf"{_WEEKDAY}(?P<d>\d{{1,2}}){_ORDINAL}(?:{_SEP}|\sde\s|\sof\s)?(?P<b>{_WORD})\.?"
        rf"(?:{_SEP}|\sdel?\s){_YEAR}\s?(?:г\.?|р\.?)?{_TIME}",
        # Wednesday, January 31, 2024 - 10:00
        rf"{_WEEKDAY}(?P<b>{_WORD})\.?\s(?P<d>\d{{1,2}}){_ORDINAL},?\s(?P<y>\d{{4}}){_TIME}",
        # Wed Jan 31 10:00:00 CET 2024
        rf"{_WEEKDAY}(?P<b>{_WORD})\.?\s(?P<d>\d{{1,2}}),?\s{_CLOCK}\s(?:{_ZONE}\s)?(?P<y>\d{{4}})",
        # 31.01.2024 10:00
        rf"{_WEEKDAY}(?P<d>\d{{1,2}})\.\s?(?P<m>\d{{1,2}})\.\s?{_YEAR}{_TIME}",
        # 31/01/2024, 01/31/2024: see _slashed
        rf"{_WEEKDAY}(?P<n1>\d{{1,2}})[/-](?P<n2>\d{{1,2}})[/-](?P<y>\d{{4}}){_TIME}",
    )
]
_EPOCH = re.compile(r"(\d{10})(?:\.\d{1,6})?|(\d{13})")


class Moment(NamedTuple):
    """A date read from a string: UTC ms, and what is uncertain about it ('' for nothing)."""

    at: int
    flag: str = ""


def parse_date(raw: str, language: str = "", country: str = "") -> Moment | None:
    """The moment that `raw` names, or None when it can't be read with certainty.

    `language` (ISO 639-1) and `country` (alpha-2) of the feed decide ambiguous zones and orders.
    """
    text = _ascii_digits(" ".join(raw.split()))
    if not text or len(text) > MAX_CHARS:
        return None
    epoch = _EPOCH.fullmatch(text)
    if epoch:
        return Moment(int(epoch[1]) * 1000 if epoch[1] else int(epoch[2]))
    tongue = language[:2].lower()
    for shape in _SHAPES:
        match = shape.fullmatch(text)
        found = _moment(match.groupdict(), tongue, country.upper()) if match else None
        if found:
            return found
    return None


def sane(at: int | None, now: int) -> bool:
    """Neither before 1995 nor more than a day after `now` (UTC ms)."""
    return at is not None and EARLIEST_MS <= at <= now + DAY_MS


def read_date(
    raw: str, parsed: time.struct_time | None, now: int, language: str = "", country: str = ""
) -> tuple[int | None, str]:
    """(UTC ms or None, flag) of one date field: own reader first, then feedparser's `parsed`.

    feedparser's result counts only when year and day stand in `raw` as it read them.
    """
    if not raw.strip():
        return None, MISSING
    found = parse_date(raw, language, country) or _second_opinion(raw, parsed)
    if found is None or not sane(found.at, now):
        return None, ODD
    return found.at, found.flag


def _second_opinion(raw: str, parsed: time.struct_time | None) -> Moment | None:
    if parsed is None or len(raw) > MAX_CHARS:
        return None
    numbers = [int(number) for number in re.findall(r"\d{1,9}", raw)]
    year, month, day = parsed[:3]
    if year not in numbers or day not in numbers or not 1 <= month <= 12:
        return None
    if month not in numbers and not re.search(r"[^\W\dTZ]{3}", raw):
        return None
    try:
        return Moment(_utc_ms(datetime(*parsed[:6], tzinfo=UTC)), ZONE_UNCERTAIN)
    except (ValueError, OverflowError):
        return None


def _moment(part: dict[str, str | None], language: str, country: str) -> Moment | None:
    day = _day(part, language, country)
    if day is None:
        return None
    if part.get("H") is None:
        return Moment(_utc_ms(day), DATE_ONLY)
    hour, minute, second = (int(part.get(key) or 0) for key in "HMS")
    if part.get("half"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if (part["half"] or "").lower() == "p" else 0)
    try:
        clock = day.replace(hour=hour, minute=minute, second=min(second, 59) if second < 61 else 99)
    except ValueError:
        return None
    offset, flag = _offset(part.get("zone") or "", language, country)
    return Moment(_utc_ms(clock - timedelta(minutes=offset)), flag)


def _day(part: dict[str, str | None], language: str, country: str) -> datetime | None:
    year = int(part["y"] or 0)
    if year < 100:
        year += 1900 if year >= 70 else 2000
    if language == "th" and year > 2400:
        year -= _THAI_YEARS
    month, day = int(part.get("m") or 0), int(part.get("d") or 0)
    if part.get("b"):
        month = _month(part["b"] or "", language)
    if part.get("n1"):
        month, day = _slashed(int(part["n1"] or 0), int(part["n2"] or 0), language, country)
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None


def _slashed(first: int, second: int, language: str, country: str) -> tuple[int, int]:
    """(month, day) of 03/04/2024: certain when one number is over 12 or the country tells."""
    if first > 12 >= second:
        return second, first
    if second > 12 >= first:
        return first, second
    if first == second:
        return first, second
    if country in ("US", "PH"):
        return first, second
    if country or language not in ("", "en"):
        return second, first
    return 0, 0


@lru_cache(maxsize=1)
def _months() -> tuple[dict[str, dict[str, int]], dict[str, int]]:
    """Months by language, and of the names that mean one month in every language."""
    tongues: dict[str, dict[str, int]] = {}
    every: dict[str, set[int]] = {}
    for row in _HERE.with_name("months.tsv").read_text(encoding="utf-8").splitlines():
        if row.startswith("#"):
            continue
        language, *months = row.split("\t")
        names = {name: n for n, field in enumerate(months, 1) for name in field.split("|") if name}
        tongues[language] = names
        for name, number in names.items():
            every.setdefault(name, set()).add(number)
    return tongues, {name: min(found) for name, found in every.items() if len(found) == 1}


def _month(word: str, language: str) -> int:
    """Month number of a name: English, then the feed's language, then any language; 0 if none."""
    name = unicodedata.normalize("NFKC", word).casefold().rstrip(".")
    tongues, every = _months()
    for table in (tongues["en"], tongues.get(language, {}), every):
        if name in table:
            return table[name]
    return 9 if name == "sept" else 0


def _offset(zone: str, language: str, country: str) -> tuple[int, str]:
    """(minutes east of UTC, flag) of a zone as written."""
    text = zone.strip().upper()
    if not text:
        return 0, ZONE_MISSING
    signed = re.search(r"([+-])(\d{1,2}):?(\d{2})?", text)
    if signed:
        minutes = int(signed[2]) * 60 + int(signed[3] or 0)
        if minutes > _MAX_OFFSET or int(signed[3] or 0) > 59:
            return 0, ZONE_UNCERTAIN
        return (-minutes if signed[1] == "-" else minutes), ""
    name = text.strip("()")
    if name in _ZONES["fixed"]:
        return _ZONES["fixed"][name], ""
    table = _ZONES["ambiguous"].get(name)
    if table is None:
        return 0, ZONE_UNCERTAIN
    for key in (country, language):
        if key in table:
            return table[key], ""
    return table["default"], ZONE_UNCERTAIN


def _ascii_digits(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    if plain.isascii():
        return plain
    return "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in plain)


def _utc_ms(moment: datetime) -> int:
    return int(moment.timestamp()) * 1000
