"""Runs that are killed with SIGKILL inside the file layer, each in a process of its own.

`python storage_worker.py FOLDER beam|plain SEED KILLS` plays the same small history KILLS times:
two runs over one feed (the second brings back what failed in the first, the feed answering that
nothing has changed) and a compaction. Each time the process is killed before a step of the file
layer chosen by SEED, started again, and the lake compared with what it must hold. Prints one line
of JSON. The parent imports Beam and Arrow but runs nothing of them, so that forking it is safe.
"""

import json
import os
import random
import shutil
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "transforms" / "store"))

ENTRIES, FAILING = 40, 4
HOUR = 3_600_000


def in_child(work: Callable[[], Any]) -> int:
    """Do `work` in a forked process; its exit status, negative when a signal ended it."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            if code:
                traceback.print_exc()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def play(root: str, turn: int, beam: bool, kill_at: int, count_to: str = "") -> None:
    """Two runs and a compaction; killed before step `kill_at` of the file layer (-1: never)."""
    from transforms.store.hashing import set_fault_hook

    points: list[str] = []

    def hook(point: str, path: str) -> None:
        if len(points) == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        points.append(point)

    set_fault_hook(hook)
    one_run(root, f"{turn}-a", 0, beam)
    one_run(root, f"{turn}-b", HOUR, beam)
    tidy(root, f"{turn}-c")
    if count_to:
        Path(count_to).write_text(json.dumps(points))


def one_run(root: str, run_id: str, after: int, beam: bool) -> None:
    """Poll the feed, take what is not known and what is due again, write, commit."""
    import lake_samples as samples

    from transforms.store.lake import Lake
    from transforms.store.seen import SeenIndex

    at, lake = samples.NOW + after, Lake(root)
    with lake.lock(at, run_id):
        lake.check_writable()
        lake.recover()
        answered = samples.FEED in lake.feed_states([samples.FEED], at)
        listed = [] if answered else list(range(ENTRIES))
        known = SeenIndex.open(lake.seen_index(run_id, at)).lookup(
            [samples.identity(number) for number in listed]
        )
        new = [number for number, found in zip(listed, known, strict=True) if found is None]
        back = [int(entry.url.rsplit("/", 1)[1]) for entry in lake.retry_entries(at)]
        failed = [number for number in new if number >= ENTRIES - FAILING]
        stored = [number for number in new if number not in failed] + back
        tables: dict[str, list[Any]] = {
            "articles": [samples.article(n, at=at) for n in stored],
            "fingerprints": [samples.fingerprint(n, at=at) for n in stored],
            "outcomes": [
                samples.feed_outcome(at),
                *(samples.outcome(n, at=at) for n in stored),
                *(samples.outcome(n, "dead_letter", "server_error", at) for n in failed),
            ],
            "dead_letters": [samples.letter(n, at=at) for n in failed],
            "polls": [
                samples.poll(
                    len(listed) + len(back), len(listed) - len(new), at,
                    None if answered else listed,
                )
            ],
        }  # fmt: skip
        if beam:
            samples.write_run(root, run_id, tables)
        else:
            samples.store(root, run_id, tables)
        lake.clean_up(run_id)


def tidy(root: str, run_id: str) -> None:
    """Compact everything."""
    from lake_samples import DAY, NOW, clock

    from transforms.records import RunContext
    from transforms.store.compact import compact_all
    from transforms.store.lake import Lake

    lake = Lake(root)
    with lake.lock(NOW, run_id):
        lake.recover()
        compact_all(lake, RunContext(run_id, NOW, root), clock, NOW + 2 * DAY, min_files=2)


def check_visible(root: str) -> None:
    """What a reader may see straight after the kill: whole files of committed runs only."""
    import pyarrow.parquet as pq

    from transforms.store.lake import Lake

    lake = Lake(root)
    committed = {file.path: file for manifest in lake.commits() for file in manifest.files}
    for table in ("articles", "outcomes", "dead_letters", "fingerprints", "polls"):
        for path in lake.files(table):
            file = committed[os.path.relpath(path, root)]
            if pq.read_table(path, partitioning=None).num_rows != file.rows:
                raise AssertionError(f"{path}: torn")
    if lake.problems:
        raise AssertionError(lake.problems)


def check_whole(root: str) -> None:
    """What the lake holds in the end: every entry once, whatever happened on the way."""
    from lake_samples import identity, tree

    from transforms.store.lake import Lake

    lake = Lake(root)
    everything = Counter(identity(number) for number in range(ENTRIES))
    for table in ("articles", "fingerprints"):
        found = Counter(lake.read(table, ["id"]).column("id").to_pylist())
        lost, twice = everything - found, found - everything
        if lost or twice:
            raise AssertionError(f"{table}: {sum(lost.values())} lost, {sum(twice.values())} twice")
    letters = lake.read("dead_letters", ["id"]).num_rows
    outcomes = Counter(row.outcome for row in lake.rows("outcomes") if row.item == "entry")
    if letters != FAILING or outcomes != {"article": ENTRIES, "dead_letter": FAILING}:
        raise AssertionError(f"{letters} letters, {outcomes}")
    if left := [p for p in tree(root) if p.startswith(("_staging", "_state")) or "tmp" in p]:
        raise AssertionError(f"left behind: {left}")
    check_visible(root)


def choose(points: list[str], seed: int, kills: int) -> list[int]:
    """Steps to be killed at, of every kind alike: there are many more writes than renames."""
    chance = random.Random(seed)
    kinds: dict[str, list[int]] = {}
    for step, point in enumerate(points):
        kinds.setdefault(point, []).append(step)
    for steps in kinds.values():
        chance.shuffle(steps)
    turns = [steps[turn] for turn in range(len(points)) for steps in kinds.values()
             if turn < len(steps)]  # fmt: skip
    return sorted(turns[:kills])


def main(folder: str, mode: str, seed: int, kills: int) -> dict[str, Any]:
    """Count the steps of an undisturbed history, then kill at `kills` of them."""
    import lake_samples  # noqa: F401  every child has it then

    import transforms.store.compact
    import transforms.store.lake  # noqa: F401

    beam, counted = mode == "beam", f"{folder}/steps"
    in_child(lambda: play(f"{folder}/calm", 0, beam, -1, counted))
    points = json.loads(Path(counted).read_text())
    chosen = choose(points, seed, kills)
    faults = []
    if in_child(lambda: check_whole(f"{folder}/calm")):
        faults.append("undisturbed")
    killed = 0
    for number, step in enumerate(chosen):
        root = f"{folder}/{number}"
        killed += in_child(lambda: play(root, 0, beam, step)) == -signal.SIGKILL  # noqa: B023
        if in_child(lambda: check_visible(root)):  # noqa: B023
            faults.append(f"step {step}: visible")
        if in_child(lambda: play(root, 1, beam, -1)):  # noqa: B023
            faults.append(f"step {step}: second start")
        elif in_child(lambda: check_whole(root)):  # noqa: B023
            faults.append(f"step {step}: whole")
        shutil.rmtree(root, ignore_errors=True)
    return {"steps": len(points), "killed": killed, "tried": len(chosen), "faults": faults}


if __name__ == "__main__":
    result = main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    sys.stdout.write(json.dumps(result) + "\n")
