"""The same protocol on an object store, over Beam's file systems."""

from collections.abc import Iterator
from pathlib import Path

import memory_store
import pytest
from lake_samples import DAY, FEED, NOW, clock, identity, rows_of_run, store, tree, write_run

from transforms.errors import LakeError
from transforms.records import RunContext
from transforms.store.compact import compact_all
from transforms.store.hashing import set_fault_hook
from transforms.store.lake import Lake
from transforms.store.seen import SeenIndex
from transforms.store.window import read_window

ROOT = "memstore://bucket/lake"


@pytest.fixture(autouse=True)
def empty_store() -> Iterator[None]:
    memory_store.OBJECTS.clear()
    yield
    memory_store.OBJECTS.clear()
    set_fault_hook(None)


def objects() -> list[str]:
    return sorted(path.removeprefix(ROOT + "/") for path in memory_store.OBJECTS)


def test_a_run_writes_the_same_files_as_locally(tmp_path: Path) -> None:
    write_run(str(tmp_path), "run", rows_of_run(0, 20))
    write_run(ROOT, "run", rows_of_run(0, 20))
    assert objects() == tree(str(tmp_path))
    for path in objects():
        assert memory_store.OBJECTS[f"{ROOT}/{path}"] == (tmp_path / path).read_bytes(), path


def test_everything_a_run_needs_is_read_back() -> None:
    lake = Lake(ROOT)
    lake.check_writable()
    store(ROOT, "run", rows_of_run(0, 20))
    lake.check_versions()
    index = SeenIndex.open(lake.seen_index("next", NOW))
    assert [known.state if known else None for known in index.lookup(
        [identity(3), identity(20), identity(21)]
    )] == ["seen", "retry", None]  # fmt: skip
    assert lake.feed_states([FEED], NOW)[FEED].entries == 24
    assert len(lake.retry_entries(NOW + DAY)) == 1
    assert read_window(lake.signature_window("next", NOW)).num_rows == 20
    assert list(lake.article_texts([identity(3)])) == [identity(3)]
    lake.clean_up("next")
    assert not [path for path in objects() if path.startswith(("_state", "_staging"))]


def test_a_run_that_stops_anywhere_is_rolled_forward_or_swept() -> None:
    steps = 0

    def count(point: str, path: str) -> None:
        nonlocal steps
        steps += point != "write"

    set_fault_hook(count)
    store(ROOT, "two", rows_of_run(10, 3))
    limit = steps
    for stop_at in range(limit):
        memory_store.OBJECTS.clear()
        set_fault_hook(None)
        store(ROOT, "one", rows_of_run(0, 3))
        before = objects()
        steps = 0

        def stop(point: str, path: str, stop_at: int = stop_at) -> None:
            nonlocal steps
            steps += point != "write"
            if steps > stop_at:
                raise LakeError("stopped")

        set_fault_hook(stop)
        with pytest.raises(LakeError, match="stopped"):
            store(ROOT, "two", rows_of_run(10, 3))
        set_fault_hook(None)
        lake = Lake(ROOT)
        lake.recover()
        ids = [run.commit_id for run in lake.runs()]
        assert ids in (["one"], ["one", "two"])
        assert lake.read("articles", ["id"]).num_rows == 3 * len(ids)
        assert not [path for path in objects() if path.startswith("_staging")]
        if ids == ["one"]:
            assert objects() == before


@pytest.mark.parametrize("stop_at", range(0, 16))
def test_a_compaction_that_stops_anywhere_neither_doubles_nor_loses(stop_at: int) -> None:
    for number in range(3):
        store(ROOT, f"run{number}", {"polls": rows_of_run(number, 1)["polls"]})
    steps = 0

    def stop(point: str, path: str) -> None:
        nonlocal steps
        steps += point in ("rename", "delete")
        if steps > stop_at:
            raise LakeError("stopped")

    set_fault_hook(stop)
    lake, ctx = Lake(ROOT), RunContext("tidy", NOW, ROOT)
    try:
        compact_all(lake, ctx, clock, NOW + 2 * DAY, min_files=2)
    except LakeError as error:
        assert str(error) == "stopped"  # noqa: PT017
    set_fault_hook(None)
    lake.recover()
    assert lake.read("polls", ["feed_url"]).num_rows == 3
    assert len(lake.files("polls")) in (1, 3)
    assert not [path for path in objects() if path.startswith("_staging")]


def test_damage_is_set_aside_there_too() -> None:
    store(ROOT, "run", rows_of_run(0, 5))
    lake = Lake(ROOT)
    (path,) = lake.files("fingerprints")
    memory_store.OBJECTS[path] = memory_store.OBJECTS[path][:99]
    index = SeenIndex.open(lake.seen_index("next", NOW))
    assert index.lookup([identity(1)])[0] is not None
    assert any("rebuilt from 5 articles" in line for line in lake.problems)
    assert f"{path}.bad" in memory_store.OBJECTS
