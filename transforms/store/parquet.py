"""Parquet as the lake writes and reads it: zstd, dictionaries, page checksums, version checks."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from transforms.errors import LakeError
from transforms.store.files import Files
from transforms.store.hashing import Written
from transforms.store.schema import SORT_KEYS, check_version, schema

# Rows of one row group: what a reader skips or reads at once.
ROW_GROUP_ROWS = {"articles": 8_192}
ROW_GROUP_ROWS_ELSE = 65_536
ZSTD_LEVEL = 3


def write_table(files: Files, path: str, table: str, data: pa.Table) -> Written:
    """Write rows of `table` to `path`, sorted; whole and durable or not at all.

    The rows are put in order one row group at a time: a second copy of all is never held.
    """
    order = file_order(table, data)
    return files.write_with(path, lambda file: _write(file, table, data, order))


def _write(file: object, table: str, data: pa.Table, order: pa.Array) -> None:
    step = ROW_GROUP_ROWS.get(table, ROW_GROUP_ROWS_ELSE)
    with pq.ParquetWriter(
        file,
        schema(table),
        compression="zstd",
        compression_level=ZSTD_LEVEL,
        write_page_index=True,
        write_page_checksum=True,
        store_schema=True,
    ) as writer:
        for start in range(0, len(data), step):
            part = data.take(order.slice(start, step))
            writer.write_table(part.cast(schema(table)), row_group_size=step)


def file_order(table: str, data: pa.Table) -> pa.Array:
    """Row numbers in the order of the table's files, whatever the order the rows came in.

    Articles: crisis stories first, by leading category and country, then by time.
    """
    columns = {key: data.column(key) for key in SORT_KEYS[table]}
    if table == "articles":
        columns = {
            "quiet": pc.invert(pc.fill_null(data.column("is_crisis"), False)),
            "category": _first(data.column("categories"), "code"),
            "country": _first(data.column("countries"), "alpha3"),
        } | columns
    keys = [(name, "ascending") for name in columns]
    return pc.sort_indices(pa.table(columns), sort_keys=keys)


def _first(column: pa.ChunkedArray, field: str) -> pa.Array:
    """`field` of the first item of each list, null where the list is empty."""
    lists = column.combine_chunks()
    if isinstance(lists, pa.ChunkedArray):  # no rows
        lists = pa.array([], type=column.type)
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy()
    starts = np.cumsum(lengths) - lengths
    values = pc.struct_field(lists.flatten(), field)
    return values.take(pa.array(starts, mask=lengths == 0, type=pa.int64()))


def read_bytes(
    content: bytes, where: str, table: str, columns: Sequence[str] | None = None
) -> pa.Table:
    """Rows of a file's content; missing columns of an older file are left out.

    LakeError when the content is torn, is not of `table` or is of a newer schema version.
    """
    return _read(pa.BufferReader(content), where, table, columns)


def read_local(path: str, table: str, columns: Sequence[str] | None = None) -> pa.Table:
    """As `read_bytes`, for a file of this machine; only the columns asked for are read."""
    with pa.memory_map(path) as source:
        return _read(source, path, table, columns)


def _read(source: pa.NativeFile, where: str, table: str, columns: Sequence[str] | None) -> pa.Table:
    try:
        file = pq.ParquetFile(source, page_checksum_verification=True)
        check_version(file.schema_arrow, where)
        known = set(file.schema_arrow.names)
        wanted = [name for name in (columns or schema(table).names) if name in known]
        return file.read(columns=wanted)
    except (pa.ArrowException, OSError) as error:
        raise TornFile(f"{where}: damaged Parquet: {' '.join(str(error).split())[:200]}") from error


class TornFile(LakeError):
    """A Parquet file that can't be read: cut off, damaged or not Parquet at all."""
