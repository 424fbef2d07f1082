"""What earlier runs know of the articles of one host: read from the window of fingerprints."""

from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from transforms.errors import LakeError
from transforms.store.schema import schema
from transforms.store.storage import Storage
from transforms.store.window import read_window

_COLUMNS = ("id", "host", "first_seen_at", "sentence_keys")


class HostMemory:
    """The articles of earlier runs by host; empty without a path. Open it in `DoFn.setup`."""

    def __init__(self, table: pa.Table) -> None:
        missing = set(_COLUMNS) - set(table.column_names)
        if missing:
            raise LakeError(f"signature window without the columns {', '.join(sorted(missing))}")
        self._table = table.select(_COLUMNS).combine_chunks()

    @classmethod
    def open(cls, path: str) -> "HostMemory":
        """The window at `path`; LakeError when it can't be read. "" gives an empty one."""
        return cls(read_window(path) if path else schema("fingerprints").empty_table())

    @classmethod
    def of_lake(cls, lake: Storage, since: int) -> "HostMemory":
        """What a lake holds since a time (UTC ms, whole dates), without writing a window."""
        return cls(lake.read("fingerprints", _COLUMNS, since))

    def articles(self, host: str) -> list[tuple[int, str, bytes]]:
        """(first seen in UTC ms, id, hashes of its sentences) of each article of `host`."""
        rows = self._rows_by_host.get(host)
        if rows is None:
            return []
        found = self._table.take(pa.array(rows))
        seen = found.column("first_seen_at").cast(pa.int64()).to_pylist()
        columns = seen, found.column("id").to_pylist(), found.column("sentence_keys").to_pylist()
        return [(at or 0, i, keys) for at, i, keys in zip(*columns, strict=True) if keys]

    @cached_property
    def _rows_by_host(self) -> dict[str, npt.NDArray[np.int64]]:
        if not len(self._table):
            return {}
        named = pc.fill_null(self._table.column("host"), "").combine_chunks()
        hosts = pc.dictionary_encode(named)
        codes = np.asarray(hosts.indices)
        order = np.argsort(codes, kind="stable")
        starts = np.searchsorted(codes[order], np.arange(len(hosts.dictionary)))
        parts = np.split(order, starts[1:])
        return dict(zip(hosts.dictionary.to_pylist(), parts, strict=True))
