"""Real feeds: each within its deadline, and the same entries that feedparser finds."""

import io
import json
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path

import feedparser
import pytest

from transforms.errors import ItemError
from transforms.feeds.parse import ParsedFeed, ParseTask, parse_document

NOW = 1_795_000_000_000
URL = "https://feeds.example/all/feed.xml"
DEADLINE_S = 10.0


def members(shared: Path, name: str) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of the files of one set of feeds."""
    with tarfile.open(shared / "data" / "feeds" / f"{name}.tar.xz", "r:xz") as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            if file is not None:
                yield member.name, file.read()


def outcome(body: bytes) -> ParsedFeed | ItemError:
    """What the product makes of a body."""
    try:
        return parse_document(ParseTask(body, URL, URL, now=NOW, max_entries=100_000))
    except ItemError as error:
        return error


@pytest.mark.parametrize("name", ["captured", "gofeed", "feedvalidator", "feedparser"])
def test_real_feeds_parse_in_time_and_lose_no_entry(shared: Path, name: str) -> None:
    slow, lost = [], []
    for path, body in members(shared, name):
        start = time.perf_counter()
        ours = outcome(body)
        if time.perf_counter() - start > DEADLINE_S:
            slow.append(path)
        theirs = feedparser.parse(io.BytesIO(body), response_headers={"content-location": URL})
        if not theirs.get("version") or not theirs.entries:
            continue
        count = 0
        if isinstance(ours, ParsedFeed):
            count = len(ours.entries) + len(ours.unlinked)
        if count != len(theirs.entries):
            lost.append((path, count, len(theirs.entries), str(ours)[:100]))
    assert slow == []
    assert lost == []


def test_captured_feeds_keep_links_and_dates_of_feedparser(shared: Path) -> None:
    linked = dated = total = 0
    for path, body in members(shared, "captured"):
        theirs = feedparser.parse(io.BytesIO(body), response_headers={"content-location": URL})
        ours = outcome(body)
        if not theirs.entries or not isinstance(ours, ParsedFeed):
            continue
        for entry in ours.entries:
            total += 1
            other = theirs.entries[entry.position]
            originals = {other.get("feedburner_origlink"), other.get("pheedo_origlink")}
            linked += entry.url in originals | {other.get("link")}
            dated += (entry.published_at is None) == (
                "published_parsed" not in other and "updated_parsed" not in other
            )
        del path
    assert total >= 2_500
    assert linked / total > 0.95
    assert dated / total > 0.99


def test_json_feeds_are_read(shared: Path) -> None:
    kinds = [
        found.kind
        for path, body in members(shared, "captured")
        if body.lstrip()[:1] == b"{" and not path.endswith(".jsonl")
        and isinstance(found := outcome(body), ParsedFeed)
        and json.loads(body)["items"]
    ]  # fmt: skip
    assert len(kinds) == 3
