"""Persons by first names, titles and initials; their surnames in the whole text."""

import pytest

from transforms.tag.normalise import fold
from transforms.tag.persons import Persons, find_persons
from transforms.tag.runs import find_runs


def persons(text: str) -> Persons:
    folded = fold(text)
    return find_persons(text, folded, find_runs(text, folded))


@pytest.mark.parametrize(
    ("text", "span", "surname"),
    [
        ("Then Michael Jordan smiled.", "Michael Jordan", "jordan"),
        ("Then Mr. Holland left.", "Holland", "holland"),
        ("They asked spokesman Lincoln again.", "Lincoln", "lincoln"),
        ("He quoted Zork F. Kennedy there.", "Zork F. Kennedy", "kennedy"),
        ("Then John Washington Jr. spoke.", "John Washington Jr", "washington"),
        ("Then the aunt of Anna Smith of Ohio spoke at length.", "Anna Smith", "smith"),
    ],
)
def test_a_person_and_the_surname_are_known(text: str, span: str, surname: str) -> None:
    found = persons(text)
    assert span in [text[a:b] for a, b in found.spans]
    assert surname in found.surnames


@pytest.mark.parametrize(
    "text", ["", "They left Kabul.", "The U.S. Army left.", "JOHN SMITH LEFT THE HOUSE TODAY"]
)
def test_no_person_where_none_is_told(text: str) -> None:
    assert persons(text).spans == ()
