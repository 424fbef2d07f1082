"""Dates as people write them in many languages, found in a line with what stands before them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.extract.datetext import Locale, written_days


def days(text: str, language: str = "", country: str = "") -> list[date]:
    return [found.day.date() for found in written_days(text, Locale(language, country))]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Posted on Tuesday, March 12th, 2024 at 14:05"),
        ("en", "12 Mar 2024"),
        ("de", "12. März 2024, 14:05 Uhr"),
        ("de", "12.3.24"),
        ("fr", "le 12 mars 2024 à 14h05"),
        ("es", "12 de marzo del 2024"),
        ("pt", "12 de mar. de 2024"),
        ("nl", "12 mrt 2024"),
        ("pl", "12 marca 2024 r."),
        ("ru", "12 марта 2024 г."),
        ("be", "12 сакавіка 2024"),
        ("cs", "12. brezna 2024"),
        ("hu", "2024. március 12."),
        ("hu", "2024. 03. 12."),
        ("lt", "2024 m. kovo 12 d."),
        ("lv", "2024. gada 12. martā"),
        ("el", "12 Μαρτίου 2024"),
        ("tr", "12 Mart 2024 Salı"),
        ("ar", "الثلاثاء 12 مارس، 2024"),
        ("ar", "12 آذار 2024"),
        ("ar", "12 آذار/مارس 2024"),
        ("ar", "١٢ مارس ٢٠٢٤"),
        ("fa", "۱۲ مارس ۲۰۲۴"),
        ("he", "12 במרץ 2024"),
        ("hi", "12 मार्च, 2024"),
        ("hi", "मार्च 12, 2024"),
        ("bn", "১২ মার্চ ২০২৪"),
        ("ta", "12 மார்ச் 2024"),
        ("th", "12 มี.ค. 2567"),
        ("th", "12 มีนาคม 2567"),
        ("vi", "Ngày 12 tháng 3 năm 2024"),
        ("vi", "12 tháng 3, 2024"),
        ("id", "Selasa, 12 Mar 2024 14:05 WIB"),
        ("ms", "12 Mac 2024"),
        ("zh", "2024年03月12日 14:05"),
        ("ko", "2024. 3. 12."),
        ("eu", "2024ko martxoaren 12a"),
    ],
)
def test_a_day_is_read_in_many_languages(language: str, text: str) -> None:
    assert days(text, language) == [date(2024, 3, 12)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12. Jänner 2024", date(2024, 1, 12)),
        ("12 كانون الثاني 2024", date(2024, 1, 12)),
        ("12 جويلية 2024", date(2024, 7, 12)),
    ],
)
def test_months_of_regions(text: str, expected: date) -> None:
    assert days(text) == [expected]


@pytest.mark.parametrize(
    "text",
    ["In 2024", "12 March", "Room 12 boats 2024", "page 12 of 2024", "03/04/2024", "2024. 99. 99."],
)
def test_what_names_no_day_is_passed_over(text: str) -> None:
    assert days(text) == []


def test_a_year_before_a_day_is_not_taken_for_its_own() -> None:
    assert days("The best boats of 2024 September 1st, 2023") == [date(2023, 9, 1)]
    assert days("The best boats of 2024 September 1, 2023") == [date(2023, 9, 1)]


def test_each_day_has_the_words_before_it() -> None:
    found = list(written_days("Published 12 March 2024, updated 14 March 2024", Locale("en")))
    assert [one.label for one in found] == ["Published", ", updated"]


@given(st.text("0123456789. /-,madgn年月日مارสม ", max_size=60), st.sampled_from(["", "th", "ar"]))
def test_no_line_breaks_the_reading(text: str, language: str) -> None:
    assert days(text, language) == days(text, language)
