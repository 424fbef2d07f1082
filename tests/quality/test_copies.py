"""Copies on the labelled sets beside the repository: the figures that the product promises."""

import json
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests.transforms.dedup.stories import spin, story
from transforms.dedup.apply import copies_rows, given_pairs

MERGING = {"exact", "near", "spun"}
Set = dict[str, list[dict[str, Any]]]


def load(shared: Path, name: str) -> Set:
    out: Set = {}
    with tarfile.open(shared / "data" / "dedup" / f"{name}.tar.xz") as archive:
        for member in archive.getmembers():
            content = archive.extractfile(member)
            if content is not None:
                rows = content.read().decode("utf-8").split("\n")
                out[Path(member.name).stem] = [json.loads(row) for row in rows if row]
    return out


def scored(shared: Path, name: str) -> dict[str, Any]:
    """The scorer's own answer for one set, from pairs and clusters."""
    sys.path.insert(0, str(shared / "tools"))
    try:
        import score_dedup
    finally:
        sys.path.pop(0)
    gold = load(shared, name)
    gold.setdefault("clusters", [])
    verdicts, pairs = copies_rows(gold["docs"], 2)
    clusters = [{"id": v["id"], "cluster_id": v["dup_cluster_id"]} for v in verdicts]
    result: dict[str, Any] = score_dedup.score(gold, pairs, clusters)
    return result


@pytest.mark.parametrize(
    ("name", "recall", "harsh", "kind"),
    [
        ("spin_en", 0.995, 0.99, 0.97),
        ("spin_hard", 0.99, 0.99, 0.98),
        ("spin_zh", 0.98, 0.97, 0.98),
    ],
)
def test_spun_copies_are_found_and_named_at_every_rate(
    shared: Path, name: str, recall: float, harsh: float, kind: float
) -> None:
    result = scored(shared, name)
    rates = {key: row["value"] for key, row in result["recall"].items() if " rate " in key}
    assert rates
    wanted = {key: harsh if "harsh" in key else recall for key in rates}
    assert {key: value for key, value in rates.items() if value < wanted[key]} == {}
    kinds = {key: row["all"] for key, row in result["kind_accuracy"].items() if key in rates}
    assert {key: value for key, value in kinds.items() if value < kind} == {}
    assert result["closed"]["wrong"] == 0


def test_near_exact_and_partial_copies_are_found_and_furniture_is_none(shared: Path) -> None:
    result = scored(shared, "near")
    found = {key: row["value"] for key, row in result["recall"].items()}
    assert found["label exact"] == found["label near"] == 1.0
    assert found["label partial"] >= 0.96
    assert result["false"]["all"]["merges"] == 0


@pytest.mark.parametrize(
    ("name", "merges"), [("same_event", 1), ("template", 1), ("mrpc", 0), ("textattack", 0)]
)
def test_distinct_texts_stay_apart(shared: Path, name: str, merges: int) -> None:
    result = scored(shared, name)
    assert result["false"]["all"]["merges"] <= merges
    if name == "textattack":
        assert result["closed"]["f1"] >= 0.98


def test_passages_of_given_pairs_are_seen(shared: Path) -> None:
    gold = load(shared, "pan13")
    pairs = [p for p in gold["pairs"] if "summary" not in p["source"]]
    found = given_pairs(gold["docs"], [(p["a"], p["b"]) for p in pairs], partial_tokens=25)
    linked = [row["kind"] in MERGING | {"partial"} for row in found]
    true = [p["label"] == "partial" for p in pairs]
    hits = sum(x and y for x, y in zip(linked, true, strict=True))
    assert hits / sum(true) >= 0.90
    assert hits / sum(linked) >= 0.995


@pytest.mark.parametrize("share", [0.02, 0.05, 0.10, 0.30])
def test_variants_of_the_reference_article_are_linked_to_it(shared: Path, share: float) -> None:
    text = (shared / "data" / "reference" / "ukraine_standoff_spun.txt").read_text("utf-8")
    body = "\n".join(text.splitlines()[1:])
    docs = [
        {"id": "variant", "text": spin(body, 3, share), "published_at": 2000},
        {"id": "article", "text": text, "published_at": 1000},
        {"id": "other", "text": story(1, 30)},
    ]
    for order in (docs, docs[::-1]):
        verdicts = {row["id"]: row for row in copies_rows(order)[0]}
        assert verdicts["variant"]["dup_kind"] in ("near", "spun")
        assert verdicts["variant"]["dup_of"] == "article"
        assert verdicts["article"]["is_canonical"]
        assert verdicts["other"]["dup_kind"] == "none"
    alone = copies_rows(docs[2:])[0]
    assert alone[0]["dup_kind"] == "none"
