"""Records to Arrow tables and back, column by column.

Two things that would stop a whole run over one row are mended here: lone surrogates (not
encodable as UTF-8) become U+FFFD, integers outside 64 bits are cut to the nearest limit.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa

from transforms.records import ROWS
from transforms.store.schema import TIMESTAMP, FieldType, fields_of, schema

_INT64 = np.iinfo(np.int64)


def to_table(table: str, rows: Iterable[Any]) -> pa.Table:
    """Rows (NamedTuples of `table`) as an Arrow table in the schema of `table`."""
    fields = fields_of(ROWS[table])
    columns: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * len(fields)
    arrays = [_encode(field, values) for field, values in zip(fields, columns, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema(table))


def from_table(table: str, data: pa.Table) -> list[Any]:
    """Rows of `table`; columns that an older file lacks take the field's default or empty value."""
    return _records(ROWS[table], {name: data.column(name) for name in data.column_names}, len(data))


def from_row(table: str, row: dict[str, Any]) -> Any:
    """One record from a row as `pyarrow.Table.to_pylist` or a DuckDB cursor gives it."""
    given = pa.schema([field for field in schema(table) if field.name in row])
    return from_table(table, pa.Table.from_pylist([row], schema=given))[0]


def _encode(field: FieldType, values: Sequence[Any]) -> pa.Array:
    if field.kind == "list" and field.item is not None:
        return _encode_list(field, field.item, values)
    if field.kind == "struct":
        return _encode_struct(field, values)
    try:
        return pa.array(values, type=field.arrow)
    except UnicodeEncodeError:
        return pa.array([_encodable(value) for value in values], type=field.arrow)
    except (OverflowError, pa.ArrowInvalid):
        return pa.array([_fitting(value) for value in values], type=field.arrow)


def _encode_list(field: FieldType, item: FieldType, values: Sequence[Any]) -> pa.Array:
    lengths = [0 if value is None else len(value) for value in values]
    offsets = np.zeros(len(values) + 1, dtype=np.int32)
    np.cumsum(lengths, out=offsets[1:])
    flat = list(chain.from_iterable(value for value in values if value))
    mask = None
    if field.nullable:
        mask = pa.array([value is None for value in values], type=pa.bool_())
    return pa.ListArray.from_arrays(
        pa.array(offsets, type=pa.int32()), _encode(item, flat), type=field.arrow, mask=mask
    )


def _encode_struct(field: FieldType, values: Sequence[Any]) -> pa.Array:
    empty = (None,) * len(field.fields)
    parts = list(zip(*(value or empty for value in values), strict=True))
    columns: Sequence[Sequence[Any]] = parts or [()] * len(field.fields)
    arrays = [_encode(part, column) for part, column in zip(field.fields, columns, strict=True)]
    mask = pa.array([value is None for value in values], type=pa.bool_())
    return pa.StructArray.from_arrays(
        arrays, fields=list(field.arrow), mask=mask if field.nullable else None
    )


def _encodable(value: str | None) -> str | None:
    if value is None:
        return None
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _fitting(value: int | None) -> int | None:
    return None if value is None else max(_INT64.min, min(_INT64.max, int(value)))


def _records(record: type[Any], columns: dict[str, Any], length: int) -> list[Any]:
    kind: Any = record
    fields: tuple[FieldType, ...] = fields_of(kind)
    values = [_values(record, field, columns.get(field.name), length) for field in fields]
    return [record._make(row) for row in zip(*values, strict=True)]


def _values(record: type[Any], field: FieldType, column: Any, length: int) -> list[Any]:
    """One column as Python values, with defaults where a file of an older version has none."""
    if column is None:
        return [_missing(record, field)] * length
    values = _decode(field, column)
    if field.nullable or column.null_count == 0:
        return values
    return [_missing(record, field) if value is None else value for value in values]


def _decode(field: FieldType, column: Any) -> list[Any]:
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if field.kind == "list" and field.item is not None:
        if len(array) == 0:
            return []
        flat = _decode(field.item, array.flatten())
        ends = np.cumsum([length or 0 for length in array.value_lengths().to_pylist()])
        starts = np.concatenate(([0], ends[:-1]))
        valid = array.is_valid().to_pylist()
        return [
            flat[start:end] if ok else None
            for start, end, ok in zip(starts.tolist(), ends.tolist(), valid, strict=True)
        ]
    if field.kind == "struct":
        parts = dict(zip([f.name for f in array.type], array.flatten(), strict=True))
        records = _records(field.record or tuple, parts, len(array))
        if array.null_count == 0:
            return records
        valid = array.is_valid().to_pylist()
        return [row if ok else None for row, ok in zip(records, valid, strict=True)]
    if pa.types.is_timestamp(array.type):
        array = array.cast(TIMESTAMP).cast(pa.int64())
    values: list[Any] = array.to_pylist()
    return values


def _missing(record: type[Any], field: FieldType) -> Any:
    if field.name in record._field_defaults:
        return record._field_defaults[field.name]
    if field.nullable:
        return None
    if field.kind == "list":
        return ()
    if field.kind == "struct":
        return (field.record or tuple)()
    return {pa.string(): "", pa.binary(): b"", pa.bool_(): False}.get(field.arrow, 0)
