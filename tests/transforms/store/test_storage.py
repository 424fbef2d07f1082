"""The lake is made whole at the start, belongs to one writer and sets damage aside."""

import pickle
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from lake_samples import DAY, NOW, article, rows_of_run, store, tree, write_run

from transforms.errors import ConfigError, LakeError
from transforms.store.hashing import set_fault_hook
from transforms.store.lake import Lake, Recovery
from transforms.store.manifest import manifest_path, partition_of
from transforms.store.rows import to_table


@pytest.mark.parametrize("deeper", ["", "/sub/lake"])
def test_a_file_where_the_lake_should_be_is_a_configuration_error(
    tmp_path: Path, deeper: str
) -> None:
    (tmp_path / "lake").write_text("a file")
    lake = Lake(str(tmp_path / "lake") + deeper)
    with pytest.raises(ConfigError, match="can't be written to"):
        lake.check_writable()
    with pytest.raises(ConfigError, match="can't be written to"), lake.lock(NOW):
        pass


def test_checking_leaves_nothing_behind(tmp_path: Path) -> None:
    Lake(str(tmp_path / "new" / "lake")).check_writable()
    assert tree(str(tmp_path)) == []


def test_a_lake_can_be_sent_to_workers(tmp_path: Path) -> None:
    assert pickle.loads(pickle.dumps(Lake(str(tmp_path)))).root == str(tmp_path)


def test_uncommitted_rows_are_swept_and_temporaries_too(tmp_path: Path) -> None:
    store(str(tmp_path), "one", rows_of_run(0, 5))
    whole = tree(str(tmp_path))
    for path in ("_staging/two/articles/date=2025-10-09/part.parquet", "_state/two/seen.arrow",
                 "_runs/.two.json.77.tmp"):  # fmt: skip
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(b"half a file")
    assert Lake(str(tmp_path)).recover() == Recovery([], ["two"], [])
    assert tree(str(tmp_path)) == whole
    assert Lake(str(tmp_path)).recover() == Recovery([], [], [])


def test_a_committed_run_is_rolled_forward_from_any_number_of_published_files(
    tmp_path: Path,
) -> None:
    store(str(tmp_path / "whole"), "run", rows_of_run(0, 5))
    (manifest,) = Lake(str(tmp_path / "whole")).runs()
    for published in range(len(manifest.files) + 1):
        root = tmp_path / str(published)
        shutil.copytree(tmp_path / "whole", root)
        for file in manifest.files[published:]:
            target = root / "_staging" / "run" / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            (root / file.path).rename(target)
        found = Lake(str(root)).recover()
        assert found.rolled_forward == (["run"] if published < len(manifest.files) else [])
        assert found.problems == []
        assert tree(str(root)) == tree(str(tmp_path / "whole"))


def test_a_lost_file_of_a_committed_run_is_reported_not_raised(tmp_path: Path) -> None:
    store(str(tmp_path), "run", rows_of_run(0, 5))
    (manifest,) = Lake(str(tmp_path)).runs()
    (tmp_path / manifest.files[0].path).unlink()
    (tmp_path / "_staging" / "run").mkdir(parents=True)
    assert "lost" in Lake(str(tmp_path)).recover().problems[0]


def test_a_damaged_manifest_is_noted_and_the_others_are_read(tmp_path: Path) -> None:
    store(str(tmp_path), "one", rows_of_run(0, 5))
    store(str(tmp_path), "two", rows_of_run(10, 5))
    path = Path(manifest_path(str(tmp_path), "one"))
    path.write_bytes(path.read_bytes()[:-20])
    lake = Lake(str(tmp_path))
    assert [manifest.commit_id for manifest in lake.runs()] == ["two"]
    assert "damaged manifest" in lake.problems[0]


def test_files_are_pruned_by_date_newest_first(tmp_path: Path) -> None:
    rows = rows_of_run(0, 0, failing=0)
    rows["articles"] = [article(n, at=NOW - n * DAY) for n in range(5)]
    rows["polls"] = [rows["polls"][0]._replace(entries=3)]
    store(str(tmp_path), "run", rows)
    lake = Lake(str(tmp_path))

    def dates(since: int | None, until: int | None) -> list[str]:
        return [path.split("/")[-2] for path in lake.files("articles", since, until)]

    assert dates(None, None) == [partition_of(NOW - n * DAY) for n in range(5)]
    assert dates(NOW - DAY, None) == [partition_of(NOW - n * DAY) for n in range(2)]
    assert dates(NOW - 3 * DAY, NOW - 2 * DAY) == [partition_of(NOW - n * DAY) for n in (2, 3)]
    assert lake.read("articles", ["id", "text"], since=NOW).num_rows == 1


