"""The Arrow schemas say what the records say."""

import pyarrow as pa
import pytest

from transforms.errors import LakeError
from transforms.records import ROWS, SCHEMA_VERSION
from transforms.store.manifest import PUBLISH_ORDER
from transforms.store.schema import PARTITION_KEYS, SORT_KEYS, check_version, schema


@pytest.mark.parametrize("table", ROWS)
def test_columns_are_the_fields_in_order(table: str) -> None:
    assert tuple(schema(table).names) == ROWS[table]._fields


@pytest.mark.parametrize("table", ROWS)
def test_every_table_has_a_partition_a_sort_order_and_a_place_in_publishing(table: str) -> None:
    names = schema(table).names
    assert pa.types.is_timestamp(schema(table).field(PARTITION_KEYS[table]).type)
    assert set(SORT_KEYS[table]) <= set(names)
    assert table in PUBLISH_ORDER


@pytest.mark.parametrize(
    ("table", "column", "kind", "nullable"),
    [
        ("articles", "first_seen_at", "timestamp[ms, tz=UTC]", False),
        ("articles", "published_at", "timestamp[ms, tz=UTC]", True),
        ("articles", "url_hash", "int64", False),
        ("articles", "is_crisis", "bool", True),
        ("articles", "authors", "list<element: string not null>", False),
        ("fingerprints", "signature", "binary", False),
        ("polls", "listed", "list<element: string not null>", True),
        ("events", "lat", "double", True),
    ],
)
def test_types(table: str, column: str, kind: str, nullable: bool) -> None:
    field = schema(table).field(column)
    assert (str(field.type), field.nullable) == (kind, nullable)


def test_nested_records_become_structs() -> None:
    evidence = schema("articles").field("categories").type.value_type.field("evidence").type
    assert evidence.value_type.field("start").type == pa.int64()


def with_version(value: bytes | None) -> pa.Schema:
    metadata = {} if value is None else {b"crisiswire.schema_version": value}
    return pa.schema([("x", pa.int64())], metadata=metadata)


def test_older_and_own_versions_are_read() -> None:
    assert check_version(schema("articles"), "file") == SCHEMA_VERSION
    assert check_version(with_version(b"1"), "file") == 1


@pytest.mark.parametrize("value", [b"99", b"", b"one", None])
def test_newer_and_unnamed_versions_are_refused(value: bytes | None) -> None:
    with pytest.raises(LakeError, match=r"^file: "):
        check_version(with_version(value), "file")
