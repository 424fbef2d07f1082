"""Feeds to documents, entries to pages: exactly one output an input, failures included.

The body of a failed fetch is what arrived of it, at most 2 KiB, for the dead letter: look at
`reason` first. Robots.txt learnt on the way are in the transform's `robots` after it has been
applied, a PCollection of `memory.RobotsRow` for whoever remembers them across runs.
"""

import json
from typing import Any

import apache_beam as beam

from transforms.feeds.polling import address_of
from transforms.fetch.in_flight import ROBOTS_TAG, FetchInFlight, shard_of
from transforms.fetch.jobs import Settled
from transforms.fetch.kinds import ARTICLE, FEED, Request
from transforms.fetch.memory import RobotsRow
from transforms.fetch.policy import FetchPolicy
from transforms.fetch.rights import rights_json
from transforms.records import Entry, Feed, FeedDocument, Page, RunContext

STEERING = ("cache-control", "expires", "retry-after", "date", "age", "etag", "last-modified")


def feed_request(feed: Feed, policy: FetchPolicy) -> Request:
    """The conditional request for a feed, with the validators of its last poll."""
    return Request(address_of(feed), FEED, policy.feed_max_bytes, feed.etag, feed.last_modified)


def feed_document(feed: Feed, settled: Settled, now: int) -> FeedDocument:
    """The answer to a poll; validators are those to store, kept when 304 repeats none."""
    response = settled.response
    unchanged = response.status == 304
    steering = {name: value for name in STEERING if (value := response.header(name))}
    return FeedDocument(
        feed=feed,
        final_url=response.final_url,
        status=response.status,
        reason=response.reason.value,
        detail=_detail(settled),
        body=response.body,
        content_type=response.header("content-type"),
        etag=response.header("etag") or (feed.etag if unchanged else ""),
        last_modified=response.header("last-modified") or (feed.last_modified if unchanged else ""),
        headers=json.dumps(steering, sort_keys=True),
        bytes_read=response.bytes_read,
        moved_to=response.moved_to,
        polled_at=now,
    )


def article_request(entry: Entry, policy: FetchPolicy) -> Request:
    """The request for an entry's page."""
    return Request(entry.url, ARTICLE, policy.article_max_bytes)


def page(entry: Entry, settled: Settled, now: int) -> Page:
    """The page of an entry, or why there is none."""
    response = settled.response
    return Page(
        entry=entry,
        final_url=response.final_url,
        status=response.status,
        reason=response.reason.value,
        detail=_detail(settled),
        body=response.body,
        content_type=response.header("content-type"),
        rights=rights_json(response, settled.robots, settled.signals),
        fetched_at=now,
    )


def _detail(settled: Settled) -> str:
    response = settled.response
    notes = [response.detail, *response.flags]
    wait = "" if response.ok else response.header("retry-after")
    if wait:
        notes.append(f"retry-after: {wait[:60]}")
    if len(response.chain) > 1:
        notes.append("via " + " > ".join(response.chain)[:600])
    return "; ".join(note for note in notes if note)


class _Fetch(beam.PTransform):
    """What FetchFeed and FetchArticle have in common."""

    robots: Any  # PCollection[RobotsRow], set when the transform is applied

    def __init__(self, ctx: RunContext, policy: FetchPolicy) -> None:
        super().__init__()
        self._ctx, self._policy = ctx, policy

    def _fetch(self, items: Any, item: Any, output: Any, request: Any, result: Any) -> Any:
        fetch = FetchInFlight(self._ctx.run_id, self._policy, request, result)
        key = beam.Map(_keyed, request, self._policy).with_output_types(tuple[int, item])
        get = beam.ParDo(fetch).with_output_types(output, robots=RobotsRow)
        keyed = items | "KeyByHostShard" >> key
        done = keyed | "RequestInFlight" >> get.with_outputs(ROBOTS_TAG, main="done")
        self.robots = done[ROBOTS_TAG]
        return done["done"]


def _keyed(item: Any, request: Any, policy: FetchPolicy) -> tuple[int, Any]:
    return shard_of(request(item, policy).url, policy.shards), item


class FetchFeed(_Fetch):
    """PCollection[Feed] to PCollection[FeedDocument], one each."""

    def expand(self, feeds: Any) -> Any:
        return self._fetch(feeds, Feed, FeedDocument, feed_request, feed_document)


class FetchArticle(_Fetch):
    """PCollection[Entry] to PCollection[Page], one each."""

    def expand(self, entries: Any) -> Any:
        return self._fetch(entries, Entry, Page, article_request, page)
