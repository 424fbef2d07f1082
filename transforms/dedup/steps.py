"""The steps of finding copies in a bounded input: sign, plan, send texts, compare, settle."""

from collections.abc import Iterable, Iterator, Mapping

import apache_beam as beam
import numpy as np
import zstandard

from transforms.dedup.cluster import Pair
from transforms.dedup.find import sketch
from transforms.dedup.hosts import common_sentences, sentence_keys, without
from transforms.dedup.options import CopyOptions, CopyWindow, TextSource
from transforms.dedup.settle import Sighting, plan, settle
from transforms.dedup.verify import DISTINCT, judge, prepare
from transforms.dedup.window import OldCopies
from transforms.records import Article, CopyVerdict, Fingerprint, RunContext

Routes = dict[str, list[str]]
PairRow = tuple[str, str, str, float]
Seen = tuple[Fingerprint, bytes, int]


def fingerprint(article: Article, signature: bytes) -> Fingerprint:
    """What later runs keep of an article; the verdict's columns as the article has them."""
    return Fingerprint(
        id=article.id,
        revision=article.revision,
        url_hash=article.url_hash,
        canonical_url=article.canonical_url,
        entry_hash=article.entry_hash,
        content_hash=article.content_hash,
        signature=signature,
        host=article.source_domain,
        language=article.language,
        word_count=article.word_count,
        published_at=article.published_at,
        first_seen_at=article.first_seen_at,
        dup_kind=article.dup_kind,
        dup_of=article.dup_of,
        dup_cluster_id=article.dup_cluster_id,
        run_id=article.run_id,
        title=article.title,
    )


def unsigned(article: Article) -> Fingerprint:
    """What is kept of an article that was fetched again and had not changed."""
    return fingerprint(article, b"")


def pack(text: str) -> bytes:
    """A text as zstd; lone surrogates survive."""
    return zstandard.ZstdCompressor(level=3).compress(text.encode("utf-8", "surrogatepass"))


def unpack(content: bytes) -> str:
    """The text that `pack` made."""
    return zstandard.decompress(content).decode("utf-8", "surrogatepass")


def host_keys(article: Article) -> tuple[str, bytes]:
    """(host, sentence hashes of one article as bytes)."""
    return article.source_domain, sentence_keys(article.text).tobytes()


def furniture(group: tuple[str, Iterable[bytes]], enough: int) -> Iterator[tuple[str, bytes]]:
    """(host, hashes of the sentences it puts under its articles), where there are any."""
    host, parts = group
    common = common_sentences((np.frombuffer(part, np.uint64) for part in parts), enough)
    if host and len(common):
        yield host, common.tobytes()


def body(article: Article, common: Mapping[str, bytes]) -> str:
    """The article's text without the furniture of its host."""
    content = common.get(article.source_domain)
    return (
        article.text
        if content is None
        else without(article.text, np.frombuffer(content, np.uint64))
    )


class Sign(beam.DoFn):
    """Article → (0, fingerprint with signature, hash of the token stream, number of tokens)."""

    def __init__(self, options: CopyOptions) -> None:
        self._options = options

    def process(self, article: Article, common: Mapping[str, bytes]) -> Iterator[tuple[int, Seen]]:
        found = sketch(article.text, body(article, common), self._options.min_tokens)
        stream = found.stream.to_bytes(8)
        yield 0, (fingerprint(article, found.signature), stream, found.tokens)


class WithWindow(beam.DoFn):
    """A step that reads the articles of earlier runs."""

    def __init__(self, ctx: RunContext, options: CopyOptions, window: CopyWindow) -> None:
        self._ctx, self._options, self._window = ctx, options, window

    def setup(self) -> None:
        """Map the window."""
        self.old = OldCopies.open(self._window.path)

    @property
    def texts(self) -> TextSource:
        """Where old texts are read."""
        if self._window.texts is not None:
            return self._window.texts
        from transforms.store.lake import Lake

        return Lake(self._ctx.lake)


class PlanPairs(WithWindow):
    """(0, everything signed) → Routes: for each new text, the texts it is compared at.

    The texts of old articles go out here, tagged, to the new article they are compared with.
    """

    OLD_TEXTS = "old_texts"

    def process(
        self, group: tuple[int, Iterable[Seen]]
    ) -> Iterator[Routes | beam.pvalue.TaggedOutput]:
        new = [Sighting(*row) for row in group[1]]
        routes: dict[str, set[str]] = {}
        asked: dict[str, list[str]] = {}
        for home, other, is_old in plan(new, self.old, self._options):
            routes.setdefault(home, set()).add(home)
            if is_old:
                asked.setdefault(other, []).append(home)
            else:
                routes.setdefault(other, set()).add(home)
        yield {identity: sorted(homes) for identity, homes in routes.items()}
        for identity, text in sorted(self._read(asked).items()):
            for home in asked[identity]:
                yield beam.pvalue.TaggedOutput(self.OLD_TEXTS, (home, (identity, pack(text))))

    def _read(self, ids: Mapping[str, list[str]]) -> Mapping[str, str]:
        return self.texts.article_texts(sorted(ids)) if ids else {}


def send_text(
    article: Article, routes: Routes, common: Mapping[str, bytes]
) -> Iterator[tuple[str, tuple[str, bytes]]]:
    """(where it is compared, (id, packed text)) for each comparison the article is wanted at."""
    homes = routes.get(article.id)
    if homes:
        content = pack(body(article, common))
        for home in homes:
            yield home, (article.id, content)


class Compare(beam.DoFn):
    """(id, texts to compare with that id's) → (0, pair) for each that is not distinct."""

    def __init__(self, options: CopyOptions) -> None:
        self._options = options

    def process(
        self, group: tuple[str, Iterable[tuple[str, bytes]]]
    ) -> Iterator[tuple[int, PairRow]]:
        home, rows = group
        texts = dict(rows)
        if home not in texts:
            return
        mine = prepare(unpack(texts.pop(home)))
        for other in sorted(texts):
            found = judge(mine, prepare(unpack(texts[other])), self._options)
            if found.kind != DISTINCT:
                yield 0, (min(home, other), max(home, other), found.kind, found.score)


class Settle(WithWindow):
    """(0, {signed, pairs}) → verdicts, and the fingerprints of the new articles, tagged."""

    FINGERPRINTS = "fingerprints"

    def process(
        self, group: tuple[int, dict[str, Iterable[Seen] | Iterable[PairRow]]]
    ) -> Iterator[CopyVerdict | beam.pvalue.TaggedOutput]:
        new = [Sighting(*row) for row in group[1]["signed"]]
        pairs = [Pair(*row) for row in group[1]["pairs"]]
        verdicts, fingerprints = settle(new, self.old, pairs)
        yield from verdicts
        for row in fingerprints:
            yield beam.pvalue.TaggedOutput(self.FINGERPRINTS, row)
