"""Files depend on the rows alone: not on their order, their bundles or a repeated write."""

import random
from pathlib import Path
from typing import Any

import apache_beam as beam
import duckdb
import pyarrow.parquet as pq
import pytest
from apache_beam.transforms.window import GlobalWindow, IntervalWindow
from lake_samples import DAY, NOW, article, outcome, rows_of_run, tree, write_run

from transforms.records import ROWS, SCHEMA_VERSION
from transforms.store.lake import Lake
from transforms.store.manifest import partition_of
from transforms.store.parquet import file_order
from transforms.store.rows import from_table
from transforms.store.sink import WriteTable, file_name, pack, shard_of, unpack


def sorted_rows(table: str, packs: list[bytes]) -> list[Any]:
    data = unpack(packs)
    return from_table(table, data.take(file_order(table, data)))


@pytest.mark.parametrize("table", ROWS)
def test_a_file_is_in_the_same_order_whatever_came_first(table: str) -> None:
    rows = rows_of_run(0, 40, failing=5)[table]
    whole = sorted_rows(table, [pack(table, rows)])
    shuffled = list(rows)
    random.Random(5).shuffle(shuffled)
    parts = [pack(table, shuffled[:7]), pack(table, shuffled[7:])] if len(rows) > 7 else [
        pack(table, shuffled)
    ]  # fmt: skip
    assert sorted_rows(table, parts) == whole
    assert sorted(map(repr, whole)) == sorted(map(repr, rows))


def test_crisis_stories_stand_together_by_category_and_country() -> None:
    rows = sorted_rows("articles", [pack("articles", rows_of_run(0, 60)["articles"])])
    places = [(not r.is_crisis, [c.alpha3 for c in r.countries] or ["~"]) for r in rows]
    assert places == sorted(places)


def test_each_date_has_its_folder_and_each_shard_its_file(tmp_path: Path) -> None:
    rows = rows_of_run(0, 30)
    rows["articles"] += [article(100 + n, at=NOW - DAY) for n in range(30)]
    rows["outcomes"] += [outcome(100 + n) for n in range(30)]
    rows["polls"] = [rows["polls"][0]._replace(entries=64)]
    (commit,) = write_run(str(tmp_path), "run", rows, shards={"articles": 3})
    assert commit.committed
    found = [path for path in tree(str(tmp_path)) if path.startswith("articles")]
    assert found == [
        f"articles/{partition_of(NOW - back)}/part-run-s00{shard}-p0.parquet"
        for back in (DAY, 0)
        for shard in range(3)
    ]
    assert Lake(str(tmp_path)).read("articles", ["id"]).num_rows == 60


def test_a_repeated_bundle_gives_the_same_files_byte_for_byte(tmp_path: Path) -> None:
    for name, options in (("once", []), ("thrice", ["--direct_runner_bundle_repeat=2"])):
        write_run(str(tmp_path / name), "run", rows_of_run(0, 700), options=options)
    once, thrice = tmp_path / "once", tmp_path / "thrice"
    assert tree(str(once)) == tree(str(thrice))
    for path in tree(str(once)):
        assert (once / path).read_bytes() == (thrice / path).read_bytes(), path


def test_rows_shuffled_give_the_same_files_byte_for_byte(tmp_path: Path) -> None:
    for seed in (0, 1):
        rows = rows_of_run(0, 700)
        for part in rows.values():
            random.Random(seed).shuffle(part)
        write_run(str(tmp_path / str(seed)), "run", rows)
    for path in tree(str(tmp_path / "0")):
        assert (tmp_path / "0" / path).read_bytes() == (tmp_path / "1" / path).read_bytes(), path


def test_two_processes_give_the_same_files_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))  # for what workers unpickle
    rows = rows_of_run(0, 300)
    options = [
        "--direct_num_workers=2",
        "--direct_running_mode=multi_processing",
        "--beam_plugins=transforms.coders",
    ]
    write_run(str(tmp_path / "one"), "run", rows)
    write_run(str(tmp_path / "two"), "run", rows, options=options)
    for path in tree(str(tmp_path / "one")):
        if path.endswith(".parquet"):
            one, two = (tmp_path / name / path for name in ("one", "two"))
            assert one.read_bytes() == two.read_bytes(), path


def test_files_are_zstd_with_dictionaries_and_sorted_statistics(tmp_path: Path) -> None:
    write_run(str(tmp_path), "run", rows_of_run(0, 50))
    (path,) = Lake(str(tmp_path)).files("articles")
    file = pq.ParquetFile(path)
    column = file.metadata.row_group(0).column(0)
    assert column.compression == "ZSTD"
    assert column.has_column_index
    version = file.schema_arrow.metadata[b"crisiswire.schema_version"]
    assert version == str(SCHEMA_VERSION).encode()


def test_duckdb_reads_what_was_written(tmp_path: Path) -> None:
    write_run(str(tmp_path), "run", rows_of_run(0, 12))
    pattern = Lake(str(tmp_path)).glob("articles")
    found = duckdb.sql(
        f"select date::varchar, count(*), sum(is_crisis::int), min(categories[1].code) "
        f"from read_parquet('{pattern}', hive_partitioning = true) group by 1"
    ).fetchall()
    assert found == [("2025-10-09", 12, 6, "MIL")]


def test_names_tell_run_shard_window_and_pane() -> None:
    window = IntervalWindow(600, 1200)
    assert file_name("R", 2, GlobalWindow(), 0) == "part-R-s002-p0.parquet"
    assert file_name("R", 0, window, 1) == "part-R-s000-w600000-p1.parquet"


@pytest.mark.parametrize("table", ROWS)
def test_a_shard_is_the_same_in_every_process_and_all_are_used(table: str) -> None:
    rows = rows_of_run(0, 80)[table]
    assert {shard_of(row, 1) for row in rows} == {0}
    if len(rows) >= 40:
        assert {shard_of(row, 4) for row in rows} == {0, 1, 2, 3}
    assert [shard_of(row, 4) for row in rows] == [shard_of(row, 4) for row in rows]


def test_no_rows_make_no_file(tmp_path: Path) -> None:
    from transforms.records import RunContext

    found: list[Any] = []
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        _ = (
            pipeline
            | beam.Create([])
            | WriteTable(RunContext("run", NOW, str(tmp_path)), "articles")
            | beam.Map(found.append)
        )
    assert found == []
    assert tree(str(tmp_path)) == []
