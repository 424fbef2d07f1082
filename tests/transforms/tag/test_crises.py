"""Named crises: what each key of a rule asks of an article."""

from pathlib import Path

import pytest

from transforms.tag.crises import load_crises, matching

ONE = "{name: c, all_of: [AAA], categories: [CONF]}"
TWO = "{name: c, all_of: [AAA, BBB], categories: [CONF]}"
BOTH = "{name: c, all_of: [AAA, BBB], parties: 2, categories: [CONF]}"
TERM = "{name: c, any_of: [AAA, BBB], terms: [river], categories: [CONF]}"
EITHER = "{name: c, any_of: [AAA], terms: [river], categories: [CONF], either: true}"
WITHOUT = "{name: c, all_of: [AAA], none_of: [BBB], categories: [CONF]}"
LEAST = "{name: c, all_of: [AAA], categories: [CONF, MIL, THR], min: 2}"
DATED = "{name: c, all_of: [AAA], categories: [CONF], from: 2001-02, to: 2003}"
PARTY, PLACE, MENTIONED = "party", "place", "mentioned"
YEAR_MS = 31_556_952_000


@pytest.mark.parametrize(
    ("rule", "countries", "codes", "terms", "fits"),
    [
        (ONE, {"AAA": PARTY}, {"CONF"}, set(), True),
        (ONE, {"AAA": PARTY}, {"DIP"}, set(), False),
        (ONE, {"AAA": PLACE}, {"CONF"}, set(), False),
        (ONE, {"AAA": MENTIONED}, {"CONF"}, set(), False),
        (ONE, {"BBB": PARTY, "AAA": PARTY}, {"CONF"}, set(), True),
        (ONE, {"BBB": PARTY, "CCC": PARTY, "AAA": PARTY}, {"CONF"}, set(), False),
        (TWO, {"AAA": PARTY, "BBB": MENTIONED}, {"CONF"}, set(), True),
        (TWO, {"AAA": PARTY}, {"CONF"}, set(), False),
        (BOTH, {"AAA": PARTY, "BBB": MENTIONED}, {"CONF"}, set(), False),
        (BOTH, {"AAA": PARTY, "BBB": PARTY}, {"CONF"}, set(), True),
        (TERM, {"BBB": PLACE}, {"CONF"}, {"river"}, True),
        (TERM, {"BBB": MENTIONED}, {"CONF"}, {"river"}, False),
        (TERM, {"BBB": PARTY}, {"CONF"}, {"lake"}, False),
        (TERM, {}, {"CONF"}, {"river"}, False),
        (EITHER, {"AAA": PARTY}, {"CONF"}, set(), True),
        (EITHER, {}, {"CONF"}, {"river"}, True),
        (WITHOUT, {"AAA": PARTY, "BBB": MENTIONED}, {"CONF"}, set(), True),
        (WITHOUT, {"AAA": PARTY, "BBB": PARTY}, {"CONF"}, set(), False),
        (LEAST, {"AAA": PARTY}, {"CONF"}, set(), False),
        (LEAST, {"AAA": PARTY}, {"CONF", "THR"}, set(), True),
    ],
)
def test_a_rule_fits_as_its_keys_ask(
    tmp_path: Path,
    rule: str,
    countries: dict[str, str],
    codes: set[str],
    terms: set[str],
    fits: bool,
) -> None:
    path = tmp_path / "crises.yaml"
    path.write_text(f"- {rule}\n", encoding="utf-8")
    found = matching(load_crises(str(path)), countries, codes, terms, None)
    assert found == (["c"] if fits else [])


@pytest.mark.parametrize(
    ("years", "fits"), [(30.9, False), (31.2, True), (33.9, True), (34.1, False), (None, True)]
)
def test_a_crisis_has_its_time(tmp_path: Path, years: float | None, fits: bool) -> None:
    path = tmp_path / "crises.yaml"
    path.write_text(f"- {DATED}\n", encoding="utf-8")
    at = None if years is None else int(years * YEAR_MS)
    found = matching(load_crises(str(path)), {"AAA": PARTY}, {"CONF"}, set(), at)
    assert found == (["c"] if fits else [])


def test_every_shipped_rule_asks_for_more_than_words() -> None:
    for rule in load_crises():
        assert rule.all_of | rule.any_of, rule.name
        assert rule.categories, rule.name
