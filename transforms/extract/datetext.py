"""Dates written for people: found in a short text, read as the feeds' dates of many languages."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import yaml

from transforms.feeds.dates import parse_date

_LISTED = yaml.safe_load(
    (Path(__file__).parent / "data" / "month_names.yaml").read_text(encoding="utf-8")
)
_MONTHS = {name: number for number, names in _LISTED.items() for name in names}
# A word that may hold vowel signs, dots within in Thailand, two words in the Levant.
_NAME = (
    r"(?:[^\W\d_][^\s\d,،.:/()+|_–—-]{1,14}"
    r"|[\u0e00-\u0e7f]{1,4}\.\s?[\u0e00-\u0e7f]{1,2}|(?:كانون|تشرين)\s\w+)"
)
_FULL = re.compile(
    r"(?<![\d/.-])(?:"
    r"\d{4}[-/.]\s?\d{1,2}[-/.]\s?\d{1,2}"
    r"|\d{1,2}([./-])\s?\d{1,2}\1\s?\d{4}"
    r"|\d{1,2}\.\s?\d{1,2}\.\s?\d{2}(?![\d.])"
    r"|\d{4}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]"
    r"|(?P<d1>\d{1,2})\s+tháng\s+(?P<m1>\d{1,2})(?:,|\s+năm)?\s+(?P<y1>\d{4})"
    r"|(?P<y2>\d{4})\.?(?:\sm\.|\sgada|ko)?\s"
    rf"(?:(?P<b2>{_NAME})\.?\s(?P<d2>\d{{1,2}})a?(?!\w)|(?P<d3>\d{{1,2}})\.\s(?P<b3>{_NAME}))(?!\d|,?\s\d{{4}})"
    r"|(?P<d4>\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?(?:\s+(?:de|of|d'))?[\s/-]{1,2}"
    rf"ב?(?P<b4>{_NAME})(?:/{_NAME})?\.?[,،]?(?:\s+del?)?[\s/-]{{1,2}}(?P<y4>\d{{4}})"
    rf"|(?<!\w){_NAME}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
    r")(?!\d)",
    re.IGNORECASE,
)
DIGIT = re.compile("[0-9٠-٩۰-۹०-९০-৯]")
_YEAR = re.compile(r"(?:19|20|25)\d\d|\d\.\d\d\b|[٠-٩۰-۹०-९০-৯]{4}")


class Locale(NamedTuple):
    """ISO 639-1 and alpha-2, upper case; empty where unknown."""

    language: str = ""
    country: str = ""


class Written(NamedTuple):
    """A day found in a text (midnight UTC), and what stands between the one before and it."""

    day: datetime
    label: str


def has_year(text: str) -> bool:
    """Whether a text can hold a full date at all."""
    # Most texts hold no figure: the plain search spares them the dear one.
    return DIGIT.search(text) is not None and _YEAR.search(text) is not None


def written_days(text: str, locale: Locale) -> Iterator[Written]:
    """The full dates in one line of text, in order."""
    if not has_year(text):
        return
    start = 0
    for match in _FULL.finditer(text):
        found = parse_date(_in_order(match), locale.language, locale.country)
        if found is not None:
            label = text[start : match.start()].strip()
            yield Written(datetime.fromtimestamp(found.at / 1000, UTC), label)
            start = match.end()


def _in_order(match: re.Match[str]) -> str:
    """A date as the feeds' reader knows it: the day first, the month by number where listed."""
    part = match.groupdict()
    if part["d1"]:
        return f"{part['y1']}-{part['m1']}-{part['d1']}"
    day, name = part["d2"] or part["d3"] or part["d4"], part["b2"] or part["b3"] or part["b4"]
    year = part["y2"] or part["y4"]
    if not name:
        return match.group()
    number = _MONTHS.get(" ".join(name.casefold().split()))
    return f"{year}-{number}-{day}" if number else f"{day} {name} {year}"
