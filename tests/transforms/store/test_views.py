"""The views answer what analysts ask, and copies can't raise a count."""

from pathlib import Path
from typing import Any

import duckdb
import pytest
from lake_samples import DAY, NOW, article, correction, event, identity, letter, poll, store

from transforms.records import ROWS, Article, Casualty, Evidence, Place
from transforms.store.rows import from_row
from transforms.store.views import connect, views_sql

VIEWS = ("articles_current", "events_current", "clusters", "tolls", "feed_health", "failures")


def rows(root: Path, query: str) -> list[tuple[Any, ...]]:
    return connect(str(root)).sql(query).fetchall()


def test_an_empty_lake_has_all_views_and_no_rows(tmp_path: Path) -> None:
    for name in (*ROWS, *VIEWS):
        assert rows(tmp_path, f"SELECT count(*) FROM {name}") == [(0,)]


def test_an_empty_table_has_the_same_columns_as_a_full_one(tmp_path: Path) -> None:
    store(str(tmp_path / "full"), "run", {"articles": [article(1)], "polls": [poll(0)]})
    for table in ("articles", "polls"):
        described = [
            connect(str(tmp_path / name)).sql(f"SELECT * FROM {table}").types
            for name in ("full", "empty")
        ]
        assert described[0] == described[1]


def test_the_newest_revision_with_the_newest_verdict(tmp_path: Path) -> None:
    store(str(tmp_path), "r1", {"articles": [article(n, run_id="r1") for n in range(3)]})
    store(str(tmp_path), "r2", {
        "articles": [article(1, 2, run_id="r2", at=NOW - DAY)],
        "corrections": [correction(0, 2, run_id="r2"), correction(2, 0, run_id="r0")],
    })  # fmt: skip
    store(str(tmp_path), "r3", {
        "articles": [article(2, 2, run_id="r3")],
        "corrections": [correction(0, 1, NOW + 1, run_id="r3")._replace(title="Whole title")],
    })  # fmt: skip
    found = rows(
        tmp_path, "SELECT id, revision, dup_kind, dup_of, title FROM articles_current ORDER BY id"
    )
    assert found == sorted(
        [
            (identity(0), 1, "near", identity(1), "Whole title"),
            (identity(1), 2, "none", None, "Title 1"),
            (identity(2), 2, "none", None, "Title 2"),
        ]
    )


def test_copies_raise_articles_and_nothing_else(tmp_path: Path) -> None:
    first = article(1, dup_cluster_id=identity(1), source_domain="a.example")
    copies = [
        article(n, dup_kind=kind, dup_of=identity(1), dup_cluster_id=identity(1),
                is_canonical=False, source_domain=f"{n}.example", title="copy")
        for n, kind in enumerate(("exact", "near", "spun", "partial"), start=2)
    ]  # fmt: skip
    store(str(tmp_path), "run", {"articles": [first, *copies, article(9)]})
    found = rows(
        tmp_path,
        "SELECT cluster_id, articles, texts, owners, domains, title, canonical_id FROM clusters "
        "ORDER BY articles",
    )
    assert found == [
        (identity(9), 1, 1, 1, 1, "Title 9", identity(9)),
        (identity(1), 5, 1, 1, 5, "Title 1", identity(1)),
    ]


def told(number: int, at: int, *figures: tuple[int, int], revision: int = 1) -> Article:
    """An article of one crisis and town that names figures (min, max) of dead."""
    said = [
        Casualty("dead", low, high, False, Evidence("text", n, n + 9, f"{high} killed", "dead"))
        for n, (low, high) in enumerate(figures)
    ]
    town = Place("Odesa", "text", 0, 5, 46.5, 30.7, "UKR", "town", 698740)
    people = Place("Ukrainian", "text", 0, 9, country="UKR", kind="demonym")
    ago = Casualty("dead", 900, 900, True, Evidence("text", 50, 60, "900 since 2014", "dead"))
    return article(number, revision, published_at=at, crises=["war"], places=[people, town],
                   casualties=[*said, ago])._replace(fetched_at=at)  # fmt: skip


