"""The data dictionary: every column of every table, its type and a sentence, from columns.yaml."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import yaml

from transforms.errors import DataFileError
from transforms.records import ROWS, SCHEMA_VERSION
from transforms.store.schema import TIMESTAMP, FieldType, fields_of

COLUMNS_FILE = "columns.yaml"
_HEAD = f"""# Data dictionary

Schema version {SCHEMA_VERSION}. Made by `crisiswire docs` from `transforms/records.py` and
`transforms/store/columns.yaml`; don't edit it by hand. Tables are folders of zstd Parquet files,
`TABLE/date=YYYY-MM-DD/*.parquet` (date in UTC). A `?` behind a type means that nulls occur.
"""


@cache
def sentences() -> dict[str, dict[str, str]]:
    """Table or record name → column → sentence; `tables` has one for each table."""
    text = files(__package__).joinpath(COLUMNS_FILE).read_text(encoding="utf-8")
    loaded: dict[str, dict[str, str]] = yaml.safe_load(text)
    return loaded


def data_dictionary() -> str:
    """The whole page docs/data-dictionary.md; DataFileError when a column has no sentence."""
    return "\n".join([_HEAD, *(line for table in ROWS for line in _table(table))])


def _table(table: str) -> Iterator[str]:
    yield f"## {table}\n\n{sentences()['tables'][table]}\n"
    yield "| column | type | meaning |\n| --- | --- | --- |"
    for field in fields_of(ROWS[table]):
        yield from _lines(table, "", field)
    yield ""


def _lines(owner: str, prefix: str, field: FieldType) -> Iterator[str]:
    name = f"{prefix}{field.name}"
    meaning = sentences().get(owner, {}).get(field.name)
    if not meaning:
        raise DataFileError(f"{COLUMNS_FILE}: no sentence for {owner}.{field.name}")
    yield f"| `{name}` | {type_name(field)} | {meaning} |"
    inner = field.item if field.item is not None else field
    brackets = "[]." if field.item is not None else "."
    for part in inner.fields:
        yield from _lines(inner.record.__name__ if inner.record else "", name + brackets, part)


def type_name(field: FieldType) -> str:
    """The type as a reader of the dictionary knows it, such as `list of string?`."""
    mark = "?" if field.nullable else ""
    if field.item is not None:
        return f"list of {type_name(field.item)}{mark}"
    if field.kind == "struct":
        return f"struct{mark}"
    return ("timestamp (UTC, ms)" if field.arrow == TIMESTAMP else str(field.arrow)) + mark
