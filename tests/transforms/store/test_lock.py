"""One run at a time writes to a lake, on this machine and on an object store."""

import multiprocessing
import time
from multiprocessing.connection import Connection
from pathlib import Path

import memory_store
import pytest
from lake_samples import NOW

from transforms.errors import LakeLocked
from transforms.store.lake import Lake
from transforms.store.lock import LEASE_MS


def hold(root: str, pipe: Connection) -> None:
    with Lake(root).lock(NOW, "holder"):
        pipe.send("held")
        time.sleep(60)


def test_a_second_run_is_refused_at_once_and_the_lock_dies_with_its_holder(tmp_path: Path) -> None:
    ours, theirs = multiprocessing.Pipe()
    other = multiprocessing.get_context("spawn").Process(target=hold, args=(str(tmp_path), theirs))
    other.start()
    assert ours.recv() == "held"
    began = time.monotonic()
    with (
        pytest.raises(LakeLocked, match="another run holds the lock \\(holder"),
        Lake(str(tmp_path)).lock(NOW),
    ):
        pass
    assert time.monotonic() - began < 1
    other.kill()
    other.join()
    with Lake(str(tmp_path)).lock(NOW):
        pass


def test_the_lock_is_free_again_after_an_error(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    with pytest.raises(ValueError), lake.lock(NOW):
        raise ValueError
    with lake.lock(NOW), pytest.raises(LakeLocked), lake.lock(NOW):
        pass


def test_the_lease_keeps_a_second_run_out_until_it_ends() -> None:
    memory_store.OBJECTS.clear()
    lake = Lake("memstore://bucket/lake")
    with lake.lock(NOW, "first"):
        with pytest.raises(LakeLocked, match="first"), lake.lock(NOW + LEASE_MS - 1):
            pass
        with lake.lock(NOW + LEASE_MS + 1, "after a crash"):
            pass
    with lake.lock(NOW, "third"):
        pass
    assert not memory_store.OBJECTS


def test_a_run_that_outlived_its_lease_leaves_the_next_holder_its_own() -> None:
    memory_store.OBJECTS.clear()
    lake = Lake("memstore://bucket/lake")
    first = lake.lock(NOW, "first")
    first.__enter__()
    with lake.lock(NOW + LEASE_MS + 1, "second"):
        first.__exit__(None, None, None)
        with (
            pytest.raises(LakeLocked, match="second"),
            lake.lock(NOW + LEASE_MS + 2, "third"),
        ):
            pass
