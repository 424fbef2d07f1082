"""ParseFeed: every document accounted for once; a bad one costs only itself."""

import apache_beam as beam
import pytest
import zstandard
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.timestamp import MIN_TIMESTAMP
from apache_beam.utils.windowed_value import WindowedValue

import transforms.coders  # noqa: F401  registers the records' coders
from tests.transforms.feeds.kit import NOW, item, rss
from transforms.feeds.options import FeedOptions
from transforms.feeds.polling import load_state
from transforms.feeds.transform import ParseDocuments, ParseFeed, proposal_of
from transforms.records import (
    DeadLetter,
    Entry,
    Feed,
    FeedDocument,
    ItemOutcome,
    Poll,
    RunContext,
)

CTX = RunContext("run", NOW, "lake")
SLOW = rss("<item><link>/x</link><description>" + "&lt;!--" * 80_000 + "</description></item>")


def document(url: str, body: bytes = b"", reason: str = "fetched", **more: object) -> FeedDocument:
    """An answer to a poll of `url`."""
    feed = Feed(url, etag="old", failures=2)
    made = FeedDocument(feed, url, 200, reason, body=body, polled_at=NOW)
    return made._replace(**more)  # type: ignore[arg-type]


def run(documents: list[FeedDocument], options: FeedOptions) -> dict[str, list[object]]:
    """The rows of each way out, by its tag; one bundle, without a runner around it."""
    parse = ParseDocuments(CTX, options)
    parse.setup()
    parse.start_bundle()
    try:
        made = [
            row for one in documents for row in parse.process(one, MIN_TIMESTAMP, GlobalWindow())
        ]
        made += parse.finish_bundle()
    finally:
        parse.teardown()
    found: dict[str, list[object]] = {"entries": [], "polls": [], "outcomes": [], "dead": []}
    for one in made:
        tag = one.tag if isinstance(one, beam.pvalue.TaggedOutput) else "entries"
        value = one.value if isinstance(one, beam.pvalue.TaggedOutput) else one
        found[tag].append(value.value if isinstance(value, WindowedValue) else value)
    return found


@pytest.fixture(scope="module")
def rows() -> dict[str, list[object]]:
    good = rss(item(link="/1") + item(link="/2", title="two") + item(link=""))
    return run(
        [
            document("https://good.example/feed", good, etag="new"),
            document("https://slow.example/feed", SLOW),
            document("https://page.example/feed", b"<html><head><link rel='alternate' "
                     b"type='application/rss+xml' href='/new.xml'></head><body>hi</body></html>"),
            document("https://empty.example/feed"),
            document("https://same.example/feed", reason="unchanged", status=304),
            document("https://down.example/feed", b"x" * 5000, reason="server_error", status=500),
        ],
        FeedOptions(parse_timeout_s=2.0, max_entries=100, full_polls_first=1),
    )  # fmt: skip


def by_feed(rows: list[object]) -> dict[str, list[object]]:
    """Rows by the first label of their feed's host."""
    found: dict[str, list[object]] = {}
    for row in rows:
        name = row.feed_url.split("//")[1].split(".")[0]  # type: ignore[attr-defined]
        found.setdefault(name, []).append(row)
    return found


def test_every_feed_has_one_poll_and_one_fate(rows: dict[str, list[object]]) -> None:
    polls, outcomes, dead = (by_feed(rows[name]) for name in ("polls", "outcomes", "dead"))
    assert {name: len(found) for name, found in polls.items()} == dict.fromkeys(
        ["good", "slow", "page", "empty", "same", "down"], 1
    )
    fates = {
        name: [row.reason for row in (*outcomes.get(name, []), *dead.get(name, []))  # type: ignore[attr-defined]
               if row.item == "feed"]  # type: ignore[attr-defined]
        for name in polls
    }  # fmt: skip
    assert fates == {
        "good": ["fetched"], "slow": ["parse_timeout"], "page": ["wrong_type"],
        "empty": ["parse_failed"], "same": ["unchanged"], "down": ["server_error"],
    }  # fmt: skip


