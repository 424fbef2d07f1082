"""The labelled short texts of geo_cases.yaml: which country or place an ambiguous name means."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from transforms.tag.tagger import Tagger

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "geo_cases.yaml").read_text(encoding="utf-8")
)
KEYS = {"text", "language", "country", "party", "not", "not_party", "role", "place", "no_place"}


@cache
def tagger() -> Tagger:
    return Tagger()


@pytest.mark.parametrize("case", CASES, ids=[c["text"][:50] for c in CASES])
def test_ambiguous_name_means_what_its_company_says(case: dict[str, Any]) -> None:
    result = tagger().tag("", case["text"], case.get("language", "en"), None)
    roles = {c.alpha3: c.role for c in result.countries}
    parties = {code for code, role in roles.items() if role == "party"}
    places = {p.name: p.country or "-" for p in result.places}
    assert set(case.get("country", ())) <= set(roles)
    assert set(case.get("party", ())) <= parties
    assert not set(case.get("not", ())) & set(roles)
    assert not set(case.get("not_party", ())) & parties
    assert case.get("role", {}).items() <= roles.items()
    assert case.get("place", {}).items() <= places.items()
    assert not set(case.get("no_place", ())) & set(places)


def test_every_case_asks_for_something() -> None:
    assert len(CASES) >= 130
    for case in CASES:
        assert set(case) <= KEYS
        assert len(set(case) - {"text", "language"}) >= 1
