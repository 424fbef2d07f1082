"""One feed, fetched once and explained; and the feeds of a site, found. For `crisiswire feeds`."""

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urljoin

from pipeline.ledger import now_ms
from transforms.errors import ItemError
from transforms.feeds.discover import common_paths, feed_links, from_robots, ordered
from transforms.feeds.options import FeedOptions
from transforms.feeds.parse import ParsedFeed, ParseTask, warm_up
from transforms.feeds.polling import Answer, decide
from transforms.fetch.client import Client
from transforms.fetch.flight import Flight
from transforms.fetch.jobs import Settled
from transforms.fetch.kinds import ARTICLE, FEED, ROBOTS, Request
from transforms.fetch.manners import manners_of
from transforms.fetch.policy import FetchPolicy
from transforms.fetch.transform import feed_document
from transforms.outcomes import Reason
from transforms.records import Feed, FeedDocument
from transforms.workers import KillablePool

PARSER = "transforms.feeds.parse:parse_document"


class Checked(NamedTuple):
    """What one fetch of a feed brought: the answer, and the feed when it could be read."""

    document: FeedDocument
    reason: Reason
    detail: str
    feed: ParsedFeed | None


def ask(requests: list[Request], policy: FetchPolicy) -> dict[int, Settled]:
    """Answers by the number of the request; politely and guarded, as a run asks."""
    client = Client(policy)
    flight = Flight(client, manners_of("feeds", policy, now_ms()), policy)
    try:
        for number, request in enumerate(requests):
            flight.add(number, request)
        return {settled.ticket: settled for settled in flight.drain()}
    finally:
        flight.close()
        client.close()


def check(feed: Feed, policy: FetchPolicy, options: FeedOptions) -> Checked:
    """Fetch and parse one feed without validators, in a process that can be killed."""
    now = now_ms()
    plain = feed._replace(etag="", last_modified="")
    request = Request(feed.url, FEED, policy.feed_max_bytes)
    document = feed_document(plain, ask([request], policy)[0], now)
    if document.reason != Reason.FETCHED.value:
        return Checked(document, Reason(document.reason), document.detail, None)
    return read(document, options)


def read(document: FeedDocument, options: FeedOptions) -> Checked:
    """Parse a fetched document under the limits of a run."""
    task = ParseTask(
        body=document.body,
        final_url=document.final_url or document.feed.url,
        feed_url=document.feed.url,
        content_type=document.content_type,
        name=document.feed.name,
        language=document.feed.language,
        country=document.feed.country,
        now=document.polled_at,
        max_entries=options.max_entries,
    )
    pool = KillablePool(
        PARSER,
        timeout_s=options.parse_timeout_s,
        memory_mib=options.memory_mib,
        preload=(f"{warm_up.__module__}:{warm_up.__name__}",),
    )
    try:
        pool.submit(0, task)
        (result,) = pool.drain()
    finally:
        pool.close()
    if result.status == "ok":
        return Checked(document, Reason.FETCHED, document.detail, result.value)
    if isinstance(result.value, ItemError):
        return Checked(document, result.value.reason, result.value.detail, None)
    reason = Reason.PARSE_TIMEOUT if result.status == "timeout" else Reason.PARSE_KILLED
    return Checked(document, reason, result.detail, None)


def check_lines(checked: Checked, options: FeedOptions) -> Iterator[str]:
    """What a person wants to know of a feed before listing it."""
    document, feed = checked.document, checked.feed
    yield f"{document.feed.url}: {checked.reason.value}, HTTP {document.status or '-'}"
    if checked.detail:
        yield f"  {checked.detail}"
    if document.moved_to:
        yield f"  moved for good to {document.moved_to}"
    if feed is None:
        return
    entries = feed.entries
    dated = [e.published_at or e.updated_at for e in entries if e.published_at or e.updated_at]
    full = sum(1 for entry in entries if len(entry.content) > 1500)
    yield f"  {feed.title or document.feed.name or 'no title'}: {len(entries)} entries"
    yield f"  {len(dated)} dated, {full} with full text, {len(feed.unlinked)} without an address"
    yield f"  validators: etag {document.etag or 'none'}, {document.last_modified or 'no date'}"
    decision = decide(Answer(document, checked.reason, feed, document.polled_at), options)
    wait = (decision.next_poll_at - document.polled_at) / 60_000
    yield f"  next poll in {wait:.0f} minutes"
    for entry in entries[:3]:
        yield f"  - {entry.title or '(no title)'}  {entry.url}"


def discover(site: str, policy: FetchPolicy, options: FeedOptions) -> Iterator[Checked]:
    """The feeds of a site: those its front page links, common paths, sitemaps of its robots.txt."""
    root = site if "://" in site else f"https://{site}"
    home, robots = urljoin(root, "/"), urljoin(root, "/robots.txt")
    answers = ask(
        [
            Request(root, ARTICLE, policy.article_max_bytes),
            Request(robots, ROBOTS, policy.robots_max_bytes),
        ],
        policy,
    )
    page = answers[0].response
    found = feed_links(page.body, page.final_url) if page.ok else []
    if answers[1].response.ok:
        found += from_robots(answers[1].response.body.decode("utf-8", "replace"), home)
    for candidate in ordered([*found, *common_paths(home)]):
        checked = check(Feed(candidate.url), policy, options)
        if checked.feed is not None:
            yield checked
