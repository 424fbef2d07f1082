"""Pages to articles inside the graph: the pure `article_from_page` in a pool that can be killed.

Outputs keep the order of the bundle, whatever the number of processes. A page that could not be
fetched and whose feed says too little is a dead letter of FetchArticle; one that could not be
extracted is a dead letter of Extract with the whole page, for the replay.
"""

from collections.abc import Iterator
from typing import NamedTuple

import apache_beam as beam
from apache_beam.utils.windowed_value import WindowedValue

from transforms.entries.letters import entry_letter
from transforms.errors import ItemError
from transforms.extract.options import ExtractOptions
from transforms.extract.pool import REASON_OF, make_pool
from transforms.outcomes import Reason, Stage
from transforms.records import Article, DeadLetter, Page, RunContext
from transforms.store.letters import retry_at
from transforms.workers import KillablePool, Result

MIN_FEED_CHARS = 200


def hopeless(page: Page) -> bool:
    """Whether neither the page nor its feed has text enough to try."""
    if page.reason == Reason.FETCHED.value:
        return False
    return max(len(page.entry.content), len(page.entry.summary)) < MIN_FEED_CHARS


def letter_of(ctx: RunContext, page: Page, reason: Reason, detail: str) -> DeadLetter:
    """The dead letter of a page that gave no article."""
    fetched = page.reason == Reason.FETCHED.value
    if not fetched:
        reason, detail = Reason(page.reason), page.detail
    return entry_letter(
        ctx,
        page.entry,
        Stage.EXTRACT if fetched else Stage.FETCH_ARTICLE,
        reason,
        detail,
        body=page.body,
        whole=fetched,
        final_url=page.final_url,
        http_status=page.status or None,
        retry_at=None if fetched else retry_at(reason, page.entry.attempt, ctx.started_at),
    )


def outcome_of(ctx: RunContext, page: Page, result: Result) -> Article | DeadLetter:
    """An article, or the dead letter that says why not."""
    if result.status == "ok":
        article: Article = result.value
        return article
    if isinstance(result.value, ItemError):
        return letter_of(ctx, page, result.value.reason, result.value.detail)
    return letter_of(ctx, page, REASON_OF[result.status], result.detail)


class _Waiting(NamedTuple):
    page: Page
    timestamp: object
    window: object


class ExtractArticle(beam.DoFn):
    """Page → Article, or a DeadLetter tagged `dead`; several pages in flight."""

    DEAD = "dead"

    def __init__(self, ctx: RunContext, options: ExtractOptions) -> None:
        self._ctx = ctx
        self._options = options
        self._pool: KillablePool | None = None
        self._waiting: dict[int, _Waiting] = {}
        self._done: dict[int, Article | DeadLetter] = {}
        self._next_in = 0
        self._next_out = 0

    def setup(self) -> None:
        self._pool = make_pool(self._options, "transforms.extract.article:extract_job")

    def start_bundle(self) -> None:
        self._waiting, self._done = {}, {}
        self._next_in = self._next_out = 0

    def process(
        self,
        page: Page,
        timestamp: object = beam.DoFn.TimestampParam,
        window: object = beam.DoFn.WindowParam,
    ) -> Iterator[WindowedValue | beam.pvalue.TaggedOutput]:
        assert self._pool is not None
        key = self._next_in
        self._next_in += 1
        self._waiting[key] = _Waiting(page, timestamp, window)
        if hopeless(page):
            self._done[key] = letter_of(self._ctx, page, Reason.EXTRACT_EMPTY, page.detail)
        else:
            self._pool.submit(key, (page, self._ctx, self._options))
        yield from self._emit(self._pool.ready())

    def finish_bundle(self) -> Iterator[WindowedValue | beam.pvalue.TaggedOutput]:
        assert self._pool is not None
        yield from self._emit(self._pool.drain())
        self._pool.rest()

    def teardown(self) -> None:
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    def _emit(
        self, results: Iterator[Result]
    ) -> Iterator[WindowedValue | beam.pvalue.TaggedOutput]:
        for result in results:
            key: int = result.key  # type: ignore[assignment]
            self._done[key] = outcome_of(self._ctx, self._waiting[key].page, result)
        while self._next_out in self._done:
            outcome = self._done.pop(self._next_out)
            waited = self._waiting.pop(self._next_out)
            self._next_out += 1
            value = WindowedValue(outcome, waited.timestamp, (waited.window,))
            if isinstance(outcome, DeadLetter):
                yield beam.pvalue.TaggedOutput(self.DEAD, value)
            else:
                yield value


class Extracted(NamedTuple):
    """The ways out of `Extract`."""

    articles: beam.PCollection
    dead: beam.PCollection


class Extract(beam.PTransform):
    """PCollection[Page] → articles without verdict and tags, and dead letters."""

    def __init__(self, ctx: RunContext, options: ExtractOptions | None = None) -> None:
        super().__init__()
        self._ctx = ctx
        self._options = options or ExtractOptions()

    def expand(self, pages: beam.PCollection) -> Extracted:
        work = beam.ParDo(ExtractArticle(self._ctx, self._options)).with_output_types(
            Article, dead=DeadLetter
        )
        split = pages | "ExtractArticle" >> work.with_outputs(ExtractArticle.DEAD, main="articles")
        return Extracted(split.articles, split[ExtractArticle.DEAD])
