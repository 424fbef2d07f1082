"""`crisiswire apply STAGE`: the fixed JSON Lines forms of the three stages, as a user runs them."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

Row = dict[str, Any]

PAGE = """<!doctype html><html lang="en"><head><title>Ferry strike ends | Harbour Post</title>
<meta property="og:title" content="Ferry strike ends after nine days">
<meta property="og:site_name" content="Harbour Post">
<meta property="article:published_time" content="2026-03-04T09:30:00+01:00"></head>
<body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav><article>
<h1>Ferry strike ends after nine days</h1>
<p>The crews of the island ferries went back to work on Wednesday after nine days in port, ending
the longest stoppage that the line has seen since it was founded by three captains in 1931.</p>
<p>Both sides said that the compromise was fair. The owners will pay the crews for half of the days
that were lost, and the crews will sail on two Sundays in April without the usual supplement.</p>
<p>On the islands, where shops had begun to ration flour and diesel, the first ship was met by a
brass band, several hundred people and a queue of lorries that reached back to the lighthouse.</p>
</article><footer>Click: See details</footer></body></html>"""


def apply(stage: str, rows: list[Row], tmp_path: Path, *more: str) -> list[Row]:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    command = [sys.executable, "-m", "pipeline", "apply", stage]
    subprocess.run(
        [*command, "--in", str(source), "--out", str(out), *more], check=True, timeout=120
    )
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def test_extract_gives_its_fixed_form(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    url = "https://harbour.example/ferry"
    rows = [
        {"id": "a", "url": url, "html_file": "page.html"},
        {"id": "b", "url": url, "html": PAGE, "title": "Ferry strike ends after nine days"},
        {"id": "c", "url": url, "html": "<html></html>"},
    ]
    first, second, third = apply("extract", rows, tmp_path)
    assert set(first) == {
        "id", "title", "title_source", "text", "published_at", "date_source", "authors",
        "language", "language_score", "wall", "removed",
    }  # fmt: skip
    assert first["title"] == second["title"] == "Ferry strike ends after nine days"
    assert first["published_at"].startswith("2026-03-04")
    assert first["language"] == "en"
    assert "brass band" in first["text"]
    assert "See details" not in first["text"]
    assert third["id"] == "c"
    assert third["error"]["stage"] == "Extract"
    assert third["error"]["reason"] == "extract_empty"


def test_copies_gives_its_fixed_form(tmp_path: Path) -> None:
    text = " ".join(f"The {n}th ship met fog off the northern cape." for n in range(40))
    rows = [
        {"id": "a", "text": text, "published_at": "2026-01-01T00:00:00Z"},
        {"id": "b", "text": text, "published_at": "2026-01-02T00:00:00Z"},
        {"id": "c", "text": "Quite another story about a bakery and its seven loaves of rye. " * 5},
    ]
    pairs = tmp_path / "pairs.jsonl"
    out = {row["id"]: row for row in apply("copies", rows, tmp_path, "--pairs", str(pairs))}
    keys = {"id", "dup_kind", "dup_of", "dup_cluster_id", "dup_score", "is_canonical"}
    assert all(set(row) == keys for row in out.values())
    assert (out["b"]["dup_kind"], out["b"]["dup_of"]) == ("exact", "a")
    assert out["a"]["is_canonical"]
    assert out["c"]["dup_kind"] == "none"
    (pair,) = [json.loads(line) for line in pairs.read_text(encoding="utf-8").splitlines()]
    assert {pair["a"], pair["b"]} == {"a", "b"}
    assert pair["kind"] == "exact"


def test_tags_gives_its_fixed_form(tmp_path: Path) -> None:
    text = (
        "Negotiators from Armenia and Azerbaijan met in Geneva on Monday for cease-fire talks. "
        "Armenia demanded that Azerbaijan withdraw its troops from the border."
    )
    (row,) = apply("tags", [{"id": "a", "title": "Talks open", "text": text}], tmp_path)
    assert row["is_crisis"] is True
    assert "DIP" in {category["code"] for category in row["categories"]}
    assert {"AZE", "ARM"} <= {c["alpha3"] for c in row["countries"] if c["role"] == "party"}
    for category in row["categories"]:
        for span in category["evidence"]:
            source = text if span["field"] == "text" else "Talks open"
            assert source[span["start"] : span["end"]] == span["text"]
    for place in row["places"]:
        assert text[place["start"] : place["end"]] == place["name"]


@pytest.mark.parametrize(
    ("content", "words"),
    [("{not json}\n", "line 1: not JSON"), ('{"text": "x"}\n', "line 1: each line is an object")],
)
def test_a_line_that_is_no_row_is_named(tmp_path: Path, content: str, words: str) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(content, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "apply", "extract", "--in", str(source)],
        check=False, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_file_ends_with_two(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "apply", "tags", "--in", str(tmp_path / "none.jsonl")],
        check=False, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 2
    assert "name an existing file" in done.stderr
