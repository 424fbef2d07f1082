"""Place names measured on the labelled sets beside the repository, where they are present."""

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from transforms.tag.geo import GeoIndex
from transforms.tag.resolve import distance_km


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "least_f1"), [("geo_trnews", 0.85), ("geo_lgl", 0.70), ("geo_geovirus", 0.85)]
)
def test_place_names_and_points_reach_the_goals(shared: Path, name: str, least_f1: float) -> None:
    hit = wrong = missed = near = pointed = 0
    for row in _rows(shared / "data" / "tagging" / "geo.tar.xz", name):
        gold = {(t["start"], t["end"]): t for t in row["labels"]["toponyms"]}
        result = GeoIndex.load().find_places(row.get("title") or "", row["text"], "en")
        found = {(p.start, p.end): p for p in result.places if p.field == "text"}
        hit += len(gold.keys() & found.keys())
        wrong += len(found.keys() - gold.keys())
        missed += len(gold.keys() - found.keys())
        for span in gold.keys() & found.keys():
            place, label = found[span], gold[span]
            if place.lat is not None and place.lon is not None and label.get("lat") is not None:
                pointed += 1
                lat, lon = float(label["lat"]), float(label["lon"])
                near += distance_km(place.lat, place.lon, lat, lon) <= 161
    assert 2 * hit / (2 * hit + wrong + missed) >= least_f1
    assert near / pointed >= 0.85


@pytest.mark.slow
def test_parties_of_the_hand_labels_reach_the_goal(shared: Path) -> None:
    hit = wrong = missed = 0
    lines = (shared / "data" / "tagging" / "hand_dev.jsonl").read_text("utf-8").splitlines()
    for row in map(json.loads, lines):
        gold = set(row["labels"].get("countries") or ())
        if not gold:
            continue
        result = GeoIndex.load().find_places(row.get("title") or "", row["text"], row["lang"])
        found = {c.alpha3 for c in result.countries if c.role == "party"}
        hit += len(gold & found)
        wrong += len(found - gold)
        missed += len(gold - found)
    assert 2 * hit / (2 * hit + wrong + missed) >= 0.93


def _rows(archive: Path, name: str) -> list[dict[str, Any]]:
    with tarfile.open(archive) as held:
        member = held.extractfile(f"{name}.jsonl")
        assert member is not None
        lines = io.TextIOWrapper(member, encoding="utf-8").read().split("\n")
    return [json.loads(line) for line in lines if line.strip()]