def test_tolls_that_rise_repeat_and_contradict(tmp_path: Path) -> None:
    hour = 3_600_000
    store(str(tmp_path), "run", {"articles": [
        told(1, NOW, (2, 2), (9, 9)),
        told(2, NOW + hour, (12, 15)),
        told(3, NOW + 2 * hour, (15, 15)),
        told(4, NOW + 3 * hour, (11, 11)),
        told(1, NOW + 4 * hour, (19, 19), revision=2),
        told(5, NOW + 30 * DAY, (3, 3)),
        article(6, casualties=[]),
    ]})  # fmt: skip
    found = rows(
        tmp_path,
        "SELECT crisis, place, min, max, evidence.text, highest_before, change FROM tolls "
        "ORDER BY said_at",
    )
    assert found == [
        ("war", "Odesa", 9, 9, "9 killed", None, "first"),
        ("war", "Odesa", 12, 15, "15 killed", 9, "rising"),
        ("war", "Odesa", 15, 15, "15 killed", 15, "same"),
        ("war", "Odesa", 11, 11, "11 killed", 15, "contradicting"),
        ("war", "Odesa", 19, 19, "19 killed", 15, "rising"),
        ("war", "Odesa", 3, 3, "3 killed", None, "first"),
    ]


def test_a_toll_of_no_named_crisis_is_told_as_well(tmp_path: Path) -> None:
    store(str(tmp_path), "run", {"articles": [told(1, NOW, (2, 2))._replace(crises=[])]})
    assert rows(tmp_path, "SELECT crisis, max, change FROM tolls") == [(None, 2, "first")]


def test_events_of_old_revisions_are_left_out(tmp_path: Path) -> None:
    store(str(tmp_path), "r1", {"articles": [article(1), article(2)],
                                "events": [event(1), event(2)]})  # fmt: skip
    store(str(tmp_path), "r2", {"articles": [article(1, 2, run_id="r2")],
                                "events": [event(1)._replace(revision=2)]})  # fmt: skip
    assert rows(tmp_path, "SELECT count(*) FROM events") == [(3,)]
    found = rows(tmp_path, "SELECT article_id, revision FROM events_current ORDER BY revision")
    assert found == [(identity(2), 1), (identity(1), 2)]


def test_feed_health_is_the_newest_poll_and_failures_have_no_payload(tmp_path: Path) -> None:
    store(str(tmp_path), "run", {"polls": [poll(1, at=NOW - DAY), poll(7)],
                                 "dead_letters": [letter(1)]})  # fmt: skip
    assert rows(tmp_path, "SELECT entries FROM feed_health") == [(7,)]
    assert "payload" not in connect(str(tmp_path)).sql("FROM failures").columns


def test_times_are_in_utc_and_dates_are_dates(tmp_path: Path) -> None:
    store(str(tmp_path), "run", {"articles": [article(1)]})
    found = rows(tmp_path, "SELECT date::VARCHAR, hour(first_seen_at) FROM articles")
    assert found == [("2025-10-09", 8)]


def test_a_row_from_duckdb_becomes_its_record_again(tmp_path: Path) -> None:
    store(str(tmp_path), "run", {"articles": [article(6)]})
    cursor = connect(str(tmp_path)).sql("SELECT * EXCLUDE (date) FROM articles")
    row = dict(zip(cursor.columns, cursor.fetchall()[0], strict=True))
    assert from_row("articles", row) == article(6)


@pytest.mark.parametrize("name", ["o'clock", "white space"])
def test_the_text_runs_as_it_is_whatever_the_folder_is_called(tmp_path: Path, name: str) -> None:
    store(str(tmp_path / name), "run", {"articles": [article(1)]})
    connection = duckdb.connect()
    connection.execute(views_sql(str(tmp_path / name)))
    assert connection.sql("SELECT count(*) FROM clusters").fetchall() == [(1,)]
