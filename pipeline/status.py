"""What the lake says of itself: its last runs, and the health of each feed."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from transforms.feeds.alarm import alarm_of
from transforms.feeds.polling import address_of
from transforms.records import Feed, Poll
from transforms.store.lake import Lake
from transforms.store.manifest import Manifest

RUNS_SHOWN = 5
FEEDS_SHOWN = 20  # of those that a run's summary says need a look


class FeedHealth(NamedTuple):
    """One feed as its last poll left it; times are UTC ms, None when it never happened.

    `cause` and `proposal` are those of `transforms.feeds.alarm.Alarm`, `alarm` is its sentence.
    """

    url: str
    name: str
    health: str
    reason: str
    polled_at: int | None
    newest_entry_at: int | None
    next_poll_at: int | None
    failures: int
    detail: str
    moved_to: str = ""
    alarm: str = ""
    cause: str = ""
    proposal: str = ""

    @property
    def needs_a_look(self) -> bool:
        """Whether a run's summary names it: silent, failing for long, gone, or moved for good."""
        return bool(self.alarm or self.moved_to)


class Status(NamedTuple):
    """The last runs, newest first, and every feed."""

    lake: str
    runs: list[Manifest]
    feeds: list[FeedHealth]
    problems: list[str]


def health_of(
    url: str, name: str, poll: Poll | None, now: int, quarantine_failures: int
) -> FeedHealth:
    """The health of a feed: new, ok, silent, failing, quarantine or gone (asked no more)."""
    if poll is None:
        return FeedHealth(url, name, "new", "never polled", None, None, None, 0, "")
    alarm = alarm_of(poll, now)
    if alarm and alarm.cause == "retired":
        health = "gone"
    elif poll.failures >= quarantine_failures:
        health = "quarantine"
    elif poll.failures:
        health = "failing"
    else:
        health = "silent" if alarm else "ok"
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
        _moved(url, poll),
        alarm.sentence if alarm else "",
        alarm.cause if alarm else "",
        alarm.proposal if alarm else "",
    )


def _moved(url: str, poll: Poll) -> str:
    address = address_of(Feed(url, state=poll.state or ""))
    return "" if address == url else address


def read_status(
    lake: Lake, feeds: Iterable[tuple[str, str]], now: int, quarantine_failures: int
) -> Status:
    """The status of `lake` for the (url, name) pairs of a configuration."""
    health = read_health(lake, feeds, now, quarantine_failures)
    return Status(lake.root, lake.runs(last=RUNS_SHOWN)[::-1], health, list(lake.problems))


def read_health(
    lake: Lake, feeds: Iterable[tuple[str, str]], now: int, quarantine_failures: int
) -> list[FeedHealth]:
    """The health of each (url, name) by the polls in `lake`, in the order given."""
    named = list(feeds)
    polls = lake.feed_states([url for url, _ in named], now)
    return [health_of(url, name, polls.get(url), now, quarantine_failures) for url, name in named]


def attention_lines(feeds: Iterable[FeedHealth]) -> list[str]:
    """For a run's summary: the feeds that need a look, with why and what to ask instead."""
    named = [feed for feed in feeds if feed.needs_a_look]
    lines = [f"feeds that need a look: {len(named)}"] if named else []
    for feed in named[:FEEDS_SHOWN]:
        notes = "; ".join(notes_of(feed))
        lines.append(f"  {feed.health:<10} {feed.url}: {notes}")
    if len(named) > FEEDS_SHOWN:
        lines.append(f"  and {len(named) - FEEDS_SHOWN} more, which `crisiswire status` names")
    return lines


def attention_json(feeds: Iterable[FeedHealth]) -> list[dict[str, Any]]:
    """The same for machines, all of them."""
    return [feed._asdict() for feed in feeds if feed.needs_a_look]


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
        lines += [f"             {note}" for note in notes_of(feed)]
    lines += [f"problem: {problem}" for problem in status.problems]
    return lines


def notes_of(feed: FeedHealth) -> list[str]:
    """What else there is to say of a feed."""
    moved = [f"asked at {feed.moved_to}: it moved there for good"] if feed.moved_to else []
    return [*moved, *([feed.alarm] if feed.alarm else [])]


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
