"""The tagger on measuring data that lies beside the repository: floors, not goals."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from transforms.tag.tagger import Tagger


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger()


def rows(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def test_reference_article_is_tagged_as_the_design_says(shared: Path, tagger: Tagger) -> None:
    path = shared / "data" / "reference" / "ukraine_standoff_spun.txt"
    title, _, text = path.read_text(encoding="utf-8").partition("\n")
    tags = tagger.tag(title, text, "en", None)
    roles = {c.alpha3: c.role for c in tags.countries}
    assert tags.is_crisis
    assert {c.code for c in tags.categories} == {"DIP", "MIL", "THR", "SAN"}
    assert {c for c, role in roles.items() if role == "party"} == {"UKR", "RUS", "USA"}
    assert roles.get("CHE") == "place"
    assert set(tags.organisations) == {"NATO", "OSCE"}
    assert list(tags.crises) == ["russia-ukraine"]
    assert tags.severity == 2
    assert (tags.dead_min, tags.injured_min) == (None, None)


@pytest.mark.slow
def test_hand_labels(shared: Path, tagger: Tagger) -> None:
    hit = true = both = 0
    for row in rows(shared / "data" / "tagging" / "hand_dev.jsonl"):
        labels = row["labels"]
        if labels.get("borderline") or labels["is_crisis"] is None:
            continue
        said = tagger.tag(row.get("title") or "", row["text"], row["lang"], None).is_crisis
        hit += said
        true += labels["is_crisis"]
        both += said and labels["is_crisis"] == 1
    assert 2 * both / (hit + true) >= 0.97


@pytest.mark.slow
def test_few_of_the_texts_that_are_no_crisis_are_called_one(shared: Path, tagger: Tagger) -> None:
    path = shared / "data" / "tagging" / "hand_dev.jsonl"
    calm = [row for row in rows(path) if row["labels"]["is_crisis"] == 0]
    called = [tagger.tag(r.get("title") or "", r["text"], r["lang"], None).is_crisis for r in calm]
    assert sum(called) <= 0.07 * len(calm)


@pytest.mark.slow
def test_parties_are_the_countries_of_the_hand_labels(shared: Path, tagger: Tagger) -> None:
    right = said = true = 0
    for row in rows(shared / "data" / "tagging" / "hand_dev.jsonl"):
        gold = set(row["labels"].get("countries") or ())
        if not gold:  # as the scorer: articles with a label alone
            continue
        tags = tagger.tag(row.get("title") or "", row["text"], row["lang"], None)
        found = {country.alpha3 for country in tags.countries if country.role == "party"}
        right, said, true = right + len(found & gold), said + len(found), true + len(gold)
    assert 2 * right / (said + true) >= 0.93
