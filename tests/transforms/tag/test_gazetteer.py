"""The packed gazetteer: keys, candidates and what they hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.tag.gazetteer import key_of, load_gazetteer, name_hash, stem_key


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
    (paris,) = load_gazetteer().rows(["paris"])
    assert {"FR", "US"} <= {c.country for c in paris}
    capital = next(c for c in paris if c.kind == "capital")
    assert capital.country == "FR"
    assert capital.people > 1_000_000
    assert (round(capital.lat), round(capital.lon)) == (49, 2)


def test_unknown_names_and_no_names_give_nothing() -> None:
    gazetteer = load_gazetteer()
    assert gazetteer.rows(["qwzx nowhere"]) == [[]]
    assert gazetteer.rows([]) == []


def test_cyrillic_names_are_found_by_stem() -> None:
    (found,) = load_gazetteer().rows([stem_key(key_of("Москва"))])
    assert any(c.country == "RU" and c.kind == "capital" for c in found)


def test_alternate_names_that_resemble_nothing_are_left_out() -> None:
    (found,) = load_gazetteer().rows(["berea"])
    assert all(c.country != "SY" for c in found)
