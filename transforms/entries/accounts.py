"""Outcome rows: one for each item that meets its fate, and what they add up to per feed."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import apache_beam as beam

from transforms.join import JoinByKey, Joined
from transforms.outcomes import Outcome, Reason, Stage
from transforms.records import Article, DeadLetter, Entry, ItemOutcome, Poll, RunContext

# Outcome to the column of `polls` that counts it.
_COLUMN = {
    Outcome.ARTICLE: "articles",
    Outcome.REVISION: "revisions",
    Outcome.UNCHANGED: "unchanged",
    Outcome.DUPLICATE_URL: "duplicate_url",
    Outcome.SEEN_BEFORE: "seen_before",
    Outcome.REJECTED: "rejected",
    Outcome.DEAD_LETTER: "dead_letters",
}

FeedCount = tuple[str, str]
"""(feed URL, outcome) of one entry."""


def entry_outcome(
    ctx: RunContext, entry: Entry, outcome: Outcome, reason: Reason, stage: Stage, detail: str = ""
) -> ItemOutcome:
    """The books' row for one entry."""
    return ItemOutcome(
        run_id=ctx.run_id,
        item="entry",
        id=entry.id,
        url=entry.url,
        feed_url=entry.feed_url,
        outcome=outcome.value,
        reason=reason.value,
        stage=stage.value,
        detail=detail or None,
        attempt=entry.attempt,
        recorded_at=ctx.started_at,
    )


def article_outcome(ctx: RunContext, article: Article, outcome: Outcome) -> ItemOutcome:
    """The books' row for an entry that became a row, or whose article had not changed."""
    reason = Reason.UNCHANGED if outcome is Outcome.UNCHANGED else Reason.ROW
    return ItemOutcome(
        run_id=ctx.run_id,
        item="entry",
        id=article.id,
        url=article.url,
        feed_url=article.feed_url,
        outcome=outcome.value,
        reason=reason.value,
        stage=Stage.EXTRACT.value,
        detail=None,
        attempt=0,
        recorded_at=ctx.started_at,
    )


def dead_letter_outcome(letter: DeadLetter) -> ItemOutcome:
    """The books' row for a dead letter."""
    return ItemOutcome(
        run_id=letter.run_id,
        item=letter.item,
        id=letter.id,
        url=letter.url,
        feed_url=letter.feed_url,
        outcome=Outcome.DEAD_LETTER.value,
        reason=letter.reason,
        stage=letter.stage,
        detail=letter.detail or None,
        attempt=letter.attempt,
        recorded_at=letter.recorded_at,
    )


def with_counts(poll: Poll, outcomes: Iterable[str]) -> Poll:
    """`poll` with the outcomes of its entries counted; those refused while parsing included."""
    counts: dict[str, Any] = {_COLUMN[Outcome(name)]: n for name, n in Counter(outcomes).items()}
    return poll._replace(**counts)


class CountOutcomes(beam.DoFn):
    """Joins a feed's poll with the outcomes of its entries; retried entries may have no poll."""

    def process(self, joined: Joined) -> Iterable[Poll]:
        _, groups = joined
        for poll in groups["polls"]:
            yield with_counts(poll, groups["outcomes"])


def _of_feed(poll: Poll) -> tuple[str, Poll]:
    return poll.feed_url, poll


class AccountPolls(beam.PTransform):
    """(polls: Poll drafts, outcomes: FeedCount) → Poll rows with their entries' fates counted."""

    def expand(self, inputs: dict[str, beam.PCollection]) -> beam.PCollection:
        polls = inputs["polls"] | "KeyPollByFeed" >> beam.Map(_of_feed).with_output_types(
            tuple[str, Poll]
        )
        return (
            {"polls": polls, "outcomes": inputs["outcomes"]}
            | "JoinOutcomesToPoll" >> JoinByKey(polls=Poll, outcomes=str)
            | "CountOutcomesOfPoll" >> beam.ParDo(CountOutcomes()).with_output_types(Poll)
        )
