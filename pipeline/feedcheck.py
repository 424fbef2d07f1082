"""One feed, fetched once and explained; and the feeds of a site, found. For `crisiswire feeds`."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urljoin

from pipeline.ledger import now_ms
from transforms.feeds.discover import common_paths, feed_links, from_robots, ordered
from transforms.feeds.options import FeedOptions
from transforms.feeds.parse import ParsedFeed, warm_up
from transforms.feeds.polling import Answer, decide
from transforms.feeds.transform import proposal_of, task_of, verdict
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
    """What one fetch of a feed brought: the answer, and the feed when it could be read.

    `proposal` is the feed that a page names which answered in its place.
    """

    document: FeedDocument
    reason: Reason
    detail: str
    feed: ParsedFeed | None
    proposal: str = ""


def ask(requests: list[Request], policy: FetchPolicy) -> Iterator[Settled]:
    """Answers as they come, tickets being positions; politely and guarded, as a run asks."""
    client = Client(policy)
    flight = Flight(client, manners_of("feeds", policy, now_ms()), policy)
    try:
        for number, request in enumerate(requests):
            flight.add(number, request)
        yield from flight.drain()
    finally:
        flight.close()
        client.close()


def check_all(
    feeds: Sequence[Feed], policy: FetchPolicy, options: FeedOptions
) -> Iterator[Checked]:
    """Fetch each feed once without validators, many hosts at once, and parse it in a process that
    can be killed; in the order of `feeds`, without their bodies.
    """
    plain = [feed._replace(etag="", last_modified="") for feed in feeds]
    requests = [Request(feed.url, FEED, policy.feed_max_bytes) for feed in plain]
    found: dict[int, Checked] = {}
    following = 0
    with contextlib.closing(parser(options)) as pool:
        for settled in ask(requests, policy):
            document = feed_document(plain[settled.ticket], settled, now_ms())
            found[settled.ticket] = read(document, options, pool)
            while following in found:
                yield found.pop(following)
                following += 1


def parser(options: FeedOptions) -> KillablePool:
    """The process that parses, under the limits of a run."""
    return KillablePool(
        PARSER,
        timeout_s=options.parse_timeout_s,
        memory_mib=options.memory_mib,
        preload=(f"{warm_up.__module__}:{warm_up.__name__}",),
    )


def read(document: FeedDocument, options: FeedOptions, pool: KillablePool) -> Checked:
    """What a document turns out to be when it is parsed; its body is let go."""
    result = None
    if document.reason == Reason.FETCHED.value:
        pool.submit(0, task_of(document, document.polled_at, options.max_entries))
        (result,) = pool.drain()
    reason, detail, feed = verdict(document, result)
    proposal = proposal_of(document) if reason is Reason.WRONG_TYPE else ""
    return Checked(document._replace(body=b""), reason, detail, feed, proposal)


def check_lines(checked: Checked, options: FeedOptions) -> Iterator[str]:
    """What a person wants to know of a feed before listing it."""
    document, feed = checked.document, checked.feed
    yield f"{document.feed.url}: {checked.reason.value}, HTTP {document.status or '-'}"
    if checked.detail:
        yield f"  {checked.detail}"
    if checked.proposal:
        yield f"  the page names a feed: {checked.proposal}"
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
    asked = [
        Request(root, ARTICLE, policy.article_max_bytes),
        Request(robots, ROBOTS, policy.robots_max_bytes),
    ]
    answers = {settled.ticket: settled.response for settled in ask(asked, policy)}
    found = feed_links(answers[0].body, answers[0].final_url) if answers[0].ok else []
    if answers[1].ok:
        found += from_robots(answers[1].body.decode("utf-8", "replace"), home)
    candidates = [Feed(one.url) for one in ordered([*found, *common_paths(home)])]
    yield from (one for one in check_all(candidates, policy, options) if one.feed is not None)
