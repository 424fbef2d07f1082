"""One hang, crash or blow-up costs one item; the pool goes on and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from transforms.outcomes import Reason
from transforms.workers import GROWN, KillablePool, Result

TARGET = "worker_targets:act"
HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.append(str(HERE))  # the pool hands its sys.path to the worker processes


def run(pool: KillablePool, *orders: tuple[str, Any]) -> list[Result]:
    """Results of all orders by position."""
    got: list[Result] = []
    for key, order in enumerate(orders):
        pool.submit(key, order)
        got += pool.ready()
    got += pool.drain()
    return sorted(got, key=lambda r: r.key)  # type: ignore[arg-type,return-value]


def alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def gone(pid: int, within_s: float = 3.0) -> bool:
    deadline = time.monotonic() + within_s
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not alive(pid)


@pytest.fixture(scope="module")
def pool() -> Iterator[KillablePool]:
    with KillablePool(TARGET, workers=2, timeout_s=5.0, memory_mib=100) as pool:
        yield pool


def test_each_item_gives_one_result_under_its_key(pool: KillablePool) -> None:
    results = run(pool, *[("echo", n) for n in range(50)])
    assert [(r.key, r.status, r.value) for r in results] == [(n, "ok", n) for n in range(50)]


def test_large_arguments_and_results_pass(pool: KillablePool) -> None:
    body = os.urandom(8_000_000)
    assert run(pool, ("echo", body))[0].value == body


@pytest.mark.parametrize(
    ("order", "status", "detail"),
    [
        (("raise", "no"), "error", "ValueError: no"),
        (("sysexit", 3), "error", "SystemExit: 3"),
        (("unpicklable", 0), "error", "local object"),
        (("surrogate", 0), "error", "ValueError"),
        (("exit", 3), "died", "exit code 3"),
        (("segv", 0), "died", f"signal {int(signal.SIGSEGV)}"),
        (("abort", 0), "died", f"signal {int(signal.SIGABRT)}"),
        (("sigkill", 0), "died", f"signal {int(signal.SIGKILL)}"),
        (("fill", 300), "memory", "MemoryError"),
    ],
)
def test_a_bad_item_is_named_and_its_neighbours_are_served(
    pool: KillablePool, order: tuple[str, Any], status: str, detail: str
) -> None:
    before, bad, after = run(pool, ("echo", 1), order, ("echo", 2))
    assert (before.value, after.value) == (1, 2)
    assert bad.status == status
    assert detail in bad.detail


def test_endless_recursion_in_c_or_python_costs_one_item(pool: KillablePool) -> None:
    deep, after = run(pool, ("deep", 0), ("echo", 2))
    assert deep.status in {"died", "memory", "error", "timeout"}
    assert after.value == 2


def test_an_item_may_use_the_memory_it_is_granted(pool: KillablePool) -> None:
    assert run(pool, ("fill", 80))[0].status == "ok"


def test_an_item_error_comes_back_with_its_reason(pool: KillablePool) -> None:
    (result,) = run(pool, ("refuse", "12 characters"))
    assert result.status == "item_error"
    assert (result.value.reason, result.value.detail) == (Reason.TOO_SHORT, "12 characters")


def test_a_child_killed_from_outside_loses_nothing(pool: KillablePool, tmp_path: Path) -> None:
    (result,) = run(pool, ("die_once", str(tmp_path / "marker")))
    assert (result.status, result.value) == ("ok", "second try")


def test_an_idle_child_that_died_is_replaced_unseen() -> None:
    with KillablePool(TARGET) as pool:
        pid = run(pool, ("pid", 0))[0].value
        os.kill(pid, signal.SIGKILL)
        assert run(pool, ("echo", 7))[0].value == 7


def test_a_hang_in_c_ends_at_the_deadline_and_the_pool_recovers_within_a_second(
    tmp_path: Path,
) -> None:
    with KillablePool(TARGET, timeout_s=0.5) as pool:
        run(pool, ("echo", 0))
        start = time.monotonic()
        hung, after = run(pool, ("stubborn", str(tmp_path / "pid")), ("echo", 1))
        took = time.monotonic() - start
    assert hung.status == "timeout"
    assert after.value == 1
    assert took < 0.5 + 1.0
    assert gone(int((tmp_path / "pid").read_text()))


def test_a_poisoned_item_is_tried_twice_and_no_more(pool: KillablePool, tmp_path: Path) -> None:
    tally = tmp_path / "tally"
    poisoned, after = run(pool, ("count_and_die", str(tally)), ("echo", 1))
    assert (poisoned.status, after.value) == ("died", 1)
    assert tally.read_text() == "xx"


def test_all_children_dying_at_once_cost_their_items_only(pool: KillablePool) -> None:
    results = run(pool, *[("sigkill", 0)] * 6, *[("echo", n) for n in range(6)])
    assert [r.status for r in results] == ["died"] * 6 + ["ok"] * 6


def test_items_are_worked_on_at_the_same_time() -> None:
    with KillablePool(TARGET, workers=3) as pool:
        run(pool, *[("late", (0.3, n)) for n in range(3)])
        start = time.monotonic()
        results = run(pool, *[("late", (0.6, n)) for n in range(3)])
        took = time.monotonic() - start
    assert [r.value for r in results] == [0, 1, 2]
    assert took < 1.2


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="oom_score_adj is Linux's")
def test_children_go_first_when_the_machine_runs_out_of_memory(pool: KillablePool) -> None:
    assert run(pool, ("oom_score", 0))[0].value == 1000


def test_a_crash_is_made_good_within_a_second() -> None:
    with KillablePool(TARGET) as pool:
        run(pool, ("echo", 0))
        start = time.monotonic()
        died, after = run(pool, ("segv", 0), ("echo", 1))
        took = time.monotonic() - start
    assert (died.status, after.value) == ("died", 1)
    assert took < 1.0


def test_children_are_recycled() -> None:
    with KillablePool(TARGET, recycle=3) as pool:
        pids = [run(pool, ("pid", 0))[0].value for _ in range(7)]
    assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [3, 3, 1]


def test_at_rest_a_child_that_has_served_many_items_gives_its_memory_back() -> None:
    with KillablePool(TARGET) as pool:
        few = run(pool, ("pid", 0))[0].value
        pool.rest()
        many = [run(pool, ("pid", 0))[0].value for _ in range(GROWN - 1)]
        assert set(many) == {few}
        pool.rest()
        assert gone(few)
        assert run(pool, ("pid", 0))[0].value != few


def test_rest_leaves_a_busy_child_alone() -> None:
    with KillablePool(TARGET) as pool:
        for _ in range(GROWN):
            run(pool, ("pid", 0))
        pool.submit("last", ("echo", "still here"))
        pool.rest()
        assert [result.value for result in pool.drain()] == ["still here"]


def test_a_dead_zygote_is_replaced() -> None:
    with KillablePool(TARGET) as pool:
        run(pool, ("echo", 0))
        assert pool._zygote is not None
        pool._zygote.kill()
        pool._zygote.wait()
        assert [r.value for r in run(pool, ("echo", 1), ("echo", 2))] == [1, 2]


def test_a_target_that_cannot_be_imported_says_so() -> None:
    pool = KillablePool("no_such_module:f")
    with pytest.raises(RuntimeError, match="no_such_module"):
        pool.submit(0, 0)


def test_close_ends_a_busy_child_at_once(tmp_path: Path) -> None:
    pool = KillablePool(TARGET)
    pid = run(pool, ("pid", 0))[0].value
    pool.submit(0, ("sleep", 60))
    start = time.monotonic()
    pool.close()
    assert gone(pid)
    assert time.monotonic() - start < 2


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_child_outlives_its_parent(how: signal.Signals, tmp_path: Path) -> None:
    marker = tmp_path / "pid"
    script = textwrap.dedent(
        f"""
        import sys
        sys.path[:0] = [{str(ROOT)!r}, {str(HERE)!r}]
        from transforms.workers import KillablePool
        pool = KillablePool({TARGET!r}, timeout_s=600)
        pool.submit(0, ("stubborn", {str(marker)!r}))
        list(pool.drain())
        """
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script], stderr=subprocess.DEVNULL, start_new_session=True
    )
    deadline = time.monotonic() + 20
    while not (marker.exists() and marker.read_text()) and time.monotonic() < deadline:
        time.sleep(0.02)
    child = int(marker.read_text())
    if how is signal.SIGINT:
        os.killpg(parent.pid, how)
    else:
        parent.send_signal(how)
    parent.wait(10)
    assert gone(child)
