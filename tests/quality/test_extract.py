"""Extraction on pages with gold texts that lie beside the repository: floors, not goals.

A sample of each set, so that the whole stays under a minute; benchmarks/extract.py reads them all.
"""

from pathlib import Path

import pytest

from benchmarks.extract import compare, gold_of, load_scorer, ours, unpacked

# A sample of some thirty pages moves by about so much from one draw to the next.
SAMPLING = 0.005


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "every"),
    [("fundus", 6), ("fundus80", 3), ("scrapinghub", 5), ("newspaper4k", 14), ("wcxb", 8)],
)
def test_cleaned_bodies_are_no_farther_from_the_gold_than_the_extractor_alone(
    shared: Path, name: str, every: int
) -> None:
    scorer = load_scorer(shared)
    with unpacked(shared, name) as base:
        stage, alone, _ = compare(base, gold_of(base, every), scorer)
    assert stage["f1"] >= alone["f1"] - SAMPLING
    assert stage["tail_junk_loose"] <= alone["tail_junk_loose"]
    assert stage["precision"] >= alone["precision"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "every", "titles", "days"),
    [("fundus", 1, 0.9, 0.97), ("newspaper4k", 2, 0.95, 0.8), ("wcxb", 4, 0.9, 0.88)],
)
def test_titles_and_days_are_right_from_the_page_alone(
    shared: Path, name: str, every: int, titles: float, days: float
) -> None:
    scorer = load_scorer(shared)
    with unpacked(shared, name) as base:
        golds = {str(gold["id"]): gold for gold in gold_of(base, every)}
        found = scorer.score({key: ours(gold, base)[0] for key, gold in golds.items()}, golds)[0]
    assert found["title_norm"] >= titles
    assert found["date_day"] >= days


@pytest.mark.slow
@pytest.mark.parametrize(("name", "every", "share"), [("fundus", 1, 0.65), ("wcxb", 4, 0.75)])
def test_a_quarter_of_the_extractors_errors_is_gone(
    shared: Path, name: str, every: int, share: float
) -> None:
    scorer = load_scorer(shared)
    with unpacked(shared, name) as base:
        stage, alone, _ = compare(base, gold_of(base, every), scorer)
    assert 1 - stage["f1"] <= share * (1 - alone["f1"])
