"""Dates written for people: found in a short text, read as the feeds' dates of many languages."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from transforms.feeds.dates import parse_date

_NAME = r"[^\W\d_]{3,12}"
_FULL = re.compile(
    r"(?<![\d/.-])(?:"
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|\d{1,2}([./-])\s?\d{1,2}\1\s?\d{4}"
    r"|\d{1,2}\.\s?\d{1,2}\.\s?\d{2}(?![\d.])"
    r"|\d{4}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]"
    r"|\d{1,2}(?:st|nd|rd|th|er|º|ª|\.)?(?:\s+(?:de|of|d'))?[\s/-]{1,2}"
    rf"{_NAME}\.?,?(?:\s+del?)?[\s/-]{{1,2}}\d{{4}}"
    rf"|{_NAME}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
    r")(?!\d)",
    re.IGNORECASE,
)
DIGIT = re.compile("[0-9٠-٩۰-۹०-९]")
_YEAR = re.compile(r"(?:19|20|25)\d\d|\d\.\d\d\b|[٠-٩۰-۹०-९]{4}")


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
        found = parse_date(match.group(), locale.language, locale.country)
        if found is not None:
            label = text[start : match.start()].strip()
            yield Written(datetime.fromtimestamp(found.at / 1000, UTC), label)
            start = match.end()
