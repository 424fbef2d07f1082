"""The commit: one manifest for all staged files and the books, then publishing by rename.

The manifest's rename is the instant at which a run exists. Files are published in a fixed
order, and again from the start if a process dies between (`publish` may be repeated at will).
Where the books don't balance nothing is committed: `unbalanced.json` stays in the staging
folder instead.
"""

import json
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.transforms.combiners import ToListCombineFn
from apache_beam.transforms.window import GlobalWindow, GlobalWindows
from apache_beam.utils.timestamp import Timestamp
from apache_beam.utils.windowed_value import PaneInfo

from transforms.errors import LakeError
from transforms.records import RunContext
from transforms.store.books import Count, books_of
from transforms.store.files import file_system, join
from transforms.store.manifest import (
    Manifest,
    StagedFile,
    decode,
    encode,
    in_publish_order,
    manifest_path,
    staging_path,
)
from transforms.store.sink import WriteTable

UNBALANCED = "unbalanced.json"
REPLACING = "replacing"

Clock = Callable[[], int]
"""Gives the time now, UTC ms; a module-level function, so that it can be pickled."""


class Commit(NamedTuple):
    """What became of a commit: `committed` is false when the books don't balance."""

    commit_id: str
    committed: bool
    files: int
    rows: int
    manifest: str  # JSON, as in `_runs/`


def publish(lake: str, manifest: Manifest, gone: Collection[str] = ()) -> None:
    """Move the files of a committed manifest into place; repeating it changes nothing.

    `gone` are files that a compaction has replaced since. LakeError when another is neither
    staged nor published.
    """
    files = file_system(lake)
    touched = []
    for file in in_publish_order(manifest.files):
        if file.path in gone:
            continue
        source, target = staging_path(lake, manifest.run_id, file.path), join(lake, file.path)
        if files.exists(source):
            files.rename(source, target)
            touched.append(target.rsplit("/", 1)[0])
        elif not files.exists(target):
            raise LakeError(f"{target}: committed by {manifest.commit_id} but lost")
    files.sync_folders(touched)
    for path in manifest.replaces:
        files.delete(join(lake, path))


def commit(lake: str, manifest: Manifest) -> Manifest:
    """Write the manifest, or take the one already there for this commit, and publish."""
    files, path = file_system(lake), manifest_path(lake, manifest.commit_id)
    pending = staging_path(lake, manifest.run_id, f"{manifest.commit_id}.{REPLACING}")
    if files.exists(path):
        manifest = decode(files.read(path), path)
    else:
        if manifest.replaces:
            # Keeps the staging folder in being, and so `recover` busy, until the old are gone.
            files.write(pending, b"")
        files.write(path, encode(manifest))
    publish(lake, manifest)
    if manifest.replaces:
        files.delete(pending)
    remove_empty(lake, manifest.run_id)
    return manifest


def remove_empty(lake: str, run_id: str) -> None:
    """Remove the folders of a run's staging that hold nothing any more (local lakes only)."""
    if "://" in lake:
        return
    for parent, _, _ in os.walk(staging_path(lake, run_id), topdown=False):
        try:
            os.rmdir(parent)
        except OSError:
            continue  # not empty: another window's files, or what recovery has to see


class CommitFiles(beam.DoFn):
    """All files and counts of one window, as JSON → one Commit."""

    def __init__(self, ctx: RunContext, clock: Clock) -> None:
        self._ctx, self._clock = ctx, clock

    def process(
        self,
        lines: list[str],
        window: Any = beam.DoFn.WindowParam,
        pane: PaneInfo = beam.DoFn.PaneInfoParam,
    ) -> Iterator[Commit]:
        ctx = self._ctx
        staged, counts = _split(lines)
        manifest = Manifest(
            commit_id=commit_id(ctx.run_id, window, max(pane.index, 0)),
            run_id=ctx.run_id,
            started_at=ctx.started_at,
            ended_at=self._clock(),
            files=in_publish_order(staged),
            books=books_of(counts),
        )
        done = manifest.books is not None and manifest.books.balanced
        if done:
            manifest = commit(ctx.lake, manifest)
        else:
            path = staging_path(ctx.lake, ctx.run_id, UNBALANCED)
            file_system(path).write(path, encode(manifest))
        rows = sum(file.rows for file in manifest.files)
        yield Commit(manifest.commit_id, done, len(manifest.files), rows, encode(manifest).decode())


class CommitRun(beam.PTransform):
    """{files: StagedFile of all tables, counts: Count} → PCollection[Commit], one a window.

    In the global window (batch) an empty run is committed too. `clock` dates the manifest.
    """

    def __init__(self, ctx: RunContext, clock: Clock) -> None:
        super().__init__()
        self._ctx, self._clock = ctx, clock

    def expand(self, inputs: Any) -> beam.PCollection:
        gather = beam.CombineGlobally(ToListCombineFn())
        if not isinstance(inputs["files"].windowing.windowfn, GlobalWindows):
            gather = gather.without_defaults()
        lines = [
            inputs["files"] | "DescribeFiles" >> beam.Map(_file_line).with_output_types(str),
            inputs["counts"] | "DescribeCounts" >> beam.Map(_count_line).with_output_types(str),
        ]
        return (
            lines
            | "FlattenManifest" >> beam.Flatten()
            | "GatherManifest" >> gather
            | "Commit" >> beam.ParDo(CommitFiles(self._ctx, self._clock)).with_output_types(Commit)
        )


class WriteTables(beam.PTransform):
    """{table: PCollection[row]} and counts → PCollection[Commit]: write all, then commit.

    `inputs` maps each table name to its rows and "counts" to what `CountBooks` gave.
    `shards` maps a table to its number of files a partition date (1 where it isn't named).
    """

    def __init__(self, ctx: RunContext, clock: Clock, shards: dict[str, int] | None = None) -> None:
        super().__init__()
        self._ctx, self._clock, self._shards = ctx, clock, shards or {}

    def expand(self, inputs: Any) -> beam.PCollection:
        staged = [
            rows
            | f"Write{_words(table)}" >> WriteTable(self._ctx, table, self._shards.get(table, 1))
            for table, rows in inputs.items()
            if table != "counts"
        ]
        files = staged | "FlattenFiles" >> beam.Flatten()
        return {"files": files, "counts": inputs["counts"]} | "CommitRun" >> CommitRun(
            self._ctx, self._clock
        )


def commit_id(run_id: str, window: Any, pane_index: int) -> str:
    """The run's id; with the window's start (ms) in streaming, and the pane if it came late."""
    if isinstance(window, GlobalWindow):
        return run_id
    late = f"-p{pane_index}" if pane_index else ""
    return f"{run_id}-w{Timestamp.of(window.start).micros // 1000}{late}"


def _words(table: str) -> str:
    return "".join(part.capitalize() for part in table.split("_"))


def _file_line(file: StagedFile) -> str:
    return json.dumps(["file", *file])


def _count_line(count: Count) -> str:
    return json.dumps(["count", *count])


def _split(lines: Iterable[str]) -> tuple[list[StagedFile], list[Count]]:
    files, counts = [], []
    for line in lines:
        kind, *values = json.loads(line)
        if kind == "file":
            files.append(StagedFile(*values))
        else:
            counts.append(Count(*values))
    return files, counts
