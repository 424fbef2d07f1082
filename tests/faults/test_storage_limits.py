"""Full disks, file size limits and two starts at once, with the real errors of the system."""

import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HELP = ROOT / "tests" / "transforms" / "store"
sys.path.insert(0, str(HELP))

from lake_samples import NOW, rows_of_run, store, tree  # noqa: E402

from transforms.errors import LakeError, LakeLocked  # noqa: E402
from transforms.store.hashing import set_fault_hook  # noqa: E402
from transforms.store.lake import Lake  # noqa: E402

SMALL_FILES = """
import resource, signal, sys
from lake_samples import rows_of_run, store
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
store(sys.argv[1], "two", rows_of_run(100, 200))
"""


@pytest.mark.parametrize("limit", [100, 9000])
def test_a_file_that_may_not_grow_is_a_full_storage(tmp_path: Path, limit: int) -> None:
    store(str(tmp_path), "one", rows_of_run(0, 5))
    whole = tree(str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", SMALL_FILES, str(tmp_path), str(limit)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{HELP}"},
        timeout=100,
    )
    assert done.returncode != 0
    assert "LakeError: storage_full: " in done.stderr
    assert "File too large" in done.stderr
    Lake(str(tmp_path)).recover()
    assert tree(str(tmp_path)) == whole


def test_a_disk_full_at_any_step_keeps_what_was_committed(tmp_path: Path) -> None:
    steps = 0

    def count(point: str, path: str) -> None:
        nonlocal steps
        steps += point != "delete"

    set_fault_hook(count)
    store(str(tmp_path / "calm"), "two", rows_of_run(10, 3))
    limit = steps
    try:
        for full_at in range(0, limit, max(1, limit // 40)):
            root = tmp_path / str(full_at)
            steps = 0

            def full(point: str, path: str, full_at: int = full_at) -> None:
                nonlocal steps
                steps += point != "delete"
                if steps > full_at and point in ("write", "fsync"):
                    raise OSError(28, "No space left on device")

            set_fault_hook(None)
            store(str(root), "one", rows_of_run(0, 3))
            before = tree(str(root))
            set_fault_hook(full)
            try:
                store(str(root), "two", rows_of_run(10, 3))
            except LakeError as error:
                assert str(error).startswith("storage_full: ")  # noqa: PT017
            set_fault_hook(None)
            lake = Lake(str(root))
            lake.recover()
            committed = [manifest.commit_id for manifest in lake.runs()]
            assert committed in (["one"], ["one", "two"])
            if committed == ["one"]:
                assert tree(str(root)) == before
            assert lake.read("articles", ["id"]).num_rows == 3 * len(committed)
            assert lake.problems == []
    finally:
        set_fault_hook(None)


def start(
    root: str, gate: "multiprocessing.synchronize.Event", results: "multiprocessing.Queue[str]"
) -> None:
    gate.wait()
    try:
        with Lake(root).lock(NOW):
            results.put("held")
            signal.pause()
    except LakeLocked:
        results.put("locked")


@pytest.mark.parametrize("rounds", [3, pytest.param(50, marks=pytest.mark.slow)])
def test_of_two_starts_at_once_one_runs(tmp_path: Path, rounds: int) -> None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["lake_samples"])
    for number in range(rounds):
        root = str(tmp_path / str(number))
        gate, results = context.Event(), context.Queue()
        runs = [context.Process(target=start, args=(root, gate, results)) for _ in range(2)]
        for run in runs:
            run.start()
        gate.set()
        assert sorted(results.get(timeout=30) for _ in runs) == ["held", "locked"]
        for run in runs:
            run.kill()
            run.join()
