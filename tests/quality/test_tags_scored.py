"""The tagger by the scorer that lies beside the repository: floors, not goals."""

import json
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from transforms.tag.apply import tags_rows

pytestmark = pytest.mark.slow
EVENTS = ("case2021", "plover_gsr", "arabic_gsr", "muc4", "fakes_syria", "satp")
CALM = ("ag_news", "bbc", "masakha", "gnad", "reuters_commodity")
CALM_ROWS = 60


def members(path: Path, names: tuple[str, ...]) -> Iterator[list[dict[str, Any]]]:
    with tarfile.open(path) as archive:
        for name in names:
            file = archive.extractfile(f"{name}.jsonl")
            assert file is not None
            yield [json.loads(line) for line in file.read().decode().split("\n") if line.strip()]


def measured(data: Path) -> Iterator[dict[str, Any]]:
    """The rows that the scorer looks at: hand labels, event sets, calm news."""
    hand = (data / "hand_dev.jsonl").read_text(encoding="utf-8")
    yield from (json.loads(line) for line in hand.split("\n") if line.strip())
    for rows in members(data / "events.tar.xz", EVENTS):
        yield from (row for row in rows if row["labels"].get("coarse") is not None)
    for rows in members(data / "news.tar.xz", CALM):
        yield from [row for row in rows if row["labels"].get("is_crisis") == 0][:CALM_ROWS]


@pytest.fixture(scope="module")
def tags(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tags") / "tags.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for row in tags_rows(measured(shared / "data" / "tagging")):
            file.write(json.dumps(row) + "\n")
    return path


def scored(shared: Path, *arguments: str | Path) -> dict[str, Any]:
    command = [sys.executable, shared / "tools" / "score_tagging.py", *arguments, "--json"]
    told: dict[str, Any] = json.loads(subprocess.check_output(command, text=True))
    return told


def test_hand_labels(shared: Path, tags: Path) -> None:
    found = scored(shared, tags, shared / "data" / "tagging" / "hand_dev.jsonl")
    assert found["is_crisis"]["F1"] >= 0.92
    assert found["is_crisis"]["AP"] >= 0.95
    assert found["is_crisis"]["ECE10"] <= 0.05
    assert found["false_positive_rate"] <= 0.07
    assert found["categories"]["macro_F1"] >= 0.74
    assert found["countries"]["F1"] >= 0.94
    assert min(found["crises"]["P"], found["crises"]["R"]) >= 0.9


def test_what_is_plain_is_told_apart(shared: Path, tags: Path) -> None:
    labels = shared / "data" / "tagging" / "hand_dev.jsonl"
    found = scored(shared, tags, labels, "--no-borderline")["is_crisis"]
    assert (found["F1"] >= 0.97, found["AP"] >= 0.99) == (True, True)


def test_coarse_classes(shared: Path, tags: Path) -> None:
    found = scored(shared, tags, shared / "data" / "tagging", "--coarse")
    assert found["macro_F1"] >= 0.88
    assert found["macro_AP"] >= 0.93
    assert min(v["F1"] for k, v in found.items() if k.isupper()) >= 0.8
