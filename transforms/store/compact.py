"""Many small files of a date become few large ones; the rows stay equal.

A compaction is a commit like any other: new files are staged, the manifest names them and the
files they replace, publishing moves the new ones in and removes the old ones. The two follow each
other at once but not as one step: who counts rows while a compaction runs may count some twice.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.errors import LakeError
from transforms.records import RunContext
from transforms.store.commit import commit
from transforms.store.files import file_system, join
from transforms.store.manifest import PUBLISH_ORDER, Manifest, StagedFile, staging_path
from transforms.store.parquet import write_table
from transforms.store.rows import from_table, to_table
from transforms.store.schema import schema
from transforms.store.storage import DAY_MS, Storage

# What one new file is made of at most, bytes on disk; files of half that size are left alone.
TARGET_BYTES = 128 * 2**20
MIN_FILES = 2


class Compacted(NamedTuple):
    """What became of one group of files."""

    table: str
    partition: str
    files_before: int
    rows: int
    bytes_before: int
    bytes_after: int


def compact_all(
    lake: Storage, ctx: RunContext, clock: Callable[[], int], before: int, min_files: int = 8
) -> list[Compacted]:
    """Compact every table's dates before that of `before` (UTC ms) that have `min_files` or more.

    Meant for the end of a run: what past dates have left in small files slows every start.
    """
    done: list[Compacted] = []
    for table in PUBLISH_ORDER:
        done += compact(lake, ctx, clock, table, before, min_files)
    return done


def compact(
    lake: Storage,
    ctx: RunContext,
    clock: Callable[[], int],
    table: str,
    before: int,
    min_files: int = MIN_FILES,
    target_bytes: int = TARGET_BYTES,
) -> list[Compacted]:
    """Compact the dates of `table` before that of `before` (UTC ms). Hold the lake's lock.

    `ctx.run_id` names the commits, `clock` dates their end. LakeError when a new file doesn't
    hold the rows it should; nothing has changed then.
    """
    done = []
    for partition, paths in _groups(lake, table, before, min_files, target_bytes):
        tables = [lake.read_file(table, path, schema(table).names) for path in paths]
        kept = [(p, t) for p, t in zip(paths, tables, strict=True) if t is not None]
        if len(kept) < MIN_FILES:
            continue
        done.append(_replace(lake, ctx, clock, table, partition, kept))
    return done


def _groups(
    lake: Storage, table: str, before: int, min_files: int, target_bytes: int
) -> Iterator[tuple[str, list[str]]]:
    """(partition, small files that make one file of about the target size)."""
    sizes = {info.path: info.size for info in file_system(lake.root).walk(join(lake.root, table))}
    by_date: dict[str, list[str]] = {}
    for path in sorted(lake.files(table, until=before - DAY_MS)):
        if sizes.get(path, 0) < target_bytes // 2:
            by_date.setdefault(path.split("/")[-2], []).append(path)
    for partition, paths in sorted(by_date.items()):
        if len(paths) < min_files:
            continue
        group: list[str] = []
        size = 0
        for path in paths:
            if group and size + sizes[path] > target_bytes:
                yield partition, group
                group, size = [], 0
            group.append(path)
            size += sizes[path]
        yield partition, group


def _replace(
    lake: Storage,
    ctx: RunContext,
    clock: Callable[[], int],
    table: str,
    partition: str,
    kept: list[tuple[str, pa.Table]],
) -> Compacted:
    files = file_system(lake.root)
    old = [path for path, _ in kept]
    there = files.walk(join(lake.root, table, partition))
    before = sum(info.size for info in there if info.path in set(old))
    # Named after the first file taken in: unique while that one is replaced by it.
    stem = old[0].rsplit("/", 1)[1].removesuffix(".parquet").split("-c-")[-1]
    path = f"{table}/{partition}/part-{ctx.run_id}-c-{stem}.parquet"
    staged = staging_path(lake.root, ctx.run_id, path)
    data = _of_now(table, pa.concat_tables([t for _, t in kept], promote_options="default"))
    written = write_table(files, staged, table, data)
    if _rows(staged) != len(data):
        files.delete(staged)
        raise LakeError(f"{staged}: compaction lost rows; the old files stay")
    relative = tuple(name[len(lake.root) :].lstrip("/") for name in old)
    commit(
        lake.root,
        Manifest(
            commit_id=f"{ctx.run_id}-{table}-{partition.removeprefix('date=')}-{stem}",
            run_id=ctx.run_id,
            started_at=ctx.started_at,
            ended_at=clock(),
            files=[StagedFile(table, path, len(data), *written, partition)],
            books=None,
            replaces=relative,
        ),
    )
    return Compacted(table, partition, len(old), len(data), before, written.bytes)


def _of_now(table: str, data: pa.Table) -> pa.Table:
    """The rows in today's schema; columns that older files lack get their defaults."""
    if data.schema.equals(schema(table)):
        return data
    return to_table(table, from_table(table, data))


def _rows(path: str) -> int:
    if "://" in path:
        return int(pq.ParquetFile(pa.BufferReader(file_system(path).read(path))).metadata.num_rows)
    return int(pq.read_metadata(path).num_rows)
