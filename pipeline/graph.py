"""The one graph: feeds in, committed Parquet out. Batch and streaming, local and managed, alike.

Read `build` from top to bottom: it is the picture of docs/architecture.md. The order of commit is
a data dependency: the last step consumes what every table's writer has staged.
"""

import apache_beam as beam

import transforms.coders  # noqa: F401  registers the records' coders
from pipeline.ledger import now_ms
from pipeline.plan import Plan
from transforms.clean.host import CutFurniture, LearnFurniture
from transforms.dedup.options import CopyWindow
from transforms.dedup.transform import FindCopies, unsigned
from transforms.dedup.verdict import JoinVerdict
from transforms.entries.accounts import AccountPolls, FeedCount, dead_letter_outcome
from transforms.entries.limits import Limits
from transforms.entries.retries import RetryList
from transforms.entries.revision import Revisions
from transforms.entries.seen import SeenBefore
from transforms.entries.unique import UrlDedup
from transforms.extract.samebody import SameBody
from transforms.extract.transform import Extract
from transforms.feeds.transform import ParseFeed
from transforms.fetch.remember import RememberRobots
from transforms.fetch.transform import FetchArticle, FetchFeed
from transforms.records import Fingerprint, ItemOutcome
from transforms.store.books import CountBooks
from transforms.store.commit import WriteTables
from transforms.tag.transform import TagCrisis
from transforms.tally import Tally

WINDOW_S = 600


def build(pipeline: beam.Pipeline, plan: Plan, source: beam.PTransform) -> beam.PCollection:
    """Put the whole graph on `pipeline`; `source` makes the PCollection[Feed] of what to poll.

    Returns the commits (one a run, or one a window of an unbounded source).
    """
    ctx = plan.ctx
    feeds = pipeline | "Feeds" >> source
    fetch_feed, fetch_article = FetchFeed(ctx, plan.fetch), FetchArticle(ctx, plan.fetch)
    documents = feeds | "FetchFeed" >> fetch_feed
    parsed = documents | "ParseFeed" >> ParseFeed(ctx, plan.feed)

    listed, retried = parsed.entries, None
    if plan.retries:
        retried = pipeline | "RetryList" >> RetryList(plan.retries)
        listed = (listed, retried) | "ListedAndRetried" >> beam.Flatten()
    unique, doubles = listed | "UrlDedup" >> UrlDedup(ctx)
    unseen = unique | "SeenBefore" >> SeenBefore(ctx, plan.seen_index)
    limited = unseen.entries | "Limits" >> Limits(ctx, plan.lookback_hours, plan.limit)

    pages = limited.entries | "FetchArticle" >> fetch_article
    robots = (fetch_feed.robots, fetch_article.robots) | "Robots" >> beam.Flatten()
    robots | "RememberRobots" >> RememberRobots(ctx)
    extracted = pages | "Extract" >> Extract(ctx, plan.extract)
    believed = extracted.articles | "SameBody" >> SameBody(ctx)
    fates = believed.articles | "Revisions" >> Revisions(ctx, plan.seen_index)

    window = plan.window or CopyWindow()
    furniture = fates.news | "LearnFurniture" >> LearnFurniture(
        plan.copies.host_sentences, window.path, plan.copies.window_days
    )
    news = {"articles": fates.news, "furniture": furniture}
    cleared = news | "CutFurniture" >> CutFurniture()
    copies = news | "Copies" >> FindCopies(ctx, plan.copies, window)
    again = fates.unchanged | "UnchangedFingerprint" >> beam.Map(unsigned).with_output_types(
        Fingerprint
    )
    fingerprints = (copies.fingerprints, again) | "Fingerprints" >> beam.Flatten()
    labelled, corrections = {
        "articles": cleared,
        "verdicts": copies.verdicts,
    } | "JoinVerdict" >> JoinVerdict(ctx)
    tagged = labelled | "TagCrisis" >> TagCrisis(plan.tags)

    letters = [parsed.dead, extracted.dead, believed.dead]
    if limited.dead is not None:
        letters.append(limited.dead)
    dead = letters | "DeadLetters" >> beam.Flatten()
    dead_rows = dead | "DeadLetterOutcome" >> beam.Map(dead_letter_outcome).with_output_types(
        ItemOutcome
    )
    outcomes = (
        parsed.outcomes,
        doubles,
        limited.outcomes,
        fates.outcomes,
        dead_rows,
    ) | "Outcomes" >> beam.Flatten()
    polls = {"polls": parsed.polls, "outcomes": _per_feed(outcomes, unseen.counts)} | (
        "AccountPolls" >> AccountPolls()
    )

    sides = {"feeds": feeds, "polls": polls, "outcomes": outcomes}
    if retried is not None:
        sides["retried"] = retried
    _tally(
        feeds=feeds, entries=listed, new=limited.entries, pages=pages, articles=tagged.articles,
        **{"dead letters": dead},
    )  # fmt: skip
    return {
        "articles": tagged.articles,
        "events": tagged.events,
        "outcomes": outcomes,
        "dead_letters": dead,
        "fingerprints": fingerprints,
        "polls": polls,
        "corrections": corrections,
        "counts": sides | "Books" >> CountBooks(),
    } | "WriteTables" >> WriteTables(ctx, now_ms)


def _entry_count(row: ItemOutcome) -> list[FeedCount]:
    return [(row.feed_url, row.outcome)] if row.item == "entry" else []


def _per_feed(outcomes: beam.PCollection, seen: beam.PCollection) -> beam.PCollection:
    """(feed URL, outcome) of every entry, those seen before included."""
    counted = outcomes | "OutcomeByFeed" >> beam.FlatMap(_entry_count).with_output_types(FeedCount)
    return (counted, seen) | "OutcomesAndSeen" >> beam.Flatten()


def _tally(**collections: beam.PCollection) -> None:
    for name, collection in collections.items():
        collection | f"Tally {name}" >> beam.ParDo(Tally(name))
