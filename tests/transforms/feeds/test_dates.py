"""Dates of feeds: every row of the table of forms met, and the limits of what is believed."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.feeds.dates import (
    DATE_ONLY,
    DAY_MS,
    MISSING,
    ODD,
    ZONE_MISSING,
    ZONE_UNCERTAIN,
    parse_date,
    read_date,
)

NOW = int(datetime(2024, 6, 1, tzinfo=UTC).timestamp() * 1000)

READ = [
    ("Mon, 01 Jan 2024 10:00:00 EST", "2024-01-01T15:00", ""),
    ("Mon, 01 Jul 2024 10:00:00 EDT", "2024-07-01T14:00", ""),
    ("Mon, 01 Jan 2024 10:00:00 +0530", "2024-01-01T04:30", ""),
    ("Mon, 01 Jan 2024 10:00:00 GMT", "2024-01-01T10:00", ""),
    ("Mon, 01 Jan 2024 10:00:00 Z", "2024-01-01T10:00", ""),
    ("Mon, 01 Jan 2024 10:00:00 -0000", "2024-01-01T10:00", ""),
    ("Mon, 01 Jan 2024 10:00:00 CET", "2024-01-01T09:00", ""),
    ("Mon, 01 Jul 2024 10:00:00 CEST", "2024-07-01T08:00", ""),
    ("Mon, 01 Jan 2024 10:00:00 JST", "2024-01-01T01:00", ""),
    ("Mon, 01 Jan 2024 10:00:00 MSK", "2024-01-01T07:00", ""),
    ("Mon, 01 Jan 2024 10:00:00 UTC+2", "2024-01-01T08:00", ""),
    ("Mon, 01 Jan 2024 10:00:00 GMT+0200", "2024-01-01T08:00", ""),
    ("Mon, 01 Jan 2024 10:00:00 +0100 (CET)", "2024-01-01T09:00", ""),
    ("Mon, 01 Jan 2024 10:00:00 BST", "2024-01-01T09:00", ZONE_UNCERTAIN),
    ("Mon, 01 Jan 2024 10:00:00 IST", "2024-01-01T04:30", ZONE_UNCERTAIN),
    ("Mon, 01 Jan 2024 10:00:00 CST", "2024-01-01T16:00", ZONE_UNCERTAIN),
    ("Mon, 01 Jan 2024 10:00:00 QQQ", "2024-01-01T10:00", ZONE_UNCERTAIN),
    ("Mon, 01 Jan 2024 10:00:00 +9900", "2024-01-01T10:00", ZONE_UNCERTAIN),
    ("Mon, 01 Jan 2024 10:00:00", "2024-01-01T10:00", ZONE_MISSING),
    ("2024-01-01T10:00:00", "2024-01-01T10:00", ZONE_MISSING),
    ("2024-01-01 10:00:00", "2024-01-01T10:00", ZONE_MISSING),
    ("2024-01-01T10:00:00.123456+01:00", "2024-01-01T09:00", ""),
    ("2024-01-01T10:00:00-0500", "2024-01-01T15:00", ""),
    ("2024-01-01T10:00Z", "2024-01-01T10:00", ""),
    ("20240101T100000Z", "2024-01-01T10:00", ""),
    ("20240101", "2024-01-01T00:00", DATE_ONLY),
    ("2024/01/01 10:00:00", "2024-01-01T10:00", ZONE_MISSING),
    ("2024. 01. 01.", "2024-01-01T00:00", DATE_ONLY),
    ("2024年1月1日", "2024-01-01T00:00", DATE_ONLY),
    ("2024年1月1日 10:00", "2024-01-01T10:00", ZONE_MISSING),
    ("2024년 1월 1일", "2024-01-01T00:00", DATE_ONLY),
    ("1704103200", "2024-01-01T10:00", ""),
    ("1704103200000", "2024-01-01T10:00", ""),
    ("Lun, 01 Ene 2024 10:00:00 +0000", "2024-01-01T10:00", ""),
    ("Mo, 01 Jan 2024 10:00:00 GMT", "2024-01-01T10:00", ""),
    ("mercredi 31 janvier 2024 10:00", "2024-01-31T10:00", ZONE_MISSING),
    ("31 января 2024 г. 10:00", "2024-01-31T10:00", ZONE_MISSING),
    ("1 de enero de 2024", "2024-01-01T00:00", DATE_ONLY),
    ("1 जनवरी 2024", "2024-01-01T00:00", DATE_ONLY),
    ("٢٠٢٤-٠١-٠١", "2024-01-01T00:00", DATE_ONLY),
    ("Jan 1, 2024", "2024-01-01T00:00", DATE_ONLY),
    ("Monday, January 1, 2024 - 10:00", "2024-01-01T10:00", ZONE_MISSING),
    ("Sept 3, 2024 4:05 pm EDT", "2024-09-03T20:05", ""),
    ("January 1, 2024 12:00 AM UTC", "2024-01-01T00:00", ""),
    ("01.01.2024 10:00", "2024-01-01T10:00", ZONE_MISSING),
    ("31/01/2024", "2024-01-31T00:00", DATE_ONLY),
    ("Mon Jan  1 10:00:00 CET 2024", "2024-01-01T09:00", ""),
    ("Mon, 01-Jan-2024 10:00:00 GMT", "2024-01-01T10:00", ""),
    ("Mon, 1 Jan 24 10:00:00 GMT", "2024-01-01T10:00", ""),
    ("01 January 2024", "2024-01-01T00:00", DATE_ONLY),
    ("Mon, 01 Jan 2024 10:00 GMT", "2024-01-01T10:00", ""),
    ("Mon, 01 Jan 2024 23:59:60 GMT", "2024-01-01T23:59", ""),
]

UNREADABLE = [
    "Mon, 01 Jan 2024 24:00:00 GMT",
    "Mon, 32 Jan 2024 10:00:00 GMT",
    "2024-13-45T99:99:99Z",
    "2024-02-30",
    "01/02/2024",
    "yesterday",
    "17041",
    "Mon, 01 Foo 2024 10:00:00 GMT",
    "2024-01",
    "13:00 PM",
    "January 1, 2024 13:00 PM",
    "x" * 200,
]


@pytest.mark.parametrize(("raw", "utc", "flag"), READ)
def test_forms_that_are_read(raw: str, utc: str, flag: str) -> None:
    found = parse_date(raw)
    assert found is not None
    assert datetime.fromtimestamp(found.at / 1000, UTC).isoformat()[:16] == utc
    assert found.flag == flag


@pytest.mark.parametrize("raw", UNREADABLE)
def test_what_cannot_be_read_with_certainty_is_no_date(raw: str) -> None:
    assert parse_date(raw) is None


@pytest.mark.parametrize(
    ("zone", "language", "country", "hour"),
    [
        ("IST", "", "IN", 4), ("IST", "he", "IL", 8), ("IST", "ga", "IE", 9), ("IST", "hi", "", 4),
        ("BST", "en", "GB", 9), ("BST", "bn", "BD", 4), ("CST", "zh", "CN", 2),
        ("CST", "en", "US", 16),
        ("AST", "ar", "SA", 7), ("AMT", "hy", "AM", 6),
    ],
)  # fmt: skip
def test_the_feeds_country_decides_an_ambiguous_zone(
    zone: str, language: str, country: str, hour: int
) -> None:
    found = parse_date(f"Mon, 01 Jan 2024 10:00:00 {zone}", language, country)
    assert found is not None
    assert found.flag == ""
    assert datetime.fromtimestamp(found.at / 1000, UTC).hour == hour


@pytest.mark.parametrize(
    ("language", "country", "month"), [("en", "US", 3), ("en", "GB", 4), ("fr", "", 4)]
)
def test_the_country_decides_the_order_of_a_slashed_date(
    language: str, country: str, month: int
) -> None:
    found = parse_date("03/04/2024", language, country)
    assert found is not None
    assert datetime.fromtimestamp(found.at / 1000, UTC).month == month


def test_a_month_that_two_languages_place_differently_goes_by_the_feeds_language() -> None:
    def month(language: str) -> int | None:
        found = parse_date("5. listopada 2023", language)
        return datetime.fromtimestamp(found.at / 1000, UTC).month if found else None

    assert (month("pl"), month("hr"), month("")) == (11, 10, None)


def test_thai_years_count_from_another_era() -> None:
    found = parse_date("1 ม.ค. 2567", "th")
    assert found is None or datetime.fromtimestamp(found.at / 1000, UTC).year == 2024


@pytest.mark.parametrize("raw", ["Thu, 01 Jan 1970 00:00:00 GMT", "2099-01-01T00:00:00Z"])
def test_dates_of_1970_and_2099_are_null_and_flagged(raw: str) -> None:
    assert read_date(raw, None, NOW) == (None, ODD)


def test_a_day_ahead_is_accepted_and_more_is_not() -> None:
    ahead = datetime.fromtimestamp((NOW + DAY_MS) / 1000, UTC).isoformat()
    later = datetime.fromtimestamp((NOW + DAY_MS + 1000) / 1000, UTC).isoformat()
    assert read_date(ahead, None, NOW)[0] == NOW + DAY_MS
    assert read_date(later, None, NOW) == (None, ODD)


def test_no_date_is_missing_not_odd() -> None:
    assert read_date("  ", None, NOW) == (None, MISSING)


def test_feedparsers_reading_counts_only_when_its_digits_stand_in_the_text() -> None:
    raw = "week of 5 March 2024, about noon"
    right = time.struct_time((2024, 3, 5, 12, 0, 0, 1, 65, 0))
    wrong = time.struct_time((2024, 11, 1, 0, 0, 0, 1, 65, 0))
    assert read_date(raw, right, NOW)[0] is not None
    assert read_date(raw, wrong, NOW) == (None, ODD)


@given(st.text(max_size=120))
def test_any_text_is_read_or_refused_quickly(text: str) -> None:
    start = time.perf_counter()
    read_date(text, None, NOW)
    assert time.perf_counter() - start < 1.0


@given(st.datetimes(datetime(1996, 1, 1), datetime(2024, 5, 30)), st.integers(-12 * 60, 14 * 60))
def test_rfc_3339_is_read_exactly(moment: datetime, offset: int) -> None:
    sign, minutes = ("-" if offset < 0 else "+"), abs(offset)
    zone = f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"
    raw = moment.replace(microsecond=0).isoformat() + zone
    found, flag = read_date(raw, None, NOW)
    assert flag == ""
    assert found == int(datetime.fromisoformat(raw).timestamp()) * 1000
