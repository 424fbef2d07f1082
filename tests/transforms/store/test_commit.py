"""A run exists with its manifest, wholly or not at all."""

import json
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.transforms.window import (
    FixedWindows,
    GlobalWindow,
    IntervalWindow,
    TimestampedValue,
)
from lake_samples import ENDED, NOW, article, clock, keep, poll, rows_of_run, tree, write_run

from transforms.errors import LakeError
from transforms.records import Feed, RunContext
from transforms.store.books import CountBooks
from transforms.store.commit import WriteTables, commit, commit_id, publish
from transforms.store.lake import Lake
from transforms.store.manifest import Manifest, decode
from transforms.store.rows import to_table


def test_all_tables_and_the_books_are_in_one_manifest(tmp_path: Path) -> None:
    (done,) = write_run(str(tmp_path), "run", rows_of_run(0, 10))
    assert done.committed
    (manifest,) = Lake(str(tmp_path)).runs()
    assert manifest == decode(done.manifest.encode(), "commit")
    assert manifest.rows() == {
        "articles": 10, "events": 5, "outcomes": 12, "dead_letters": 1, "fingerprints": 10,
        "polls": 1, "corrections": 1,
    }  # fmt: skip
    assert manifest.books is not None
    assert manifest.books.balanced
    assert (manifest.started_at, manifest.ended_at) == (NOW, clock())
    assert sorted(tree(str(tmp_path))) == sorted(
        ["_runs/run.json", *(file.path for file in manifest.files)]
    )


def test_an_empty_run_is_committed_too(tmp_path: Path) -> None:
    (done,) = write_run(str(tmp_path), "run", {name: [] for name in rows_of_run(0, 1)}, feeds=0)
    assert (done.committed, done.files, done.rows) == (True, 0, 0)
    assert tree(str(tmp_path)) == ["_runs/run.json"]


def test_unbalanced_books_publish_nothing(tmp_path: Path) -> None:
    rows = rows_of_run(0, 10)
    rows["outcomes"].pop()
    (done,) = write_run(str(tmp_path), "run", rows)
    assert not done.committed
    lake = Lake(str(tmp_path))
    assert lake.runs() == []
    assert [path for path in tree(str(tmp_path)) if not path.startswith("_staging/run/")] == []
    books = json.loads((tmp_path / "_staging/run/unbalanced.json").read_text())["books"]
    assert (books["entries_in"], sum(books["entries_out"].values())) == (14, 13)
    assert lake.recover().swept == ["run"]
    assert tree(str(tmp_path)) == ["_runs/run.unbalanced"]


def test_committing_twice_changes_nothing(tmp_path: Path) -> None:
    write_run(str(tmp_path), "run", rows_of_run(0, 10))
    before = {path: (tmp_path / path).read_bytes() for path in tree(str(tmp_path))}
    (manifest,) = Lake(str(tmp_path)).runs()
    again = commit(str(tmp_path), manifest._replace(ended_at=manifest.ended_at + 999))
    assert again == manifest
    assert {path: (tmp_path / path).read_bytes() for path in tree(str(tmp_path))} == before


def test_a_committed_file_that_is_gone_is_said_aloud(tmp_path: Path) -> None:
    write_run(str(tmp_path), "run", rows_of_run(0, 10))
    (manifest,) = Lake(str(tmp_path)).runs()
    (tmp_path / manifest.files[0].path).unlink()
    with pytest.raises(LakeError, match="committed by run but lost"):
        publish(str(tmp_path), manifest)


def test_commits_are_named_after_run_window_and_late_pane() -> None:
    window = IntervalWindow(600, 1200)
    assert commit_id("R", GlobalWindow(), 0) == "R"
    assert commit_id("R", window, 0) == "R-w600000"
    assert commit_id("R", window, 2) == "R-w600000-p2"


def windowed(pipeline: beam.Pipeline, name: str, rows: list[tuple[int, Any]]) -> Any:
    kind = type(rows[0][1])
    return (
        pipeline
        | f"Make {name}" >> beam.Create(rows)
        | f"Date {name}"
        >> beam.Map(lambda pair: TimestampedValue(pair[1], pair[0])).with_output_types(kind)
        | f"Window {name}" >> beam.WindowInto(FixedWindows(600))
    )


def test_each_window_has_its_own_manifest_and_files(tmp_path: Path) -> None:
    parts = [rows_of_run(100 * n, 4, at=NOW) for n in range(3)]
    ctx = RunContext("run", NOW, str(tmp_path))
    ENDED.clear()
    with beam.Pipeline(runner="FnApiRunner", options=PipelineOptions([])) as pipeline:
        inputs: dict[str, Any] = {
            name: windowed(
                pipeline,
                name,
                [(600 * n, row) for n, part in enumerate(parts) for row in part[name]],
            )
            for name in parts[0]
        }
        feeds = windowed(pipeline, "feeds", [(600 * n, Feed("f")) for n in range(3)])
        inputs["counts"] = {
            "feeds": feeds, "polls": inputs["polls"], "outcomes": inputs["outcomes"],
        } | "Books" >> CountBooks()  # fmt: skip
        _ = inputs | WriteTables(ctx, clock) | beam.Map(keep).with_output_types(int)
    assert sorted((done.commit_id, done.committed, done.rows) for done in ENDED) == [
        (f"run-w{start}", True, 4 + 2 + 6 + 1 + 4 + 1 + 1) for start in (0, 1_200_000, 600_000)
    ]
    manifests: list[Manifest] = Lake(str(tmp_path)).runs()
    assert {manifest.run_id for manifest in manifests} == {"run"}
    stored = Lake(str(tmp_path)).rows("articles")
    assert sorted(stored) == sorted(row for part in parts for row in part["articles"])
    assert not [path for path in tree(str(tmp_path)) if path.startswith("_staging")]


def test_a_commit_survives_large_rows(tmp_path: Path) -> None:
    large = article(1, text="x" * 5_000_000, title=None)
    rows = rows_of_run(0, 0, failing=0) | {"articles": [large], "polls": [poll(0)]}
    (done,) = write_run(str(tmp_path), "run", rows)
    assert done.committed
    (back,) = Lake(str(tmp_path)).rows("articles")
    assert len(back.text) == 5_000_000
    assert to_table("articles", [back]).num_rows == 1
