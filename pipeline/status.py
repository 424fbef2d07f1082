"""What the lake says of itself: its last runs, and the health of each feed."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from transforms.records import Poll
from transforms.store.lake import Lake
from transforms.store.manifest import Manifest

RUNS_SHOWN = 5


class FeedHealth(NamedTuple):
    """One feed as its last poll left it; times are UTC ms, None when it never happened."""

    url: str
    name: str
    health: str
    reason: str
    polled_at: int | None
    newest_entry_at: int | None
    next_poll_at: int | None
    failures: int
    detail: str


class Status(NamedTuple):
    """The last runs, newest first, and every feed."""

    lake: str
    runs: list[Manifest]
    feeds: list[FeedHealth]
    problems: list[str]


def health_of(url: str, name: str, poll: Poll | None, quarantine_failures: int) -> FeedHealth:
    """The health of a feed: new, ok, failing or quarantine."""
    if poll is None:
        return FeedHealth(url, name, "new", "never polled", None, None, None, 0, "")
    if poll.failures >= quarantine_failures:
        health = "quarantine"
    else:
        health = "failing" if poll.failures else "ok"
    return FeedHealth(
        url,
        name or poll.feed_title or "",
        health,
        poll.reason,
        poll.polled_at,
        poll.newest_entry_at,
        poll.next_poll_at,
        poll.failures,
        poll.detail or "",
    )


def read_status(
    lake: Lake, feeds: Iterable[tuple[str, str]], now: int, quarantine_failures: int
) -> Status:
    """The status of `lake` for the (url, name) pairs of a configuration."""
    named = list(feeds)
    polls = lake.feed_states([url for url, _ in named], now)
    health = [health_of(url, name, polls.get(url), quarantine_failures) for url, name in named]
    return Status(lake.root, lake.runs()[::-1][:RUNS_SHOWN], health, list(lake.problems))


def moment(ms: int | None) -> str:
    """A time as people read it, UTC, to the minute."""
    return "-" if ms is None else datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%M")


def status_lines(status: Status) -> list[str]:
    """The status for people."""
    lines = [f"lake: {status.lake}", "", "last runs (UTC)"]
    lines += [f"  {moment(run.started_at)}  {run.commit_id}  {_rows(run)}" for run in status.runs]
    if not status.runs:
        lines.append("  none yet")
    lines += ["", f"{len(status.feeds)} feeds"]
    for feed in status.feeds:
        failures = f"  {feed.failures} failures" if feed.failures else ""
        lines.append(
            f"  {feed.health:<10} {feed.reason:<16} polled {moment(feed.polled_at)}  "
            f"newest {moment(feed.newest_entry_at)}  next {moment(feed.next_poll_at)}  "
            f"{feed.name or feed.url}{failures}"
        )
    lines += [f"problem: {problem}" for problem in status.problems]
    return lines


def _rows(run: Manifest) -> str:
    return ", ".join(f"{n} {table}" for table, n in run.rows().items()) or "no rows"


def status_json(status: Status) -> dict[str, Any]:
    """The status for machines."""
    return {
        "lake": status.lake,
        "runs": [
            {"run_id": run.commit_id, "started_at": run.started_at, "rows": run.rows()}
            for run in status.runs
        ],
        "feeds": [feed._asdict() for feed in status.feeds],
        "problems": status.problems,
    }
