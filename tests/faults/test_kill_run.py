"""A run killed at any moment and started again ends with the rows of an undisturbed one."""

import random
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.newsroom import Newsroom, newsroom_config
from tests.kit import ROOT, command, environment, news_of, rows, run, write_config

SEED = 20260205
FEW, MANY = 2, 20


@dataclass(frozen=True)
class Undisturbed:
    """What one whole run over the newsroom leaves, and how long it took, in seconds."""

    newsroom: Newsroom
    news: dict[str, list[str]]
    seconds: float


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Undisturbed]:
    folder = tmp_path_factory.mktemp("undisturbed")
    with Newsroom() as newsroom:
        config = write_config(folder / "c.yaml", newsroom_config(newsroom, str(folder / "lake")))
        started = time.monotonic()
        run(config)
        seconds = time.monotonic() - started
        yield Undisturbed(newsroom, news_of(folder / "lake"), seconds)


def moments(count: int) -> list[float]:
    """Shares of the undisturbed time at which to kill: one in each of `count` equal parts."""
    rng = random.Random(SEED + count)
    return [(index + rng.random()) / count for index in range(count)]


def kill_and_restart(undisturbed: Undisturbed, folder: Path, share: float) -> None:
    lake = folder / "lake"
    config = write_config(folder / "c.yaml", newsroom_config(undisturbed.newsroom, str(lake)))
    killed = subprocess.Popen(
        command("run", str(config), "--all", "--json"),
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        killed.wait(share * undisturbed.seconds)
    except subprocess.TimeoutExpired:
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    assert_only_whole_files(lake)
    run(config)
    assert news_of(lake) == undisturbed.news
    assert not list((lake / "_staging").glob("*/**/*.parquet"))


def assert_only_whole_files(lake: Path) -> None:
    """What a reader's glob finds can be read, and belongs to a committed run."""
    found = rows(lake, "articles")
    committed = {path.stem for path in (lake / "_runs").glob("*.json")}
    assert not found or committed


@pytest.mark.parametrize("share", moments(FEW))
def test_killed_run_restarted_equals_an_undisturbed_one(
    undisturbed: Undisturbed, tmp_path: Path, share: float
) -> None:
    kill_and_restart(undisturbed, tmp_path, share)


@pytest.mark.slow
@pytest.mark.parametrize("share", moments(MANY))
def test_run_killed_at_many_moments_restarted_equals_an_undisturbed_one(
    undisturbed: Undisturbed, tmp_path: Path, share: float
) -> None:
    kill_and_restart(undisturbed, tmp_path, share)


@pytest.mark.slow
def test_killed_again_and_again_it_still_gets_there(
    undisturbed: Undisturbed, tmp_path: Path
) -> None:
    lake = tmp_path / "lake"
    config = write_config(tmp_path / "c.yaml", newsroom_config(undisturbed.newsroom, str(lake)))
    for share in (0.4, 0.7, 0.9):
        started = subprocess.Popen(
            command("run", str(config), "--all", "--json"),
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            started.wait(share * undisturbed.seconds)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()
    run(config)
    assert news_of(lake) == undisturbed.news


def test_interrupted_run_ends_with_130_and_a_clean_lake(
    undisturbed: Undisturbed, tmp_path: Path
) -> None:
    lake = tmp_path / "lake"
    config = write_config(tmp_path / "c.yaml", newsroom_config(undisturbed.newsroom, str(lake)))
    started = subprocess.Popen(
        command("run", str(config), "--all"),
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    undisturbed.newsroom.clear_log()
    deadline = time.monotonic() + 60
    while not undisturbed.newsroom.requests() and time.monotonic() < deadline:
        time.sleep(0.02)
    started.send_signal(signal.SIGINT)
    _, said = started.communicate(timeout=60)
    assert started.returncode == 130, said
    assert "interrupted" in said
    assert not rows(lake, "articles")
    run(config)
    assert news_of(lake) == undisturbed.news
