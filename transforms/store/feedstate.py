"""The last poll of each feed and what it listed, from the polls table.

Reading every poll ever made would slow each start a little more, so the newest rows are kept in
a derived file with the names of the files they come from; only newer files are read on top. It
is checked (rows, names, checksum) and made again when anything about it is off.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import NamedTuple

import pyarrow as pa

from transforms.errors import LakeError
from transforms.records import Poll
from transforms.store.files import file_system, join
from transforms.store.rows import from_table, to_table
from transforms.store.schema import VERSION_KEY, schema
from transforms.store.storage import DAY_MS, Storage

LOOKBACK_DAYS = 400
CACHE = "_cache/polls.arrow"
_COVERED = b"crisiswire.covered"
_DIGEST_BYTES = 32


class FeedPolls(NamedTuple):
    """For each feed URL its newest poll, and its newest poll that has a listing."""

    latest: dict[str, Poll]
    listing: dict[str, Poll]


def feed_states(lake: Storage, urls: set[str], now: int) -> dict[str, Poll]:
    """The last poll of each of `urls`, with the listing of the last poll that had one."""
    polls = newest_polls(lake, now)
    return {
        url: _with_listing(poll, polls.listing.get(url))
        for url, poll in polls.latest.items()
        if url in urls
    }


def listed_ids(lake: Storage, now: int) -> pa.Array:
    """Ids that any feed lists, sorted."""
    polls = newest_polls(lake, now).listing.values()
    ids = {identity for poll in polls for identity in poll.listed or ()}
    return pa.array(sorted(ids), type=pa.string())


def newest_polls(lake: Storage, now: int) -> FeedPolls:
    """Fold the polls of all files; those dated more than a day after `now` don't count."""
    paths = lake.files("polls", now - LOOKBACK_DAYS * DAY_MS, now + DAY_MS)
    names = {_relative(lake, path): path for path in paths}
    covered, polls = _load(lake, set(names))
    fresh = [name for name in sorted(names) if name not in covered]
    early = 0
    for name in fresh:
        data = lake.read_file("polls", names[name], schema("polls").names, verify=True)
        if data is None:
            continue
        rows: list[Poll] = from_table("polls", data)
        known = [row for row in rows if row.polled_at <= now + DAY_MS]
        early += len(rows) - len(known)
        _fold(polls, known)
        covered.add(name)
    if fresh and not early and not lake.read_only:
        _save(lake, covered, polls)
    return polls


def _with_listing(poll: Poll, listing: Poll | None) -> Poll:
    if listing is None:
        return poll
    return poll._replace(listed=listing.listed, listed_hash=poll.listed_hash or listing.listed_hash)


def _fold(polls: FeedPolls, rows: Iterable[Poll]) -> None:
    for row in rows:
        _keep_newest(polls.latest, row)
        if row.listed is not None:
            _keep_newest(polls.listing, row)


def _keep_newest(polls: dict[str, Poll], poll: Poll) -> None:
    old = polls.get(poll.feed_url)
    if old is None or (old.polled_at, old.run_id) < (poll.polled_at, poll.run_id):
        polls[poll.feed_url] = poll


def _relative(lake: Storage, path: str) -> str:
    return path[len(lake.root) :].lstrip("/")


def _load(lake: Storage, present: set[str]) -> tuple[set[str], FeedPolls]:
    """What the derived file knows; nothing when a file it was made from is no longer there."""
    path = join(lake.root, CACHE)
    nothing: tuple[set[str], FeedPolls] = (set(), FeedPolls({}, {}))
    try:
        content = file_system(path).read(path)
        digest, body = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
        if hashlib.sha256(body).digest() != digest:
            return nothing
        data = pa.ipc.open_file(pa.BufferReader(body)).read_all()
        covered = set(json.loads(data.schema.metadata[_COVERED]))
        same_version = data.schema.metadata[VERSION_KEY] == schema("polls").metadata[VERSION_KEY]
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
        return nothing
    if not same_version or not covered <= present:
        return nothing
    polls = FeedPolls({}, {})
    _fold(polls, from_table("polls", data))
    return covered, polls


def _save(lake: Storage, covered: set[str], polls: FeedPolls) -> None:
    again = [row for url, row in polls.listing.items() if polls.latest[url] is not row]
    data = to_table("polls", [*polls.latest.values(), *again])
    metadata = {**data.schema.metadata, _COVERED: json.dumps(sorted(covered)).encode()}
    data = data.replace_schema_metadata(metadata)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, data.schema) as writer:
        writer.write_table(data)
    body = sink.getvalue().to_pybytes()
    path = join(lake.root, CACHE)
    try:
        file_system(path).write(path, hashlib.sha256(body).digest() + body)
    except LakeError as error:
        lake.problems.append(f"{path}: not kept, the next start reads all polls: {error}")
