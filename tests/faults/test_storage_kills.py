"""kill -9 before any step of any write: nothing lost, nothing twice, nothing torn."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

WORKER = Path(__file__).parent / "storage_worker.py"
ROOT = Path(__file__).parents[2]


def killed(folder: Path, mode: str, seed: int, kills: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, str(WORKER), str(folder), mode, str(seed), str(kills)],
        capture_output=True,
        text=True,
        timeout=1500,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert found["faults"] == [], done.stderr[-2000:]
    assert found["killed"] == found["tried"] == kills
    return found


def test_ten_kills_over_all_kinds_of_steps(tmp_path: Path) -> None:
    assert killed(tmp_path, "plain", 7, 10)["steps"] > 100


@pytest.mark.slow
@pytest.mark.timeout(1600)
@pytest.mark.parametrize("seed", range(4))
def test_two_hundred_kills(tmp_path: Path, seed: int) -> None:
    killed(tmp_path, "plain", seed, 50)


@pytest.mark.slow
@pytest.mark.timeout(1600)
def test_kills_inside_beam(tmp_path: Path) -> None:
    killed(tmp_path, "beam", 11, 30)
