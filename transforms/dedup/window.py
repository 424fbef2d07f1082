"""The articles of earlier runs, as far as finding copies needs them: an Arrow file, mapped.

Its rows are `records.Fingerprint`, sorted by id. The signatures come out as one matrix, the other
columns only for the rows that are asked for.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.dedup.cluster import Member, is_cut
from transforms.dedup.signature import BYTES, SLOTS
from transforms.dedup.tokens import Positions, Words64
from transforms.dedup.verify import MERGING
from transforms.errors import LakeError
from transforms.records import CopyVerdict
from transforms.store.schema import schema

_COLUMNS = (
    "id", "host", "published_at", "first_seen_at", "word_count", "dup_kind", "dup_of",
    "dup_cluster_id", "title",
)  # fmt: skip


class OldCopies:
    """The window, opened; empty without a path. Open it in `DoFn.setup`."""

    def __init__(self, table: pa.Table) -> None:
        missing = {*_COLUMNS, "signature"} - set(table.column_names)
        if missing:
            raise LakeError(f"signature window without the columns {', '.join(sorted(missing))}")
        self._table = table.combine_chunks()
        self._ids = self._table.column("id")
        self._matrix: Words64 | None = None

    @classmethod
    def open(cls, path: str) -> "OldCopies":
        """The window at `path`; LakeError when it can't be read. "" gives an empty one."""
        if not path:
            return cls.empty()
        from transforms.store.window import read_window

        return cls(read_window(path))

    @classmethod
    def empty(cls) -> "OldCopies":
        """A window without articles."""
        return cls(schema("fingerprints").empty_table())

    def without(self, ids: Sequence[str]) -> pa.Table:
        """The window's table less the rows of `ids`."""
        gone = pc.is_in(self._ids, value_set=pa.array(sorted(ids), pa.string()))
        return self._table.filter(pc.invert(gone))

    def __len__(self) -> int:
        return len(self._table)

    @property
    def matrix(self) -> Words64:
        """The signatures, one row of 40 slots an article; rows without one are zeros."""
        if self._matrix is None:
            self._matrix = _matrix(self._table.column("signature"))
        return self._matrix

    def ids(self, rows: Sequence[int]) -> list[str]:
        """The ids of the rows given."""
        return [str(value) for value in self._ids.take(pa.array(rows, pa.int64())).to_pylist()]

    def members(self, ids: Iterable[str]) -> dict[str, Member]:
        """The articles of `ids` and all others of their clusters, with the verdicts they have."""
        asked = self._table.select(_COLUMNS).filter(
            pc.is_in(self._ids, value_set=pa.array(sorted(set(ids)), pa.string()))
        )
        clusters = pc.drop_null(pc.unique(asked.column("dup_cluster_id")))
        whole = self._table.select(_COLUMNS).filter(
            pc.is_in(self._table.column("dup_cluster_id"), value_set=clusters)
        )
        rows = asked.to_pylist() + whole.to_pylist()
        return {row["id"]: _member(row) for row in rows}

    def rows_of(self, ids: Sequence[str]) -> Positions:
        """The row numbers of those of `ids` that are in the window."""
        wanted = pa.array(sorted(ids), pa.string())
        if not len(self) or not len(wanted):
            return np.empty(0, dtype=np.int64)
        found = pc.is_in(self._ids, value_set=wanted)
        return np.flatnonzero(np.asarray(found.combine_chunks().to_numpy(zero_copy_only=False)))


def _matrix(column: pa.ChunkedArray) -> Words64:
    """A binary column of 320 bytes or nothing a row, as a matrix; a view where it can be one."""
    parts = [_chunk_matrix(chunk) for chunk in column.chunks if len(chunk)]
    if not parts:
        return np.zeros((0, SLOTS), dtype=np.uint64)
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _chunk_matrix(chunk: pa.BinaryArray) -> Words64:
    _, ends, data = chunk.buffers()
    wide = pa.types.is_large_binary(chunk.type)
    ends = np.frombuffer(ends, np.int64 if wide else np.int32)
    ends = ends[chunk.offset : chunk.offset + len(chunk) + 1]
    signed = np.diff(ends) == BYTES
    if chunk.null_count:
        signed &= np.asarray(chunk.is_valid())
    if not signed.any():
        return np.zeros((len(chunk), SLOTS), dtype=np.uint64)
    if signed.all():
        content = np.frombuffer(data, "<u8", len(chunk) * SLOTS, int(ends[0]))
        return content.reshape(len(chunk), SLOTS)
    out = np.zeros((len(chunk), SLOTS), dtype=np.uint64)
    content = np.frombuffer(data, np.uint8)
    for row in np.flatnonzero(signed).tolist():
        out[row] = content[ends[row] : ends[row] + BYTES].view("<u8")
    return out


def _member(row: dict[str, Any]) -> Member:
    kind = row["dup_kind"] or "none"
    of, cluster = row["dup_of"], row["dup_cluster_id"]
    verdict = CopyVerdict(row["id"], kind, of, cluster or row["id"], None, kind not in MERGING)
    return Member(
        row["id"],
        row["host"] or "",
        _millis(row["published_at"]),
        _millis(row["first_seen_at"]) or 0,
        row["word_count"] or 0,
        is_cut(row["title"]),
        row["title"],
        verdict,
    )


def _millis(value: Any) -> int | None:
    if value is None or isinstance(value, int):
        return value
    return int(value.timestamp() * 1000)
