"""Rows to staged Parquet files: one file a (partition date, shard), the same on every retry.

Rows cross the shuffle packed by the hundred as compressed Arrow, not one by one: that is many
times less memory and time than a row coder, and the bundle in which a row arrived doesn't
matter because the file is sorted. The name says run, shard, window and pane; a repeated bundle
overwrites its own file. Nothing here is visible to readers: see `commit`.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam
import pyarrow as pa
import xxhash
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.timestamp import Timestamp
from apache_beam.utils.windowed_value import PaneInfo, WindowedValue

from transforms.records import RunContext
from transforms.store.files import file_system
from transforms.store.manifest import StagedFile, partition_of, staging_path
from transforms.store.parquet import write_table
from transforms.store.rows import to_table
from transforms.store.schema import PARTITION_KEYS

PACK_ROWS = 500
_OPTIONS = pa.ipc.IpcWriteOptions(compression="zstd")

Key = tuple[str, int]
"""(partition, shard)"""


def pack(table: str, rows: list[Any]) -> bytes:
    """Rows as compressed Arrow."""
    data = to_table(table, rows)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, data.schema, options=_OPTIONS) as writer:
        writer.write_table(data)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def unpack(packs: Iterable[bytes]) -> pa.Table:
    """One table of all packs."""
    return pa.concat_tables([pa.ipc.open_stream(content).read_all() for content in packs])


def shard_of(row: Any, shards: int) -> int:
    """The shard of a row, by its id: the same in every process."""
    if shards == 1:
        return 0
    name = getattr(row, "id", None) or getattr(row, "article_id", None) or row.feed_url
    return xxhash.xxh64_intdigest(name.encode("utf-8", "replace")) % shards


def file_name(run_id: str, shard: int, window: Any, pane_index: int) -> str:
    """The name of a part: run, shard, window start (ms) where there is one, and pane."""
    start = "" if isinstance(window, GlobalWindow) else f"-w{Timestamp.of(window.start).micros // 1000}"  # fmt: skip  # noqa: E501
    return f"part-{run_id}-s{shard:03d}{start}-p{pane_index}.parquet"


class PackRows(beam.DoFn):
    """Row → ((partition, shard), packed rows)."""

    def __init__(self, table: str, shards: int) -> None:
        self._table, self._shards = table, shards

    def start_bundle(self) -> None:
        self._held: dict[tuple[Key, Any], list[Any]] = {}

    def process(self, row: Any, window: Any = beam.DoFn.WindowParam) -> Iterator[tuple[Key, bytes]]:
        partition = partition_of(getattr(row, PARTITION_KEYS[self._table]))
        key = (partition, shard_of(row, self._shards))
        rows = self._held.setdefault((key, window), [])
        rows.append(row)
        if len(rows) >= PACK_ROWS:
            del self._held[(key, window)]
            yield key, pack(self._table, rows)

    def finish_bundle(self) -> Iterator[WindowedValue]:
        for (key, window), rows in self._held.items():
            yield WindowedValue((key, pack(self._table, rows)), window.max_timestamp(), (window,))
        self._held = {}


class WriteGroup(beam.DoFn):
    """((partition, shard), packs) → StagedFile."""

    def __init__(self, ctx: RunContext, table: str) -> None:
        self._ctx, self._table = ctx, table

    def process(
        self,
        group: tuple[Key, Iterable[bytes]],
        window: Any = beam.DoFn.WindowParam,
        pane: PaneInfo = beam.DoFn.PaneInfoParam,
    ) -> Iterator[StagedFile]:
        (partition, shard), packs = group
        data = unpack(packs)
        name = file_name(self._ctx.run_id, shard, window, max(pane.index, 0))
        path = f"{self._table}/{partition}/{name}"
        target = staging_path(self._ctx.lake, self._ctx.run_id, path)
        written = write_table(file_system(target), target, self._table, data)
        yield StagedFile(self._table, path, len(data), written.bytes, written.sha256, partition)


class WriteTable(beam.PTransform):
    """PCollection[row of `table`] → PCollection[StagedFile].

    `shards` is the number of files a partition date gets; raise it for backfills, where one
    file would hold all articles of the run.
    """

    def __init__(self, ctx: RunContext, table: str, shards: int = 1) -> None:
        super().__init__()
        self._ctx, self._table, self._shards = ctx, table, shards

    def expand(self, rows: beam.PCollection) -> beam.PCollection:
        return (
            rows
            | "PackRows"
            >> beam.ParDo(PackRows(self._table, self._shards)).with_output_types(
                tuple[tuple[str, int], bytes]
            )
            | "GroupByPartition" >> beam.GroupByKey()
            | "WriteFile"
            >> beam.ParDo(WriteGroup(self._ctx, self._table)).with_output_types(StagedFile)
        )
