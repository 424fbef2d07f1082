"""Place names in texts: which words are places, where they stand, which place is meant."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.records import Place
from transforms.tag.geo import GeoIndex, GeoResult


def find(text: str, title: str = "", language: str = "en") -> GeoResult:
    return GeoIndex.load().find_places(title, text, language)


def names(text: str) -> set[str]:
    return {p.name for p in find(text).places}


def place(text: str, name: str) -> Place:
    return next(p for p in find(text).places if p.name == name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A crash closed roads in Laurel County on Friday.", "Laurel County"),
        ("He was arrested in Paris, Texas, on Monday.", "Paris"),
        ("The mayor of Ouagadougou spoke.", "Ouagadougou"),
        ("Fighting reached the village of Xarqabad on Tuesday.", "Xarqabad"),
        ("They sailed on Lake Victoria all night.", "Lake Victoria"),
        ("KABUL (AP) - A bomb went off on Monday.", "KABUL"),
        ("Shells fell near Kherson overnight.", "Kherson"),
        ("Ships crossed the Strait of Hormuz.", "Strait of Hormuz"),
        ("Protests in San Francisco went on.", "San Francisco"),
        ("Floods hit Queen Anne's County again.", "Queen Anne's County"),
    ],
)
def test_places_are_found_by_their_context(text: str, expected: str) -> None:
    assert expected in names(text)


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("Jordan Henderson scored twice for his side.", "Jordan"),
        ("Paris Hilton opened a shop.", "Paris"),
        ("The Washington Post reported it.", "Washington"),
        ("He told ABC News that he was well.", "ABC"),
        ("We met in March and again on Sunday.", "March"),
        ("Mr. Lincoln thanked Mrs. Lincoln.", "Lincoln"),
        ("The coin cost US$40 in the shop.", "US"),
        ("Doctors fear the West Nile virus.", "Nile"),
        ("It is OK to ask.", "OK"),
        ("Virginia Madsen was nominated.", "Virginia"),
    ],
)
def test_persons_companies_and_plain_words_are_no_places(text: str, absent: str) -> None:
    assert absent not in names(text)


@pytest.mark.parametrize(
    ("text", "name", "country", "lat", "lon"),
    [
        ("He lives in Paris, Texas, with his dog.", "Paris", "USA", 33.7, -95.6),
        ("The French president spoke in Paris.", "Paris", "FRA", 48.9, 2.4),
        ("A fire broke out in London, Ontario.", "London", "CAN", 43.0, -81.2),
        ("Envoys met in Geneva for the talks.", "Geneva", "CHE", 46.2, 6.1),
        ("The U.S. said talks in Geneva with U.S. envoys failed.", "Geneva", "CHE", 46.2, 6.1),
    ],
)
def test_context_tells_which_place_is_meant(
    text: str, name: str, country: str, lat: float, lon: float
) -> None:
    found = place(text, name)
    assert found.country == country
    assert found.lat == pytest.approx(lat, abs=0.5)
    assert found.lon == pytest.approx(lon, abs=0.5)


def test_an_open_name_stays_without_a_point() -> None:
    found = place("The school board of Clinton Township met in Springfield.", "Springfield")
    assert found.lat is None
    assert found.country is None


def test_offsets_are_those_of_the_field() -> None:
    title, text = "Kyiv hit 🚀 again", "In Lviv 🚀 and near Odesa, sirens rang."
    for found in find(text, title).places:
        held = title if found.field == "title" else text
        assert held[found.start : found.end] == found.name


def test_lower_case_texts_still_name_countries() -> None:
    assert "iraq" in {p.name for p in find("us troops left iraq and the region").places}


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=40))
def test_any_text_gives_spans_inside_it(text: str, title: str) -> None:
    for found in find(text, title).places:
        held = title if found.field == "title" else text
        assert held[found.start : found.end] == found.name


@pytest.mark.parametrize(
    "text", ["", "\x00\x00", "A" * 5000, "Paris", "\u202eباريس", "e\u0301vian"]
)
def test_odd_texts_do_no_harm(text: str) -> None:
    assert isinstance(find(text).places, list)


@pytest.mark.parametrize(
    ("language", "text", "name", "country"),
    [
        ("ru", "Взрыв произошел в Новосибирске во вторник.", "Новосибирске", "RUS"),
        ("uk", "Вибухи пролунали у Харкові вночі.", "Харкові", "UKR"),
        ("de", "Am Montag brannte es in München.", "München", "DEU"),
        ("fr", "Une explosion a eu lieu à Marseille lundi.", "Marseille", "FRA"),
        ("zh", "爆炸发生在上海。", "上海", "CHN"),
    ],
)
def test_towns_are_found_in_other_languages(
    language: str, text: str, name: str, country: str
) -> None:
    found = {p.name: p.country for p in find(text, language=language).places}
    assert found.get(name) == country