def test_a_feed_that_hangs_the_parser_costs_only_itself(rows: dict[str, list[object]]) -> None:
    entries = [row for row in rows["entries"] if isinstance(row, Entry)]
    assert [entry.url for entry in entries] == ["https://good.example/1", "https://good.example/2"]


def test_entries_of_the_poll_are_all_that_it_lists(rows: dict[str, list[object]]) -> None:
    (poll,) = by_feed(rows["polls"])["good"]
    letters = [row for row in by_feed(rows["dead"])["good"] if isinstance(row, DeadLetter)]
    assert isinstance(poll, Poll)
    assert poll.entries == 3
    assert poll.listed is not None
    assert len(poll.listed) == 2
    assert [(row.item, row.reason) for row in letters] == [("entry", "no_link")]
    assert letters[0].entry is not None


def test_validators_are_stored_only_for_what_was_read_well(rows: dict[str, list[object]]) -> None:
    polls = by_feed(rows["polls"])
    etags = {name: found[0].etag for name, found in polls.items()}  # type: ignore[attr-defined]
    failures = {name: found[0].failures for name, found in polls.items()}  # type: ignore[attr-defined]
    assert (etags["good"], etags["page"], etags["down"]) == ("new", "old", "old")
    assert (failures["good"], failures["same"], failures["page"], failures["down"]) == (0, 0, 3, 3)


def test_what_cannot_be_parsed_is_kept_whole_and_a_failed_fetch_in_part(
    rows: dict[str, list[object]],
) -> None:
    dead = by_feed(rows["dead"])
    (slow,), (down,) = dead["slow"], dead["down"]
    assert isinstance(slow, DeadLetter)
    assert isinstance(down, DeadLetter)
    assert slow.payload_whole
    assert zstandard.ZstdDecompressor().decompress(slow.payload) == SLOW
    assert (slow.stage, down.stage) == ("ParseFeed", "FetchFeed")
    assert (down.payload_whole, down.payload_bytes) == (False, 2048)


def test_a_page_in_a_feeds_place_proposes_the_feed_it_names(rows: dict[str, list[object]]) -> None:
    (poll,) = by_feed(rows["polls"])["page"]
    assert isinstance(poll, Poll)
    assert load_state(poll.state or "")["proposal"] == "https://page.example/new.xml"
    assert proposal_of(document("https://page.example/feed", b"<p>no feed</p>")) == ""


def test_entries_beyond_the_cap_are_rejected_rows_of_the_books() -> None:
    body = rss("".join(item(link=f"/{n}") for n in range(5)))
    rows = run([document("https://big.example/feed", body)], FeedOptions(max_entries=2))
    rejected = [
        row for row in rows["outcomes"] if isinstance(row, ItemOutcome) and row.item == "entry"
    ]
    assert len(rows["entries"]) == 2
    assert {(row.outcome, row.reason) for row in rejected} == {("rejected", "entries_over_cap")}
    assert len(rejected) == 3
    (poll,) = rows["polls"]
    assert isinstance(poll, Poll)
    assert poll.entries == 5


def _url(row: Entry | Poll | ItemOutcome | DeadLetter) -> str:
    return row.feed_url if isinstance(row, Poll) else row.url


def test_in_a_pipeline_each_way_out_has_its_rows() -> None:
    good, bad = "https://good.example/feed", "https://bad.example/feed"
    expected = {
        "entries": ["https://good.example/1"], "polls": [good, bad], "outcomes": [good],
        "dead": [bad],
    }  # fmt: skip
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        documents = [document(good, rss(item(link="/1"))), document(bad, b"no feed")]
        made = pipeline | beam.Create(documents).with_output_types(FeedDocument)
        out = made | ParseFeed(CTX, FeedOptions())
        for name, urls in expected.items():
            rows = getattr(out, name) | f"UrlOf {name}" >> beam.Map(_url)
            assert_that(rows, equal_to(urls), label=name)
