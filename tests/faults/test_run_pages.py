"""Whole runs over walls and harmful pages: what enters which table, which processes are left."""

import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipeline.newsroom.stories import stories
from tests.kit import ROOT, assert_balanced, command, environment, rows, run, write_config
from tests.serve import RSS, Serve, item, page, rss
from tests.transforms.extract.walls.load import pages as labelled
from transforms.extract.walls import NONE, WALL_OF

HANGING = "<html><body><p " + " ".join(f"a{n}=''" for n in range(100_000)) + ">x</p></body></html>"


def settings(serve: Serve, lake: Path, feed: str, **extract: object) -> dict[str, Any]:
    return {
        "lake": str(lake),
        "feeds": [{"url": feed}],
        "fetch": {"delay_s": 0, "contact": "a@example.org", "allow_hosts": list(serve.hosts)},
        "extract": extract,
        "run": {"max_failed_share": 1},
    }


@dataclass(frozen=True)
class Walled:
    """A run over walls of every kind beside two stories."""

    lake: Path
    result: dict[str, Any]
    walls: dict[str, str]
    stories: set[str]


@pytest.fixture(scope="module")
def walled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walled]:
    folder = tmp_path_factory.mktemp("walled")
    with Serve(1) as serve:
        chosen = {p.wall: p for p in labelled() if p.wall != NONE}
        walls = {serve.put(f"/{wall}.html", p.html): wall for wall, p in chosen.items()}
        told = [s for s in stories(1).values() if s.kind == "article" and s.site == "meridian"][:2]
        good = {serve.put(f"/{s.slug}", page(s.title, s.text)) for s in told}
        links = [item(link, f"Entry {n}") for n, link in enumerate([*walls, *sorted(good)])]
        feed = serve.put("/rss", rss(*links), RSS)
        config = write_config(folder / "c.yaml", settings(serve, folder / "lake", feed))
        yield Walled(folder / "lake", run(config), walls, good)


def test_walls_enter_no_table_of_news(walled: Walled) -> None:
    assert_balanced(walled.result)
    for table in ("articles", "fingerprints"):
        found = rows(walled.lake, table)
        assert {row.get("url", "") for row in rows(walled.lake, "articles")} == walled.stories
        assert len(found) == len(walled.stories)
    assert {row["is_crisis"] for row in rows(walled.lake, "articles")} <= {True, False}


def test_each_wall_is_a_dead_letter_that_names_it_and_keeps_the_page(walled: Walled) -> None:
    letters = {row["url"]: row for row in rows(walled.lake, "dead_letters")}
    assert set(letters) == set(walled.walls)
    for url, wall in walled.walls.items():
        assert WALL_OF[letters[url]["reason"]] == wall
        assert letters[url]["stage"] == "Extract"
        assert letters[url]["payload_whole"]


def session_of(pid: int) -> set[int]:
    """Processes, zombies aside, that belong to the session of `pid`."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z" and int(fields[3]) == pid:
            found.add(int(stat.parent.name))
    return found


def gone(pid: int, within_s: float = 5.0) -> bool:
    """Whether the whole session ends within the time."""
    deadline = time.monotonic() + within_s
    while session_of(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not session_of(pid)


@pytest.mark.parametrize(
    "how",
    [
        pytest.param(None, id="end", marks=pytest.mark.slow),
        pytest.param(signal.SIGINT, id="ctrl-c", marks=pytest.mark.slow),
        pytest.param(signal.SIGKILL, id="kill"),
    ],
)
def test_no_process_outlives_a_run(how: signal.Signals | None, tmp_path: Path) -> None:
    with Serve(1) as serve:
        links = [item(serve.put(f"/{n}.html", HANGING), f"Entry {n}") for n in range(2)]
        feed = serve.put("/rss", rss(*links), RSS)
        wait_s = 1 if how is None else 60
        config = settings(serve, tmp_path / "lake", feed, timeout_s=wait_s, workers=2)
        started = subprocess.Popen(
            command("run", str(write_config(tmp_path / "c.yaml", config)), "--all"),
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + 90
        most = 0
        while started.poll() is None and time.monotonic() < deadline:
            most = max(most, len(session_of(started.pid)))
            if how is not None and most >= 3:
                started.send_signal(how)
                break
            time.sleep(0.05)
        started.wait(90)
    assert most >= 3
    assert gone(started.pid)
