"""The options of `crisiswire run`, and the commands beside it, as a user tries them."""

import json
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pipeline.newsroom import Newsroom, newsroom_config
from pipeline.newsroom.stories import stories
from tests.kit import (
    ROOT,
    assert_balanced,
    command,
    crisiswire,
    environment,
    rows,
    run,
    write_config,
)


class Ran(NamedTuple):
    """A configuration and what its first run printed."""

    config: Path
    result: dict[str, Any]


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as room:
        yield room


@pytest.fixture(scope="module")
def ran(newsroom: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """One run over one site, for the tests that look at what it left."""
    config = config_of(newsroom, tmp_path_factory.mktemp("ran"), "wire")
    return Ran(config, run(config))


def config_of(newsroom: Newsroom, folder: Path, *sites: str) -> Path:
    """A configuration of some sites only, in `folder`, its lake beside it."""
    config = newsroom_config(newsroom, str(folder / "lake"))
    roots = tuple(newsroom.roots[site] for site in sites)
    config["feeds"] = [feed for feed in config["feeds"] if feed["url"].startswith(roots)]
    return write_config(folder / "config.yaml", config)


def test_dry_run_makes_no_request_and_no_row(newsroom: Newsroom, tmp_path: Path) -> None:
    config = config_of(newsroom, tmp_path, "wire", "tagblatt")
    newsroom.clear_log()
    done = crisiswire("run", str(config), "--dry-run", "--json")
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["feeds"]) == 2
    assert not newsroom.requests()
    assert not rows(tmp_path / "lake", "polls")


def test_limit_takes_some_now_and_the_rest_later(newsroom: Newsroom, tmp_path: Path) -> None:
    config = config_of(newsroom, tmp_path, "wire")
    total = sum(1 for story in stories(1).values() if story.site == "wire")
    first = run(config, "--limit", "2")
    assert_balanced(first)
    assert first["rows"]["articles"] == 2
    assert first["failed_share"] == 0  # put off is not failed
    reasons = Counter(row["reason"] for row in rows(tmp_path / "lake", "outcomes"))
    assert reasons["deferred"] == total - 2
    second = run(config)
    assert_balanced(second)
    assert second["rows"]["articles"] == total - 2


def test_lookback_rejects_what_is_older(newsroom: Newsroom, tmp_path: Path) -> None:
    config = config_of(newsroom, tmp_path, "meridian")
    result = run(config, "--lookback-hours", "40")
    assert_balanced(result)
    young = {
        s.title
        for s in stories(1).values()
        if s.site == "meridian" and s.kind == "article" and s.age_h < 40
    }
    found = rows(tmp_path / "lake", "articles")
    assert {row["title_feed"] for row in found} == young
    reasons = Counter(row["reason"] for row in rows(tmp_path / "lake", "outcomes"))
    assert reasons["too_old"] > 0


def test_a_second_run_at_the_same_time_is_turned_away_with_3(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    config = config_of(newsroom, tmp_path, "wire")
    newsroom.clear_log()
    first = subprocess.Popen(
        command("run", str(config), "--all"),
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 60
        while not newsroom.requests() and time.monotonic() < deadline:
            time.sleep(0.01)
        first.send_signal(signal.SIGSTOP)
        second = crisiswire("run", str(config), "--all")
        assert second.returncode == 3, second.stderr
        assert "lock" in second.stderr.lower()
    finally:
        first.send_signal(signal.SIGCONT)
        assert first.wait(120) == 0


def test_a_feed_is_left_alone_until_its_next_poll(newsroom: Newsroom, ran: Ran) -> None:
    newsroom.clear_log()
    done = crisiswire("run", str(ran.config), "--json")
    assert done.returncode == 0, done.stderr
    assert not newsroom.requests()


def test_too_many_failures_end_with_4(newsroom: Newsroom, tmp_path: Path) -> None:
    config = newsroom_config(newsroom, str(tmp_path / "lake"))
    config["feeds"] = [feed for feed in config["feeds"] if feed["url"] == newsroom.dead_feed]
    config["run"] = {"max_failed_share": 0}
    run(write_config(tmp_path / "config.yaml", config), code=4)


def test_explain_tells_the_steps_of_a_page(newsroom: Newsroom, ran: Ran) -> None:
    url = newsroom.url_of("mogadishu-market")
    done = crisiswire("explain", url, "--config", str(ran.config))
    assert done.returncode == 0, done.stderr
    assert "Mogadishu" in done.stdout
    assert "TER" in done.stdout


def test_status_speaks_of_the_last_run_and_the_feeds(ran: Ran) -> None:
    done = crisiswire("status", str(ran.config))
    assert done.returncode == 0, done.stderr
    assert ran.result["run_id"] in done.stdout
    assert "TPS: all copy" in done.stdout


def test_environment_wins_over_the_file(newsroom: Newsroom, ran: Ran) -> None:
    newsroom.clear_log()
    run(ran.config, CRISISWIRE_FETCH__CONTACT="other@example.org")
    assert newsroom.requests()
    assert all("other@example.org" in r.headers["user-agent"] for r in newsroom.requests())
