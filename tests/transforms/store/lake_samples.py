"""Rows of every table and small runs over them, for the tests of the lake."""

import os
from collections.abc import Iterable
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import PaneInfo, PaneInfoTiming

import transforms.coders  # noqa: F401
from transforms.records import (
    Article,
    Casualty,
    Category,
    Correction,
    CountryRole,
    DeadLetter,
    Entry,
    Event,
    Evidence,
    Feed,
    Fingerprint,
    ItemOutcome,
    Poll,
    Removed,
    Rights,
    RunContext,
)
from transforms.store.books import (
    Count,
    CountBooks,
    books_of,
    counts_of_outcome,
    counts_of_poll,
)
from transforms.store.commit import Commit, WriteTables, commit
from transforms.store.letters import entry_to_json, retry_at
from transforms.store.manifest import Manifest, StagedFile, partition_of
from transforms.store.schema import PARTITION_KEYS
from transforms.store.sink import WriteGroup, pack

DAY = 86_400_000
NOW = 1_760_000_000_000  # 2025-10-09
FEED = "https://feeds.example/rss.xml"
ENDED: list[Commit] = []
PANE = PaneInfo(True, True, PaneInfoTiming.ON_TIME, 0, 0)


def clock() -> int:
    return NOW + 1000


def identity(number: int) -> str:
    return f"{number * 0x9E3779B97F4A7C15 % 2**128:032x}"


def article(number: int, revision: int = 1, at: int = NOW, **changed: Any) -> Article:
    span = Evidence("text", 0, 4, "Text", "rule-1")
    row = Article(
        id=identity(number), revision=revision, url=f"https://news.example/{number}?x=1",
        final_url=f"https://news.example/{number}", canonical_url=f"https://news.example/{number}",
        url_hash=number, feed_url=FEED, feed_title="Example", source_domain="news.example",
        guid=None, title=f"Title {number}", title_raw=None, title_feed=None, title_source="feed",
        title_truncated=False, text=f"Text {number}.{revision} тест " * 5, description=None,
        authors=["A. Writer"], image_url=None, tags=[], word_count=15,
        removed=[Removed("share_bar", 12)], published_at=at - 5000, date_source="feed",
        modified_at=None, fetched_at=at, first_seen_at=at, language="en", language_score=0.9,
        language_declared=None, http_status=200, body_source="page", extraction_method="rules",
        extractor_version="1", wall="none", is_free_declared=None,
        rights=Rights("allowed", None, ["noai"], None), flags=[],
        content_hash=f"c{number}.{revision}", run_id="run", schema_version=1,
        entry_hash=f"e{number}.{revision}", is_crisis=number % 2 == 0,
        categories=[Category("MIL", 0.5, [span])] if number % 2 == 0 else [],
        countries=[CountryRole("UKR", "party", 2)] if number % 3 == 0 else [],
        places=[],
        organisations=[],
        crises=[],
        casualties=[Casualty("dead", 1, 2, False, span)],
    )  # fmt: skip
    return row._replace(**changed)


def event(number: int, at: int = NOW) -> Event:
    values: dict[str, Any] = dict.fromkeys(Event._fields)
    values |= {
        "article_id": identity(number), "revision": 1, "category": "MIL", "score": 0.5,
        "event_type": "assault", "severity": 3, "source_domain": "news.example",
        "dup_kind": "none", "first_seen_at": at, "run_id": "run", "rule_id": "rule-1",
    }  # fmt: skip
    return Event(**values)


def fingerprint(number: int, revision: int = 1, at: int = NOW) -> Fingerprint:
    return Fingerprint(
        id=identity(number), revision=revision, url_hash=number,
        canonical_url=f"https://news.example/{number}", entry_hash=f"e{number}.{revision}",
        content_hash=f"c{number}.{revision}", signature=bytes([number % 256]) * 320,
        host="news.example", language="en", word_count=15, published_at=at - 5000,
        first_seen_at=at, dup_kind="none", dup_of=None, dup_cluster_id=None, run_id="run",
    )  # fmt: skip


def outcome(number: int, fate: str = "article", reason: str = "row", at: int = NOW) -> ItemOutcome:
    return ItemOutcome(
        "run", "entry", identity(number), f"https://news.example/{number}", FEED, fate, reason,
        "Extract", None, 0, at,
    )  # fmt: skip


def feed_outcome(at: int = NOW) -> ItemOutcome:
    return ItemOutcome("run", "feed", "", FEED, FEED, "polled", "fetched", "FetchFeed", None, 0, at)


