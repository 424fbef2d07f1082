"""International bodies and armed groups by their names."""

import re

import pytest

from transforms.tag.countries import points
from transforms.tag.geo import GeoIndex
from transforms.tag.organisations import organisations


def found(text: str, language: str = "en") -> list[str]:
    return GeoIndex.load().find_places("", text, language).organisations


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("NATO and the OSCE met.", "en", ["NATO", "OSCE"]),
        ("Hezbollah fired rockets.", "en", ["HEZBOLLAH"]),
        ("Les rebelles de l'État islamique", "fr", ["IS"]),
        ("Der UN-Sicherheitsrat tagte.", "de", ["UNSC"]),
        ("НАТО и ОБСЕ", "ru", ["NATO", "OSCE"]),
        ("قال حلف الناتو", "ar", ["NATO"]),
    ],
)
def test_bodies_are_found_by_name(text: str, language: str, expected: list[str]) -> None:
    assert found(text, language) == expected


@pytest.mark.parametrize("text", ["a group of House Republicans", "ABC News said", "who is it?"])
def test_parties_and_plain_words_are_no_bodies(text: str) -> None:
    assert found(text) == []


def test_the_table_is_sound() -> None:
    rows = organisations().values()
    assert len(rows) >= 60
    held = [row.wikidata for row in rows if row.wikidata]
    assert len(held) == len(set(held))
    assert all(re.fullmatch(r"Q\d+", ident) for ident in held)
    assert {row.alpha3 for row in rows if row.alpha3} <= set(points())
    assert {row.kind for row in rows} <= {
        "alliance", "international", "armed", "ngo", "party", "government",
    }  # fmt: skip
