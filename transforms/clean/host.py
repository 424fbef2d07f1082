"""Host boilerplate in the graph: what each host repeats is learned, then cut from its articles.

What is learned travels as one small dictionary, host → hashes; texts don't move for it. Bounded
input: all new articles of a host with those that the lake's window remembers. Unbounded input:
each window with those before it, whose hashes stay in state as long as the window of copies. What
is cut depends on the set of articles known, never on their order.
"""

from collections.abc import Iterable, Iterator, Mapping

import apache_beam as beam
from apache_beam import coders
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.userstate import (
    BagRuntimeState,
    BagStateSpec,
    RuntimeTimer,
    TimerSpec,
    on_timer,
)
from apache_beam.utils.timestamp import Duration, Timestamp

from transforms.clean.bounds import KEPT_WHOLE, MAX_CUT_SHARE
from transforms.clean.host_cut import cut
from transforms.clean.host_learn import MAX_ARTICLES, Furniture, Seen, learn, packed, table
from transforms.clean.host_text import codes_of, lines_of
from transforms.clean.host_title import strip_host, title_codes
from transforms.clean.words import size
from transforms.records import Article, Removed
from transforms.state import put_back
from transforms.store.hosts import HostMemory

DAY_S = 86_400
Known = Mapping[str, Furniture]
"""Host → what it repeats."""


def sentence_keys(article: Article) -> bytes:
    """What `learn` needs of an article as extracted; kept in its fingerprint."""
    titles = title_codes([article.title, article.title_raw])
    return packed([*titles, *codes_of(lines_of(article.text))])


def clear(article: Article, known: Known) -> Article:
    """The article without what its host repeats, the cut recorded in `removed`.

    If more than 60 % of the text would go, nothing of it goes and a flag says so. `content_hash`
    stays that of the whole text: what is learned later makes no revision of an article.
    """
    furniture = known.get(article.source_domain)
    if furniture is None:
        return article
    repeated = table(furniture)
    if article.title:
        article = article._replace(title=strip_host(article.title, repeated))
    text, gone = cut(article.text, lines_of(article.text), repeated)
    if not gone:
        return article
    if sum(chars for _, chars in gone) > MAX_CUT_SHARE * len(article.text):
        return article._replace(flags=sorted({*article.flags, KEPT_WHOLE}))
    sums: dict[str, int] = {}
    for rule, chars in sorted(gone):
        sums[rule] = sums.get(rule, 0) + chars
    removed = [*article.removed, *(Removed(rule, chars) for rule, chars in sums.items())]
    return article._replace(text=text, removed=removed, word_count=size(text))


def seen(article: Article) -> tuple[str, Seen]:
    """(host, when the article was first seen, its id, its hashes)."""
    return article.source_domain, (article.first_seen_at, article.id, sentence_keys(article))


class LearnHost(beam.DoFn):
    """(host, its new articles) → (host, what it repeats), where there is anything."""

    def __init__(self, enough: int, path: str) -> None:
        self._enough = enough
        self._path = path

    def setup(self) -> None:
        """Map what earlier runs left."""
        self._memory = HostMemory.open(self._path)

    def process(self, group: tuple[str, Iterable[Seen]]) -> Iterator[tuple[str, Furniture]]:
        yield from self._learned(group[0], list(group[1]))

    def _learned(self, host: str, rows: list[Seen]) -> Iterator[tuple[str, Furniture]]:
        ids = {row[1] for row in rows}
        earlier = (row for row in self._memory.articles(host) if row[1] not in ids)
        found = learn([*rows, *earlier], self._enough)
        if found is not None:
            yield host, found


class LearnStream(LearnHost):
    """As `LearnHost` for the articles of one window; remembers those of the windows before."""

    SEEN = BagStateSpec("seen", coders.registry.get_coder(Seen))
    EXPIRY = TimerSpec("expiry", TimeDomain.WATERMARK)

    def __init__(self, enough: int, path: str, keep_days: int) -> None:
        super().__init__(enough, path)
        self._keep = Duration(seconds=max(1, keep_days * DAY_S))

    def process(
        self,
        group: tuple[str, Iterable[Seen]],
        stamp: Timestamp = beam.DoFn.TimestampParam,
        state: BagRuntimeState = beam.DoFn.StateParam(SEEN),  # noqa: B008
        expiry: RuntimeTimer = beam.DoFn.TimerParam(EXPIRY),  # noqa: B008
    ) -> Iterator[tuple[str, Furniture]]:
        rows = {row[1]: row for row in state.read()}
        rows |= {row[1]: (stamp.micros // 1000, *row[1:]) for row in group[1]}
        kept = sorted(rows.values())[-MAX_ARTICLES:]
        put_back(state, kept)
        expiry.set(_time(kept[0]) + self._keep)
        yield from self._learned(group[0], kept)

    @on_timer(EXPIRY)
    def forget(
        self,
        stamp: Timestamp = beam.DoFn.TimestampParam,
        state: BagRuntimeState = beam.DoFn.StateParam(SEEN),  # noqa: B008
        expiry: RuntimeTimer = beam.DoFn.TimerParam(EXPIRY),  # noqa: B008
    ) -> None:
        """Drop what is older than the window."""
        kept = [row for row in sorted(state.read()) if _time(row) + self._keep > stamp]
        put_back(state, kept)
        if kept:
            expiry.set(_time(kept[0]) + self._keep)


def _time(row: Seen) -> Timestamp:
    return Timestamp(micros=row[0] * 1000)


class LearnFurniture(beam.PTransform):
    """PCollection[Article] → PCollection[(host, Furniture)].

    `enough`: different articles that make a sentence the host's own, 0 for never. `path`: the
    window of earlier runs. `keep_days`: how long an unbounded input is remembered.
    """

    def __init__(self, enough: int = 5, path: str = "", keep_days: int = 14) -> None:
        super().__init__()
        self._enough = enough
        self._path = path
        self._days = keep_days

    def expand(self, articles: beam.PCollection) -> beam.PCollection:
        rows = (
            articles
            | "SentencesByHost" >> beam.Map(seen).with_output_types(tuple[str, Seen])
            | "WithHost" >> beam.Filter(_has_host)
            | "GroupByHost" >> beam.GroupByKey()
        )
        kind = tuple[str, Furniture]
        if articles.is_bounded:
            work = beam.ParDo(LearnHost(self._enough, self._path)).with_output_types(kind)
            return rows | "LearnHost" >> work
        stream = LearnStream(self._enough, self._path, self._days)
        return (
            rows
            | "AcrossWindows" >> beam.WindowInto(beam.window.GlobalWindows())
            | "LearnHost" >> beam.ParDo(stream).with_output_types(kind)
            | "LearnedBack" >> beam.WindowInto(articles.windowing.windowfn)
        )


def _has_host(pair: tuple[str, Seen]) -> bool:
    return bool(pair[0])


class CutFurniture(beam.PTransform):
    """{articles, furniture} → the articles without what their hosts repeat."""

    def expand(self, inputs: dict[str, beam.PCollection]) -> beam.PCollection:
        known = beam.pvalue.AsDict(inputs["furniture"])
        return inputs["articles"] | "ClearText" >> beam.Map(clear, known).with_output_types(Article)
