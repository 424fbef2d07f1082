"""New article, new revision of a known one, or nothing new after all."""

from collections.abc import Iterator
from typing import NamedTuple

import apache_beam as beam

from transforms.entries.accounts import article_outcome
from transforms.entries.known import AsksIndex
from transforms.fingerprint import revision_hash
from transforms.outcomes import Outcome
from transforms.records import Article, ItemOutcome, RunContext
from transforms.store.seen import Known


def fate(article: Article, known: Known | None) -> Outcome:
    """What an extracted article is, seen against the last revision of the same URL."""
    if known is None or known.revision == 0:
        return Outcome.ARTICLE
    if known.content_hash == revision_hash(article):
        return Outcome.UNCHANGED
    return Outcome.REVISION


class NameFate(AsksIndex):
    """Article → itself when it is news, or tagged `unchanged`; and its outcome row."""

    UNCHANGED = "unchanged"
    OUTCOME = "outcome"

    def process(self, article: Article) -> Iterator[Article | beam.pvalue.TaggedOutput]:
        known = self.known(article.id)
        outcome = fate(article, known)
        yield beam.pvalue.TaggedOutput(self.OUTCOME, article_outcome(self._ctx, article, outcome))
        if outcome is not Outcome.UNCHANGED:
            yield article
        elif known is not None:
            same = article._replace(revision=known.revision)
            yield beam.pvalue.TaggedOutput(self.UNCHANGED, same)


class Fates(NamedTuple):
    """The ways out of `Revisions`."""

    news: beam.PCollection
    unchanged: beam.PCollection
    outcomes: beam.PCollection


class Revisions(beam.PTransform):
    """PCollection[Article] → news, unchanged ones (for their fingerprints), outcome rows."""

    def __init__(self, ctx: RunContext, index_path: str) -> None:
        super().__init__()
        self._ctx = ctx
        self._path = index_path

    def expand(self, articles: beam.PCollection) -> Fates:
        name = beam.ParDo(NameFate(self._ctx, self._path)).with_output_types(
            Article, unchanged=Article, outcome=ItemOutcome
        )
        split = articles | "CompareWithKnownRevision" >> name.with_outputs(
            NameFate.UNCHANGED, NameFate.OUTCOME, main="news"
        )
        return Fates(split.news, split[NameFate.UNCHANGED], split[NameFate.OUTCOME])
