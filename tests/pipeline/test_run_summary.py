"""A run's own summary names the feeds that need a look, by the polls of this very run."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from pipeline.commands.run import result_json, result_lines
from pipeline.execute import Ran, execute
from pipeline.plan import RunRequest
from pipeline.status import FEEDS_SHOWN, FeedHealth, attention_lines
from tests.serve import RSS, Serve, item, rss
from transforms.fetch.policy import FetchPolicy
from transforms.records import Feed

NEW_HOME = "/new/feed.xml"
PAGE = '<html><head><link rel="alternate" type="application/rss+xml" href="/new/feed.xml"></head>'


def history(root: str, hours_silent: int, days: int = 14) -> str:
    """A feed that had news every hour until `hours_silent` ago."""
    last = datetime.now(UTC) - timedelta(hours=hours_silent)
    return rss(
        *(
            item(f"{root}/{n}", f"Story {n}", f"<pubDate>{format_datetime(at)}</pubDate>")
            for n in range(days * 24)
            for at in [last - timedelta(hours=n)]
        )
    )


@pytest.fixture(scope="module")
def polls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dict[str, str], list[Ran]]]:
    """Addresses of the feeds by their fate, and three runs over them."""
    lake = str(tmp_path_factory.mktemp("summary") / "lake")
    with Serve(6) as serve:
        roots = [serve.root(number) for number in range(6)]
        for number in range(6):
            serve.put(NEW_HOME, history(roots[number], 0 if number == 3 else 72), RSS, number)
        feeds = {
            "healthy": serve.put("/feed", history(roots[0], 0), RSS),
            "quiet": serve.put("/feed", history(roots[1], 72), RSS, 1),
            "leaving": serve.put("/feed", "", None, 2, 301, Location=roots[2] + NEW_HOME),
            "moved": serve.put("/feed", "", None, 3, 308, Location=roots[3] + NEW_HOME),
            "replaced": serve.put("/feed", PAGE, number=4),
            "blocked": serve.put("/feed", "no", number=5, status=403),
        }
        request = RunRequest(
            lake=lake,
            feeds=tuple(Feed(url) for url in feeds.values()),
            fetch=FetchPolicy(allow_hosts=tuple(serve.hosts), delay_s=0.0, robots=False),
            lookback_hours=0.001,
            poll_all=True,
        )
        yield feeds, [execute(request, quiet=True) for _ in range(3)]


def named(ran: Ran) -> dict[str, dict[str, Any]]:
    return {row["url"]: row for row in json.loads(json.dumps(result_json(ran)))["feeds_to_look_at"]}


def test_a_feed_silent_for_days_is_named_in_the_summary_of_its_first_poll(
    polls: tuple[dict[str, str], list[Ran]],
) -> None:
    feeds, runs = polls
    first = named(runs[0])
    assert set(first) == {feeds["quiet"], feeds["leaving"]}
    assert (first[feeds["quiet"]]["health"], first[feeds["quiet"]]["cause"]) == ("silent", "quiet")
    assert first[feeds["leaving"]]["cause"] == "moved"
    assert first[feeds["leaving"]]["proposal"].endswith(NEW_HOME)


@pytest.mark.parametrize(
    ("fate", "health", "cause", "address"),
    [
        ("quiet", "silent", "quiet", False),
        ("moved", "ok", "", True),
        ("replaced", "failing", "moved", True),
        ("blocked", "failing", "blocked", False),
    ],
)
def test_the_third_run_names_cause_and_new_address(
    polls: tuple[dict[str, str], list[Ran]], fate: str, health: str, cause: str, address: bool
) -> None:
    feeds, runs = polls
    row = named(runs[2])[feeds[fate]]
    assert (row["health"], row["cause"]) == (health, cause)
    assert (row["moved_to"] or row["proposal"]).endswith(NEW_HOME) is address
    (line,) = [line for line in result_lines(runs[2]) if f" {feeds[fate]}:" in line]
    assert (NEW_HOME in line) is address
    assert health in line


def test_a_feed_that_is_well_is_not_named(polls: tuple[dict[str, str], list[Ran]]) -> None:
    feeds, runs = polls
    assert feeds["healthy"] not in named(runs[2])
    assert not [line for line in result_lines(runs[2]) if feeds["healthy"] in line]


def test_a_long_list_is_cut_for_people_and_says_so() -> None:
    blank = FeedHealth("", "", "quarantine", "dns_failed", 0, None, 0, 40, "", alarm="dead")
    many = [blank._replace(url=f"https://{n}.example/") for n in range(FEEDS_SHOWN + 3)]
    lines = attention_lines(many)
    assert lines[0] == f"feeds that need a look: {len(many)}"
    assert len(lines) == FEEDS_SHOWN + 2
    assert "3 more" in lines[-1]
    assert attention_lines([blank._replace(alarm="")]) == []
