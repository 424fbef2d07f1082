"""Extraction on pages with gold texts that lie beside the repository: floors, not goals.

A sample of each set, so that the whole stays under a minute; benchmarks/extract.py reads them all.
"""

from pathlib import Path

import pytest

from benchmarks.extract import compare, gold_of, load_scorer, unpacked

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
