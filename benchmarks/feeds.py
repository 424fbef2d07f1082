"""Feeds: what parsing costs against feedparser alone, and what URLs, dates and polling cost.

    python benchmarks/feeds.py [FOLDER]

FOLDER holds feed documents; without it ../shared/data/feeds/captured.tar.xz is read, else a feed
is made up. Ratios are to `feedparser.parse` on the same bytes in the same run, CPU seconds.
"""

import io
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import feedparser

from transforms.errors import ItemError
from transforms.feeds.dates import parse_date
from transforms.feeds.options import FeedOptions
from transforms.feeds.parse import ParseTask, parse_document, warm_up
from transforms.feeds.polling import Answer, decide
from transforms.feeds.urls import canonical_url
from transforms.outcomes import Reason
from transforms.records import Feed, FeedDocument
from transforms.workers import KillablePool

NOW = 1_795_000_000_000
URL = "https://feeds.example/all/feed.xml"
CAPTURED = Path(__file__).resolve().parents[2] / "shared" / "data" / "feeds" / "captured.tar.xz"


def documents() -> list[bytes]:
    """The feeds to measure with."""
    if len(sys.argv) > 1:
        return [path.read_bytes() for path in sorted(Path(sys.argv[1]).iterdir())]
    if CAPTURED.exists():
        with tarfile.open(CAPTURED, "r:xz") as archive:
            files = (archive.extractfile(member) for member in archive if member.isfile())
            return [file.read() for file in files if file is not None]
    return [large_feed(50)] * 40


def large_feed(entries: int) -> bytes:
    """An RSS feed with so many dated entries."""
    item = (
        "<item><title>Story {0}</title><link>https://news.example/2024/{0}?utm_source=rss</link>"
        "<description>What happened, in a sentence or two, with some words more.</description>"
        "<pubDate>Wed, 01 May 2024 10:00:00 +0200</pubDate></item>"
    )
    items = "".join(item.format(n) for n in range(entries))
    return f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>".encode()


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def ours(bodies: list[bytes]) -> int:
    """Entries that the product finds."""
    found = 0
    for body in bodies:
        try:
            found += len(parse_document(ParseTask(body, URL, URL, now=NOW)).entries)
        except ItemError:
            continue
    return found


def theirs(bodies: list[bytes]) -> int:
    """Entries that feedparser finds."""
    return sum(len(feedparser.parse(io.BytesIO(body)).entries) for body in bodies)


def through_pool(bodies: list[bytes]) -> float:
    """Wall seconds for all bodies through one killable worker process."""
    pool = KillablePool(
        "transforms.feeds.parse:parse_document", preload=("transforms.feeds.parse:warm_up",)
    )
    with pool:
        pool.submit(-1, ParseTask(large_feed(1), URL, URL, now=NOW))
        list(pool.drain())
        start = time.perf_counter()
        for n, body in enumerate(bodies):
            pool.submit(n, ParseTask(body, URL, URL, now=NOW))
            list(pool.ready())
        list(pool.drain())
        return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    warm_up()
    bodies = documents()
    base, own = cpu(lambda: theirs(bodies)), cpu(lambda: ours(bodies))
    count = ours(bodies)
    big = large_feed(2_000)
    big_base, big_own = cpu(lambda: theirs([big])), cpu(lambda: ours([big]))
    plain = time.perf_counter()
    ours(bodies)
    plain = time.perf_counter() - plain
    pooled = through_pool(bodies)
    document = FeedDocument(Feed(URL), URL, 304, "unchanged", polled_at=NOW)
    answer = Answer(document, Reason.UNCHANGED, None, NOW)
    link, date = (
        "http://www.news.example/2024/story?utm_source=rss&id=4",
        "Wed, 01 May 2024 10:00:00 CET",
    )
    rows = [
        (f"feedparser, {len(bodies)} feeds", f"{base:.2f} s", "1.00"),
        (f"parse_document, {count} entries", f"{own:.2f} s", f"{own / base:.2f}"),
        ("feedparser, 2,000 entries", f"{big_base:.2f} s", "1.00"),
        ("parse_document, 2,000 entries", f"{big_own:.2f} s", f"{big_own / big_base:.2f}"),
        ("in process, wall", f"{plain:.2f} s", "1.00"),
        ("in a killable worker, wall", f"{pooled:.2f} s", f"{pooled / plain:.2f}"),
    ]
    for name, work, times in (
        ("canonical_url", lambda: canonical_url(link), 10_000),
        ("parse_date", lambda: parse_date(date), 10_000),
        ("decide, after a 304", lambda: decide(answer, FeedOptions()), 10_000),
    ):
        spent = cpu(lambda work=work, times=times: [work() for _ in range(times)])
        rows.append((name, f"{spent / times * 1e6:.0f} µs", f"{times / spent:,.0f}/s"))
    for name, value, ratio in rows:
        print(f"{name:36} {value:>12} {ratio:>12}")


if __name__ == "__main__":
    main()