def test_a_parquet_file_cut_anywhere_is_set_aside_and_reported(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    store(str(whole), "run", rows_of_run(0, 40))
    (source,) = Lake(str(whole)).files("fingerprints")
    content = Path(source).read_bytes()
    for cut in range(0, len(content), len(content) // 50 + 1):
        root = tmp_path / "cut"
        shutil.rmtree(root, ignore_errors=True)
        target = root / "fingerprints" / partition_of(NOW) / "part-x-s000-p0.parquet"
        target.parent.mkdir(parents=True)
        target.write_bytes(content[:cut])
        lake = Lake(str(root))
        assert lake.read("fingerprints").num_rows == 0
        assert "set aside as part-x-s000-p0.parquet.bad" in lake.problems[0]
        assert Lake(str(root)).problems == []
        assert not target.exists()


def test_a_flipped_bit_in_a_page_is_noticed(tmp_path: Path) -> None:
    store(str(tmp_path), "run", rows_of_run(0, 40))
    lake = Lake(str(tmp_path))
    (path,) = lake.files("fingerprints")
    meta = pq.ParquetFile(path).metadata.row_group(0)
    column = next(c for c in map(meta.column, range(16)) if c.path_in_schema == "signature")
    content = bytearray(Path(path).read_bytes())
    content[column.data_page_offset + column.total_compressed_size // 2] ^= 4
    Path(path).write_bytes(content)
    assert lake.read("fingerprints").num_rows == 0
    assert "damaged Parquet" in lake.problems[0]


def versioned(root: Path, version: str) -> Path:
    data = to_table("articles", [article(1)]).replace_schema_metadata(
        {"crisiswire.table": "articles", "crisiswire.schema_version": version}
    )
    path = root / "articles" / partition_of(NOW) / f"part-v{version}-s000-p0.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(data.drop_columns(["dup_kind"]) if version == "1" else data, path)
    return path


def test_an_older_file_is_read_with_what_it_has(tmp_path: Path) -> None:
    versioned(tmp_path, "1")
    lake = Lake(str(tmp_path))
    lake.check_versions()
    assert lake.rows("articles")[0].dup_kind == "none"


def test_a_newer_file_stops_the_run_and_stays_untouched(tmp_path: Path) -> None:
    path = versioned(tmp_path, "99")
    lake = Lake(str(tmp_path))
    with pytest.raises(LakeError, match="schema version 99 is newer"):
        lake.check_versions()
    assert path.exists()


def test_old_and_new_columns_are_read_together(tmp_path: Path) -> None:
    versioned(tmp_path, "1")
    store(str(tmp_path), "run", rows_of_run(10, 3))
    data: pa.Table = Lake(str(tmp_path)).read("articles", ["id", "dup_kind"])
    assert sorted(map(str, data.column("dup_kind").to_pylist())) == ["None"] + ["none"] * 3


def test_a_full_disk_ends_the_run_and_the_next_start_finds_the_earlier_rows(tmp_path: Path) -> None:
    store(str(tmp_path), "one", rows_of_run(0, 5))
    whole = tree(str(tmp_path))
    calls = iter(range(1000))

    def full(point: str, path: str) -> None:
        if point == "write" and next(calls) == 20:
            raise OSError(28, "No space left on device")

    set_fault_hook(full)
    try:
        with pytest.raises(Exception, match="storage_full"):
            write_run(str(tmp_path), "two", rows_of_run(10, 5))
    finally:
        set_fault_hook(None)
    Lake(str(tmp_path)).recover()
    assert tree(str(tmp_path)) == whole


def test_a_lake_read_only_is_never_written_to(tmp_path: Path) -> None:
    store(str(tmp_path), "run", rows_of_run(0, 5))
    lake = Lake(str(tmp_path), read_only=True)
    (path,) = lake.files("fingerprints")
    Path(path).write_bytes(b"torn")
    before = tree(str(tmp_path))
    assert lake.read("fingerprints").num_rows == 0
    assert lake.feed_states(["https://feeds.example/rss.xml"], NOW) != {}
    assert "damaged Parquet" in lake.problems[0]
    assert tree(str(tmp_path)) == before


def test_the_last_runs_are_those_that_started_last(tmp_path: Path) -> None:
    for number in range(4):
        store(str(tmp_path), f"run{number}", rows_of_run(10 * number, 1), seconds=number)
    lake = Lake(str(tmp_path))
    assert [run.commit_id for run in lake.runs()] == ["run0", "run1", "run2", "run3"]
    assert [run.commit_id for run in lake.runs(last=2)] == ["run2", "run3"]
