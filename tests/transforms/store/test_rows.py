"""Records survive the way through Arrow and back."""

import typing
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lake_samples import article, poll, rows_of_run

from transforms.records import ROWS, Article, Poll
from transforms.store.rows import from_row, from_table, to_table
from transforms.store.schema import schema


def values_for(hint: Any, name: str) -> st.SearchStrategy[Any]:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if type(None) in args:
        (inner,) = (arg for arg in args if arg is not type(None))
        return st.none() | values_for(inner, name)
    if origin is Sequence:
        return st.lists(values_for(args[0], name), max_size=3)
    if hasattr(hint, "_fields"):
        return records(hint)
    text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
    return {
        str: text,
        int: st.integers(-(2**63), 2**63 - 1),
        float: st.floats(allow_nan=False),
        bool: st.booleans(),
        bytes: st.binary(max_size=8),
    }[hint]


def records(record: type[Any]) -> st.SearchStrategy[Any]:
    hints = typing.get_type_hints(record)
    parts = [values_for(hints[name], name) for name in record._fields]
    return st.tuples(*parts).map(record._make)


@pytest.mark.parametrize("table", ROWS)
def test_any_rows_come_back_equal(table: str) -> None:
    @given(st.lists(records(ROWS[table]), max_size=4))
    @settings(max_examples=15, deadline=None)
    def check(rows: list[Any]) -> None:
        data = to_table(table, rows)
        data.validate(full=True)
        assert data.schema.equals(schema(table), check_metadata=True)
        assert from_table(table, data) == rows
        assert from_table(table, data.slice(1)) == rows[1:]

    check()


@pytest.mark.parametrize("table", ROWS)
def test_a_row_read_as_a_dict_becomes_its_record(table: str) -> None:
    row = rows_of_run(0, 2)[table][0]
    assert from_row(table, to_table(table, [row]).to_pylist()[0]) == row


def test_lone_surrogates_become_replacement_characters_and_do_not_stop_the_rest() -> None:
    rows = [article(1, title="broken \ud83d end", authors=["x\udc00"]), article(2)]
    back = from_table("articles", to_table("articles", rows))
    assert back[0].title == "broken \ufffd end"
    assert back[0].authors == ["x\ufffd"]
    assert back[1] == rows[1]


def test_numbers_beyond_64_bits_are_cut_to_the_limit() -> None:
    rows = [article(1, dead_max=10**40, dead_min=-(10**40)), article(2)]
    back = from_table("articles", to_table("articles", rows))
    assert (back[0].dead_min, back[0].dead_max) == (-(2**63), 2**63 - 1)
    assert back[1] == rows[1]


def test_columns_that_an_older_file_lacks_take_defaults() -> None:
    data = to_table("articles", [article(1)]).drop_columns(
        ["dup_kind", "wire_credit", "tags", "rights", "title", "word_count", "text"]
    )
    row: Article = from_table("articles", data)[0]
    assert (row.dup_kind, row.wire_credit, list(row.tags)) == ("none", None, [])
    assert (row.title, row.word_count, row.text) == (None, 0, "")
    assert row.rights.robots == ""


def test_columns_of_another_program_are_ignored() -> None:
    data = to_table("polls", [poll(1)]).append_column("note", pa.array(["x"]))
    assert from_table("polls", data) == [poll(1)]


def test_absent_and_empty_listings_stay_apart() -> None:
    rows = [poll(0, listed=None), poll(0, listed=[]), poll(1, listed=[7])]
    back: list[Poll] = from_table("polls", to_table("polls", rows))
    assert [row.listed for row in back] == [None, [], rows[2].listed]
