"""Parquet as the lake writes and reads it: zstd, dictionaries, page checksums, version checks."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.errors import LakeError
from transforms.store.files import Files, Written
from transforms.store.schema import check_version, schema

# Rows of one row group: what a reader skips or reads at once.
ROW_GROUP_ROWS = {"articles": 8_192}
ROW_GROUP_ROWS_ELSE = 65_536
ZSTD_LEVEL = 3


def write_table(files: Files, path: str, table: str, data: pa.Table) -> Written:
    """Write rows of `table`, already sorted, to `path`; whole and durable or not at all."""
    return files.write_with(path, lambda file: _write(file, table, data))


def _write(file: object, table: str, data: pa.Table) -> None:
    pq.write_table(
        data,
        file,
        compression="zstd",
        compression_level=ZSTD_LEVEL,
        row_group_size=ROW_GROUP_ROWS.get(table, ROW_GROUP_ROWS_ELSE),
        write_page_index=True,
        write_page_checksum=True,
        store_schema=True,
    )


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