def letter(number: int, reason: str = "server_error", at: int = NOW, attempt: int = 0,
           revision: int = 0) -> DeadLetter:  # fmt: skip
    url = f"https://news.example/{number}"
    entry = Entry(
        FEED, "Example", url, url, identity(number), title="Title \ud800", attempt=attempt,
        entry_hash=f"e{number}", revision=revision,
    )  # fmt: skip
    return DeadLetter(
        "run", "FetchArticle", reason, "entry", identity(number), url, None, FEED, 500, "HTTP 500",
        b"\x28\xb5", 2, True, entry_to_json(entry), attempt, retry_at(reason, attempt, at), at,
    )  # fmt: skip


def correction(number: int, of: int, at: int = NOW, run_id: str = "run") -> Correction:
    return Correction(
        identity(number), "near", identity(of), identity(of), 0.9, False, None, run_id, at
    )


def poll(
    entries: int, seen: int = 0, at: int = NOW, listed: Iterable[int] | None = (), url: str = FEED
) -> Poll:
    ids = None if listed is None else [identity(number) for number in listed]
    return Poll(
        run_id="run", feed_url=url, feed_title="Example", final_url=url, moved_to=None,
        polled_at=at, http_status=200, outcome="polled", reason="fetched", detail=None,
        bytes_read=100, etag=f'"{at}"', last_modified=None, body_hash=None, listed_hash=None,
        listed=ids, entries=entries, articles=0, revisions=0, unchanged=0, duplicate_url=0,
        seen_before=seen, rejected=0, dead_letters=0, newest_entry_at=None, failures=0,
        interval_s=3600, next_poll_at=at + 3_600_000, state="{}",
    )  # fmt: skip


def rows_of_run(first: int, count: int, at: int = NOW, failing: int = 1) -> dict[str, list[Any]]:
    """Balanced rows of one run: `count` articles from `first`, `failing` dead letters after."""
    stored = range(first, first + count)
    failed = range(first + count, first + count + failing)
    return {
        "articles": [article(n, at=at) for n in stored],
        "events": [event(n, at) for n in stored if n % 2 == 0],
        "fingerprints": [fingerprint(n, at=at) for n in stored],
        "outcomes": [feed_outcome(at), *(outcome(n, at=at) for n in stored),
                     *(outcome(n, "dead_letter", "server_error", at) for n in failed)],
        "dead_letters": [letter(n, at=at) for n in failed],
        "corrections": [correction(first, first + 1, at)] if count else [],
        "polls": [poll(count + failing + 3, seen=3, at=at, listed=[*stored, *failed])],
    }  # fmt: skip


def write_run(
    lake: str,
    run_id: str,
    tables: dict[str, list[Any]],
    shards: dict[str, int] | None = None,
    options: Iterable[str] = (),
    feeds: int = 1,
) -> list[Commit]:
    """Run the writing part of the graph over `tables`; returns its commits."""
    ctx = RunContext(run_id, NOW, lake)
    ENDED.clear()
    with beam.Pipeline(runner="FnApiRunner", options=PipelineOptions(list(options))) as pipeline:
        inputs: dict[str, Any] = {
            name: pipeline | f"Make {name}" >> beam.Create(rows, reshuffle=False)
            for name, rows in tables.items()
        }
        sources = pipeline | "Make feeds" >> beam.Create([Feed(FEED)] * feeds)
        inputs["counts"] = {
            "feeds": sources,
            "polls": inputs["polls"],
            "outcomes": inputs["outcomes"],
        } | "Books" >> CountBooks()
        _ = (
            inputs
            | "WriteTables" >> WriteTables(ctx, clock, shards)
            | "Keep" >> beam.Map(keep).with_output_types(int)
        )
    return list(ENDED)


def store(lake: str, run_id: str, tables: dict[str, list[Any]], seconds: int = 0) -> Manifest:
    """The same as `write_run` without Beam, for tests of what comes after; fast."""
    ctx = RunContext(run_id, NOW + 1000 * seconds, lake)
    staged: list[StagedFile] = []
    for table, rows in tables.items():
        groups: dict[str, list[Any]] = {}
        for row in rows:
            at = getattr(row, PARTITION_KEYS[table])
            groups.setdefault(partition_of(at), []).append(row)
        for partition, part in groups.items():
            packs = [pack(table, part)]
            staged += WriteGroup(ctx, table).process(((partition, 0), packs), GlobalWindow(), PANE)
    counts = [Count("in", "feed", "", 1 if tables.get("polls") else 0)]
    counts += [count for row in tables.get("polls", []) for count in counts_of_poll(row)]
    counts += [count for row in tables.get("outcomes", []) for count in counts_of_outcome(row)]
    return commit(lake, Manifest(run_id, run_id, ctx.started_at, clock(), staged, books_of(counts)))


def keep(done: Commit) -> int:
    ENDED.append(done)
    return 0


def tree(root: str) -> list[str]:
    """Paths of all files of a lake but its lock, relative, sorted."""
    found = []
    for parent, _, names in os.walk(root):
        found += [os.path.relpath(os.path.join(parent, name), root) for name in names]
    return sorted(set(found) - {"_lock"})
