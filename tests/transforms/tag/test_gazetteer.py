"""The packed gazetteer: keys, candidates and what they hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.tag.gazetteer import (
    folded_key,
    is_key,
    key_of,
    load_gazetteer,
    name_hash,
    stem_key,
)
from transforms.tag.normalise import fold


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("St. John's", "st johns"),
        ("Saint John’s", "st johns"),
        ("Al-Hasakah", "al hasakah"),
        ("Mt. Vernon", "mount vernon"),
        ("The Hague", "hague"),
        ("Göteborg", "goteborg"),
        ("MOSCOW", "moscow"),
    ],
)
def test_spellings_of_one_name_share_a_key(name: str, key: str) -> None:
    assert key_of(name) == key


@given(st.text(max_size=40))
def test_any_text_has_a_key_and_a_48_bit_hash(text: str) -> None:
    assert 0 <= name_hash(key_of(text)) < 1 << 48


def test_a_name_gives_all_its_places_with_country_and_point() -> None:
    paris = load_gazetteer().find("paris")
    assert {"FR", "US"} <= {c.country for c in paris}
    capital = next(c for c in paris if c.kind == "capital")
    assert capital.country == "FR"
    assert capital.people > 1_000_000
    assert (round(capital.lat), round(capital.lon)) == (49, 2)


@pytest.mark.parametrize("key", ["qwzx nowhere", "", "\ud800", "zzzz"])
def test_unknown_names_give_nothing(key: str) -> None:
    assert load_gazetteer().find(key) == ()


@pytest.mark.parametrize(
    ("name", "opens"),
    [("New York", True), ("Saint John's", True), ("Rio de Janeiro", True), ("Qwzx Town", False)],
)
def test_first_words_of_longer_names_are_known(name: str, opens: bool) -> None:
    first = key_of(name).split(" ")[0]
    assert load_gazetteer().opens(first) == opens


def test_names_are_remembered_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transforms.tag.gazetteer.MAX_REMEMBERED", 2)
    gazetteer = load_gazetteer.__wrapped__()
    first = [gazetteer.find(key) for key in ("paris", "london", "springfield", "paris")]
    assert first[0] == first[3]
    assert len(gazetteer._remembered) <= 2


@given(st.text(alphabet="abst eimhn.'-\ue000", max_size=20), st.integers(0, 20))
def test_a_tidy_name_is_its_own_key_and_so_are_its_parts(name: str, cut: int) -> None:
    tidy = " ".join(fold(name).split())
    if tidy and is_key(tidy):
        for part in (tidy, tidy[:cut].strip(), tidy[cut:].strip()):
            if part == tidy or tidy.startswith(part + " ") or tidy.endswith(" " + part):
                assert folded_key(part) == part


def test_cyrillic_names_are_found_by_stem() -> None:
    found = load_gazetteer().find(stem_key(key_of("Москва")))
    assert any(c.country == "RU" and c.kind == "capital" for c in found)


def test_alternate_names_that_resemble_nothing_are_left_out() -> None:
    found = load_gazetteer().find("berea")
    assert all(c.country != "SY" for c in found)
