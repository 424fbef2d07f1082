"""The labelled short texts of cases.yaml: what is a crisis, of which kind, how many dead."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from transforms.tag.tagger import Tagger

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8")
)


@cache
def tagger() -> Tagger:
    return Tagger()


@pytest.mark.parametrize("case", CASES, ids=[f"{c['language']}-{c['text'][:40]}" for c in CASES])
def test_short_text_is_tagged_as_labelled(case: dict[str, Any]) -> None:
    tags = tagger().tag(case.get("title", ""), case["text"], case["language"], None)
    assert tags.is_crisis is case["crisis"]
    if "has" in case:
        assert case["has"] in [category.code for category in tags.categories]
    if "dead" in case:
        assert (tags.dead_min, tags.injured_max) == (case["dead"], case["injured"])
    if "severity" in case:
        assert tags.severity == case["severity"]
    if "party" in case:
        assert case["party"] in [c.alpha3 for c in tags.countries if c.role == "party"]
    if "named" in case:
        assert case["named"] in tags.crises


@pytest.mark.parametrize("case", CASES, ids=[f"{c['language']}-{c['text'][:40]}" for c in CASES])
def test_evidence_is_the_text_it_points_to(case: dict[str, Any]) -> None:
    fields = {"title": case.get("title", ""), "text": case["text"]}
    tags = tagger().tag(fields["title"], fields["text"], case["language"], None)
    spans = [e for c in tags.categories for e in c.evidence]
    spans += [c.evidence for c in tags.casualties] + [a.evidence for a in tags.acts]
    for e in spans:
        assert fields[e.field][e.start : e.end] == e.text
        assert e.text


def test_the_set_is_large_and_in_many_languages() -> None:
    assert len(CASES) >= 150
    assert len({case["language"] for case in CASES}) >= 8
