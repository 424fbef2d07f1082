"""How many of the texts of unseen.yaml come out right: by totals, so that no line is a rule."""

from functools import cache
from pathlib import Path

import yaml

from transforms.records import Tags
from transforms.tag.options import TagOptions
from transforms.tag.tagger import shared_tagger

TEXTS = yaml.safe_load(Path(__file__).with_name("unseen.yaml").read_text(encoding="utf-8"))


@cache
def tagged() -> list[Tags]:
    tagger = shared_tagger(TagOptions())
    return [tagger.tag(row["title"], row["text"], row["language"], None) for row in TEXTS]


def test_most_crises_are_found() -> None:
    found = [tags.is_crisis for tags, row in zip(tagged(), TEXTS, strict=True) if row["crisis"]]
    assert sum(found) >= 0.85 * len(found)


def test_one_of_twenty_hard_negatives_at_most_is_called_a_crisis() -> None:
    called = [
        tags.is_crisis for tags, row in zip(tagged(), TEXTS, strict=True) if not row["crisis"]
    ]
    assert sum(called) <= 0.05 * len(called)


def test_most_crises_get_one_of_their_categories() -> None:
    hits = [
        not {c.code for c in tags.categories}.isdisjoint(row["any"])
        for tags, row in zip(tagged(), TEXTS, strict=True)
        if tags.is_crisis and "any" in row
    ]
    assert sum(hits) >= 0.85 * len(hits)


def test_the_set_is_large_and_in_many_languages() -> None:
    assert len(TEXTS) >= 200
    assert len({row["language"] for row in TEXTS}) >= 14
