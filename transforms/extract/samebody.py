"""One text under many addresses of a host: a page served in the place of articles, not an article.

A wall that no rule of `walls` knows by its looks still gives itself away in a run: entries with
different headlines all come out with the same text, and the text says nothing of the headlines. A
live blog that lists each of its posts, or a story under three sections, speaks of its headlines.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import apache_beam as beam

from transforms.entries.letters import entry_letter
from transforms.feeds.urls import canonical_url
from transforms.outcomes import Reason, Stage
from transforms.records import Article, DeadLetter, Entry, RunContext

MANY = 3
TOLD_SHARE = 1 / 3
_UNSPACED = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff"
_PIECE = re.compile(f"(?=([{_UNSPACED}]{{2}}))|([^\\W{_UNSPACED}]{{4,}})")

Claim = tuple[str, str]
"""(host and text, a headline that the text says nothing of)."""


def tells(text: str, title: str) -> bool:
    """Whether a third of the title's longer words (pairs of characters in Chinese) are in the text.

    True for a title without such words: it says too little to be missed.
    """
    said, told = _pieces(title), _pieces(text)
    return not said or len(said & told) >= TOLD_SHARE * len(said)


def body_key(article: Article) -> str:
    """What articles of one host with one text have in common."""
    return f"{article.source_domain} {article.content_hash}"


def claims(article: Article) -> Iterator[Claim]:
    """The headline that the feed promised and the page's text doesn't keep; nothing else."""
    title = " ".join((article.title_feed or "").split()).casefold()
    if title and article.body_source == "page" and not tells(article.text, title):
        yield body_key(article), title


def letter_of(ctx: RunContext, article: Article) -> DeadLetter:
    """The dead letter of an article whose text is served for others too; keeps that text."""
    entry = Entry(
        feed_url=article.feed_url,
        feed_title=article.feed_title or "",
        url=article.url,
        canonical_url=canonical_url(article.url),
        id=article.id,
        guid=article.guid or "",
        title=article.title_feed or "",
        entry_hash=article.entry_hash,
        first_seen_at=article.first_seen_at,
    )
    return entry_letter(
        ctx,
        entry,
        Stage.EXTRACT,
        Reason.SOFT_404,
        f"the same text stands under {MANY} or more addresses of {article.source_domain}"
        " and says nothing of their headlines",
        body=article.text.encode("utf-8", "replace"),
        final_url=article.final_url,
        http_status=article.http_status or None,
    )


def _pieces(text: str) -> set[str]:
    return {pair or word for pair, word in _PIECE.findall(text.casefold())}


class FirstTitles(beam.CombineFn):
    """Different headlines of one text, up to `MANY`: the smallest, whatever their order."""

    def create_accumulator(self) -> list[str]:
        return []

    def add_input(self, mutable_accumulator: list[str], element: str) -> list[str]:
        return sorted({*mutable_accumulator, element})[:MANY]

    def merge_accumulators(self, accumulators: Iterable[list[str]]) -> list[str]:
        return sorted({title for titles in accumulators for title in titles})[:MANY]

    def extract_output(self, accumulator: list[str]) -> int:
        return len(accumulator)


def _is_many(counted: tuple[str, int]) -> bool:
    return counted[1] >= MANY


class TellApart(beam.DoFn):
    """Article → itself, or a DeadLetter tagged `dead` where its text is served for many."""

    DEAD = "dead"

    def __init__(self, ctx: RunContext) -> None:
        self._ctx = ctx

    def process(
        self, article: Article, served: Mapping[str, int]
    ) -> Iterator[Article | beam.pvalue.TaggedOutput]:
        if body_key(article) in served and any(claims(article)):
            yield beam.pvalue.TaggedOutput(self.DEAD, letter_of(self._ctx, article))
        else:
            yield article


class Believed(NamedTuple):
    """The ways out of `SameBody`."""

    articles: beam.PCollection
    dead: beam.PCollection


class SameBody(beam.PTransform):
    """PCollection[Article] → articles, and dead letters of pages served in an article's place."""

    def __init__(self, ctx: RunContext) -> None:
        super().__init__()
        self._ctx = ctx

    def expand(self, articles: beam.PCollection) -> Believed:
        served = (
            articles
            | "UntoldHeadlines" >> beam.FlatMap(claims).with_output_types(Claim)
            | "HeadlinesOfText" >> beam.CombinePerKey(FirstTitles())
            | "ServedForMany" >> beam.Filter(_is_many)
        )
        work = beam.ParDo(TellApart(self._ctx), beam.pvalue.AsDict(served)).with_output_types(
            Article, dead=DeadLetter
        )
        split = articles | "TellApart" >> work.with_outputs(TellApart.DEAD, main="articles")
        return Believed(split.articles, split[TellApart.DEAD])
