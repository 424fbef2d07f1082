"""Whatever comes in goes out with exactly one outcome, or the books say so."""

import random

import apache_beam as beam
from apache_beam.testing.util import assert_that, equal_to
from lake_samples import feed_outcome, outcome, poll

from transforms.records import Entry, Feed
from transforms.store.books import (
    IN,
    OUT,
    Books,
    Count,
    CountBooks,
    add_books,
    books_of,
    counts_of_outcome,
    counts_of_poll,
)

ROWS = [feed_outcome(), outcome(1), outcome(2, "rejected", "too_short"),
        outcome(3, "dead_letter", "not_found")]  # fmt: skip
POLL = poll(5, seen=2)


def counts() -> list[Count]:
    found = [Count(IN, "feed", "", 1), *counts_of_poll(POLL)]
    for row in ROWS:
        found += counts_of_outcome(row)
    return found


def test_equal_sums_balance() -> None:
    books = books_of(counts())
    assert books.balanced
    assert books == Books(
        1, {"polled": 1}, 5, {"article": 1, "dead_letter": 1, "rejected": 1, "seen_before": 2},
        {"entry:not_found": 1, "entry:too_short": 1},
    )  # fmt: skip
    assert books.lines() == [
        "feeds: 1 in = 1 out (1 polled)",
        "entries: 5 in = 5 out (1 article, 1 dead_letter, 1 rejected, 2 seen_before)",
        "books balance",
    ]


def test_the_order_of_counts_does_not_matter() -> None:
    shuffled = counts()
    random.Random(3).shuffle(shuffled)
    assert books_of(shuffled) == books_of(counts())


def test_a_lost_or_doubled_item_unbalances() -> None:
    for extra in (Count(IN, "entry", "", 1), Count(OUT, "entry", "article", 1),
                  Count(IN, "feed", "", 1), Count(OUT, "feed", "polled", 1)):  # fmt: skip
        books = books_of([*counts(), extra])
        assert not books.balanced
        assert books.lines()[-1] == "BOOKS DO NOT BALANCE"
        assert "≠" in "".join(books.lines())


def test_nothing_in_and_nothing_out_balances() -> None:
    assert books_of([]).balanced
    assert books_of([]).failed_share == 0.0


def test_failed_share_leaves_out_what_was_known() -> None:
    assert books_of(counts()).failed_share == 1 / 3


def test_windows_add_up() -> None:
    assert add_books([books_of(counts()), None, books_of(counts())]) == books_of(counts() * 2)


def test_counted_in_the_graph_with_retried_entries() -> None:
    retried = Entry("f", "t", "u", attempt=1)
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        counted = {
            "feeds": pipeline | "feeds" >> beam.Create([Feed("f")]),
            "retried": pipeline | "retried" >> beam.Create([retried]),
            "polls": pipeline | "polls" >> beam.Create([POLL]),
            "outcomes": pipeline | "outcomes" >> beam.Create([*ROWS, outcome(9)]),
        } | CountBooks()
        lines = (
            counted
            | beam.combiners.ToList()
            | beam.Map(lambda found: (books_of(found).balanced, books_of(found).entries_in))
        )
        assert_that(lines, equal_to([(True, 6)]))


def test_what_was_only_put_off_did_not_fail() -> None:
    rows = [
        Count("out", "entry", "article", 3),
        Count("out", "entry", "dead_letter", 7),
        Count("why", "entry", "entry:deferred", 6),
        Count("why", "entry", "entry:server_error", 1),
    ]
    assert books_of(rows).failed_share == 1 / 4


def test_feeds_that_are_down_count_as_failed() -> None:
    rows = [Count("out", "feed", "polled", 1), Count("out", "feed", "dead_letter", 3)]
    assert books_of(rows).failed_share == 3 / 4
