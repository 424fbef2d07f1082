"""The data dictionary is complete and is what docs/ has."""

import re
from pathlib import Path

import pytest

from transforms.clean.bounds import KEPT_WHOLE
from transforms.clean.characters import MENDED
from transforms.errors import DataFileError
from transforms.extract.agreement import DATE, LANGUAGE
from transforms.extract.article import FROM_FEED
from transforms.extract.markup import CHARSET_GUESS, DEPTH_CUT
from transforms.feeds import dates
from transforms.feeds.adapter import UNRESOLVED
from transforms.feeds.parse import SAME_DATES
from transforms.records import ROWS
from transforms.store import dictionary
from transforms.store.dictionary import data_dictionary, sentences

PAGE = Path(__file__).parents[3] / "docs" / "data-dictionary.md"


def test_the_page_in_docs_is_the_one_made_from_the_code() -> None:
    assert PAGE.read_text(encoding="utf-8") == data_dictionary()


def test_every_column_has_a_sentence_and_every_sentence_a_column() -> None:
    for table, record in ROWS.items():
        assert set(sentences()[table]) == set(record._fields)
    for owner, columns in sentences().items():
        for column, sentence in columns.items():
            assert sentence.endswith("."), f"{owner}.{column}"
            assert 8 < len(sentence) < 160, f"{owner}.{column}"


def test_times_name_their_unit() -> None:
    for table, record in ROWS.items():
        for column in record._fields:
            if column.endswith("_at"):
                assert "UTC, ms" in sentences()[table][column], f"{table}.{column}"


def test_nested_fields_are_listed_below_their_column() -> None:
    assert "| `categories[].evidence[].start` | int64 |" in data_dictionary()
    assert "| `rights.licence` | string? |" in data_dictionary()


def test_a_column_without_a_sentence_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {owner: dict(columns) for owner, columns in sentences().items()}
    del known["polls"]["etag"]
    monkeypatch.setattr(dictionary, "sentences", lambda: known)
    with pytest.raises(DataFileError, match=r"polls\.etag"):
        data_dictionary()


FLAGS = {
    *(dates.ODD, dates.MISSING, dates.DATE_ONLY, dates.ZONE_MISSING, dates.ZONE_UNCERTAIN),
    *(SAME_DATES, UNRESOLVED, DATE, LANGUAGE, CHARSET_GUESS, DEPTH_CUT, MENDED),
    *(KEPT_WHOLE, FROM_FEED, "also_xx"),
}


def test_every_flag_that_a_row_can_bear_is_explained() -> None:
    page = (PAGE.parent / "operations.md").read_text(encoding="utf-8")
    listed = page.split("## Flags")[1].split("\n## ")[0]
    named = re.findall("`([a-z_]+)`", " ".join(re.findall(r"(?m)^\| (`[^|]+) \|", listed)))
    assert sorted(named) == sorted(FLAGS)
