"""The index of known URLs: built from the lake before a run, opened by any worker, disposable.

One Arrow IPC file, sorted by the 128-bit article id, memory-mapped where it is local: half a
million ids take some tens of MB on disk and next to nothing in a worker. A look-up is a binary
search over the first 64 bits, then a comparison of the rest.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from transforms.errors import LakeError
from transforms.store.files import Files, file_system

SEEN, RETRY, GONE = "seen", "retry", "gone"
_STATES = (SEEN, RETRY, GONE)

COLUMNS = pa.schema(
    [
        ("high", pa.uint64()),
        ("low", pa.uint64()),
        ("revision", pa.int32()),
        ("first_seen_at", pa.int64()),
        ("state", pa.uint8()),
        ("content_hash", pa.string()),
        ("entry_hash", pa.string()),
    ]
)
Words = npt.NDArray[np.uint64]


class Known(NamedTuple):
    """What the lake knows of a URL: `seen` (stored), `retry` (on the retry list) or `gone`
    (rejected or failed for good); revision 0 and empty content_hash unless stored."""

    revision: int
    content_hash: str
    entry_hash: str
    first_seen_at: int
    state: str


def words_of(ids: Sequence[str]) -> Words:
    """Ids (32 hex digits) as rows of two unsigned 64-bit words; ValueError for other strings."""
    raw = bytes.fromhex("".join(ids))
    if len(raw) != 16 * len(ids):
        raise ValueError("an article id has 32 hexadecimal digits")
    return np.frombuffer(raw, dtype=">u8").astype(np.uint64).reshape(-1, 2)


def build(ids: Sequence[str], known: dict[str, Any]) -> pa.Table:
    """The index of `ids`; `known` maps the other columns to arrays, `state` as its name's number.

    Where an id comes more than once the row of the highest revision stands, and of equal
    revisions the first given; first_seen_at is the earliest of them.
    """
    words = words_of(ids)
    high, low = words[:, 0], words[:, 1]
    revision = np.asarray(known["revision"], dtype=np.int32)
    first = np.asarray(known["first_seen_at"], dtype=np.int64)
    order = np.lexsort((np.arange(len(ids)), -revision, low, high))
    high, low, first = high[order], low[order], first[order]
    if len(order):
        starts = np.flatnonzero(
            np.concatenate(([True], (high[1:] != high[:-1]) | (low[1:] != low[:-1])))
        )
        first = np.minimum.reduceat(first, starts)
    else:
        starts = order
    kept = order[starts]
    take = pa.array(kept)
    return pa.Table.from_arrays(
        [
            pa.array(high[starts]),
            pa.array(low[starts]),
            pa.array(revision[kept]),
            pa.array(first),
            pa.array(np.asarray(known["state"], dtype=np.uint8)[kept]),
            pa.array(known["content_hash"], type=pa.string()).take(take),
            pa.array(known["entry_hash"], type=pa.string()).take(take),
        ],
        schema=COLUMNS,
    )


def state_number(state: str) -> int:
    """The number that stands for a state in the index."""
    return _STATES.index(state)


def save(path: str, index: pa.Table) -> str:
    """Write the index to `path`, whole or not at all; returns `path`."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, index.schema) as writer:
        writer.write_table(index.combine_chunks())
    file_system(path).write(path, sink.getvalue())
    return path


class SeenIndex:
    """An opened index; read-only, so threads may share it. `open` it in `DoFn.setup`."""

    def __init__(self, index: pa.Table) -> None:
        self._high: Words = _numbers(index, "high")
        self._low: Words = _numbers(index, "low")
        self._rest = index.drop_columns(["high", "low"])

    @classmethod
    def open(cls, path: str) -> "SeenIndex":
        """The index at `path`; LakeError when it is missing or damaged."""
        try:
            files: Files = file_system(path)
            source = pa.BufferReader(files.read(path)) if "://" in path else pa.memory_map(path)
            table = pa.ipc.open_file(source).read_all()
            if table.schema != COLUMNS:
                raise LakeError(f"{path}: not an index of this version; delete it and run again")
            return cls(table)
        except (OSError, pa.ArrowException) as error:
            raise LakeError(f"{path}: no readable index: {error}") from error

    def __len__(self) -> int:
        return len(self._high)

    def lookup(self, ids: Sequence[str]) -> list[Known | None]:
        """For each id what is known of it, or None; in the order given. Best in hundreds."""
        if not ids or not len(self):
            return [None] * len(ids)
        words = words_of(ids)
        at = np.searchsorted(self._high, words[:, 0])
        found = np.full(len(ids), -1, dtype=np.int64)
        for step in range(len(self)):
            inside = at + step < len(self)
            place = np.minimum(at + step, len(self) - 1)
            same = inside & (self._high[place] == words[:, 0])
            found = np.where(same & (self._low[place] == words[:, 1]), place, found)
            if not np.any(same & (found < 0)):
                break
        return self._known(found)

    def _known(self, found: npt.NDArray[np.int64]) -> list[Known | None]:
        hits = found[found >= 0]
        columns = self._rest.take(pa.array(hits)).to_pydict()
        rows = iter(
            [
                Known(revision, content_hash, entry_hash, first, _STATES[state])
                for revision, first, state, content_hash, entry_hash in zip(
                    columns["revision"],
                    columns["first_seen_at"],
                    columns["state"],
                    columns["content_hash"],
                    columns["entry_hash"],
                    strict=True,
                )
            ]
        )
        return [next(rows) if place >= 0 else None for place in found.tolist()]


def _numbers(index: pa.Table, name: str) -> Words:
    column = index.column(name)
    chunk = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    values: Words = chunk.to_numpy(zero_copy_only=False)
    return values
