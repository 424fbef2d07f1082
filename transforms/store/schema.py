"""Arrow schemas of the lake's tables, derived from the fields of `transforms.records.ROWS`.

A field ending in `_at` is a UTC timestamp in milliseconds, a Sequence a list, a NamedTuple a
struct, `X | None` a nullable column. Every file says in its metadata which table and which
schema version it holds; a reader refuses a version newer than its own (`check_version`).
"""

import types
import typing
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import pyarrow as pa

from transforms.errors import LakeError
from transforms.records import ROWS, SCHEMA_VERSION

TIMESTAMP = pa.timestamp("ms", tz="UTC")
VERSION_KEY = b"crisiswire.schema_version"
TABLE_KEY = b"crisiswire.table"

_SCALARS: dict[type, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    bytes: pa.binary(),
}

# What sorts the rows of a file: readers that filter by these skip whole row groups.
SORT_KEYS: dict[str, tuple[str, ...]] = {
    "articles": ("published_at", "id", "revision"),
    "events": ("category", "country", "published_at", "article_id", "revision", "rule_id",
               "evidence_field", "evidence_start", "evidence_end", "actor_name", "target_name"),
    "outcomes": ("item", "outcome", "reason", "feed_url", "id", "url", "attempt", "detail"),
    "dead_letters": ("item", "reason", "feed_url", "id", "url", "attempt", "detail"),
    "fingerprints": ("id", "revision"),
    "polls": ("feed_url", "polled_at"),
    "corrections": ("id",),
}  # fmt: skip

# The timestamp whose UTC date is the partition of a row.
PARTITION_KEYS: dict[str, str] = {
    "articles": "first_seen_at",
    "events": "first_seen_at",
    "outcomes": "recorded_at",
    "dead_letters": "recorded_at",
    "fingerprints": "first_seen_at",
    "polls": "polled_at",
    "corrections": "recorded_at",
}


class FieldType(NamedTuple):
    """A record's field seen as a column: its Arrow type, nullability and record class, if any."""

    name: str
    arrow: pa.DataType
    nullable: bool
    kind: str  # scalar, list or struct
    item: "FieldType | None" = None  # of a list
    record: type[Any] | None = None  # of a struct
    fields: tuple["FieldType", ...] = ()


@cache
def fields_of(record: Any) -> tuple[FieldType, ...]:
    """The columns of a NamedTuple class, in the order of its fields."""
    hints = typing.get_type_hints(record)
    return tuple(_field(name, hints[name]) for name in record._fields)


@cache
def schema(table: str) -> pa.Schema:
    """The Arrow schema of `table`, with table name and schema version in its metadata."""
    return pa.schema(
        [pa.field(f.name, f.arrow, f.nullable) for f in fields_of(ROWS[table])],
        metadata={TABLE_KEY: table.encode(), VERSION_KEY: str(SCHEMA_VERSION).encode()},
    )


def check_version(stored: pa.Schema, where: str) -> int:
    """The schema version of a file; LakeError when it is newer than this program or unnamed."""
    raw = (stored.metadata or {}).get(VERSION_KEY, b"")
    if not raw.isdigit():
        raise LakeError(f"{where}: no schema version in the file; not written by crisiswire")
    version = int(raw)
    if version > SCHEMA_VERSION:
        raise LakeError(
            f"{where}: schema version {version} is newer than this program's {SCHEMA_VERSION}; "
            "update crisiswire"
        )
    return version


def _field(name: str, hint: Any) -> FieldType:
    inner, nullable = _unwrap_optional(hint)
    if typing.get_origin(inner) is Sequence:
        item = _field("element", typing.get_args(inner)[0])
        value = pa.field("element", item.arrow, item.nullable)
        return FieldType(name, pa.list_(value), nullable, "list", item=item)
    if hasattr(inner, "_fields"):
        parts = fields_of(inner)
        struct = pa.struct([pa.field(p.name, p.arrow, p.nullable) for p in parts])
        return FieldType(name, struct, nullable, "struct", record=inner, fields=parts)
    if inner is int and name.endswith("_at"):
        return FieldType(name, TIMESTAMP, nullable, "scalar")
    return FieldType(name, _SCALARS[inner], nullable, "scalar")


def _unwrap_optional(hint: Any) -> tuple[Any, bool]:
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        inner = [arg for arg in typing.get_args(hint) if arg is not type(None)]
        return inner[0], True
    return hint, False
