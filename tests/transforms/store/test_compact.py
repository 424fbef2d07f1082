"""Compaction changes files, never rows."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from lake_samples import DAY, NOW, clock, rows_of_run, store, tree

from transforms.errors import LakeError
from transforms.records import ROWS, RunContext
from transforms.store import compact as module
from transforms.store.compact import compact, compact_all
from transforms.store.lake import Lake

CTX = RunContext("tidy", NOW, "")


def fill(root: Path, runs: int) -> Lake:
    for number in range(runs):
        store(str(root), f"run{number:03d}", rows_of_run(100 * number, 7, at=NOW - 2 * DAY))
    store(str(root), "today", rows_of_run(100 * runs, 3))
    return Lake(str(root))


def digest(lake: Lake, table: str) -> str:
    rows: list[Any] = sorted(map(repr, lake.rows(table)))
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def test_every_table_keeps_its_rows_in_one_file_a_date(tmp_path: Path) -> None:
    lake = fill(tmp_path, 12)
    before = {table: digest(lake, table) for table in ROWS}
    done = compact_all(lake, CTX, clock, NOW)
    assert {part.table for part in done} == set(ROWS)
    assert {(part.files_before, part.partition) for part in done} == {(12, "date=2025-10-07")}
    assert {table: digest(lake, table) for table in ROWS} == before
    assert {len(lake.files(table)) for table in ROWS} == {2}
    assert not [path for path in tree(str(tmp_path)) if path.startswith("_staging")]
    assert lake.problems == []


def test_compacting_again_finds_nothing_to_do(tmp_path: Path) -> None:
    lake = fill(tmp_path, 3)
    compact(lake, CTX, clock, "articles", NOW)
    files = tree(str(tmp_path))
    assert compact(lake, CTX, clock, "articles", NOW) == []
    assert tree(str(tmp_path)) == files


def test_new_small_files_join_a_compacted_one(tmp_path: Path) -> None:
    lake = fill(tmp_path, 3)
    compact(lake, CTX, clock, "articles", NOW)
    store(str(tmp_path), "late", rows_of_run(900, 2, at=NOW - 2 * DAY))
    before = digest(lake, "articles")
    (done,) = compact(lake, CTX._replace(run_id="tidy2"), clock, "articles", NOW)
    assert (done.files_before, done.rows) == (2, 3 * 7 + 2)
    assert digest(lake, "articles") == before


def test_files_of_about_the_target_size_are_left_and_groups_stay_below_it(tmp_path: Path) -> None:
    lake = fill(tmp_path, 6)
    size = Path(lake.files("articles")[-1]).stat().st_size
    assert compact(lake, CTX, clock, "articles", NOW, target_bytes=size) == []
    done = compact(lake, CTX, clock, "articles", NOW, target_bytes=int(size * 3.5))
    assert [part.files_before for part in done] == [3, 3]
    assert len(lake.files("articles", until=NOW - DAY)) == 2


def test_todays_files_and_dates_with_few_files_are_left(tmp_path: Path) -> None:
    lake = fill(tmp_path, 3)
    assert compact_all(lake, CTX, clock, NOW, min_files=4) == []
    assert compact(lake, CTX, clock, "articles", NOW - 2 * DAY) == []


def test_memory_is_the_same_before_and_after(tmp_path: Path) -> None:
    lake = fill(tmp_path, 9)
    before = Path(lake.seen_index("a", NOW)).read_bytes()
    states = lake.feed_states(["https://feeds.example/rss.xml"], NOW)
    compact_all(lake, CTX, clock, NOW)
    assert Path(lake.seen_index("a", NOW)).read_bytes() == before
    assert lake.feed_states(["https://feeds.example/rss.xml"], NOW) == states


def test_a_damaged_file_is_left_out_and_reported(tmp_path: Path) -> None:
    lake = fill(tmp_path, 4)
    path = Path(lake.files("outcomes", until=NOW - DAY)[0])
    path.write_bytes(path.read_bytes()[:50])
    (done,) = compact(lake, CTX, clock, "outcomes", NOW)
    assert done.files_before == 3
    assert "set aside" in lake.problems[0]


def test_rows_lost_on_the_way_stop_it_before_anything_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = fill(tmp_path, 4)
    files = tree(str(tmp_path))
    monkeypatch.setattr(module, "_rows", lambda path: 1)
    with pytest.raises(LakeError, match="lost rows"):
        compact(lake, CTX, clock, "articles", NOW)
    lake.recover()
    assert tree(str(tmp_path)) == files
