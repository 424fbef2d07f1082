"""The steps of finding copies in a bounded input: sign, plan, send texts, compare, settle."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import apache_beam as beam
import numpy as np
import zstandard

from transforms.dedup.cluster import Pair
from transforms.dedup.find import sketch
from transforms.dedup.hosts import common_sentences, sentence_keys, without
from transforms.dedup.options import CopyOptions, CopyWindow, TextSource
from transforms.dedup.settle import Sighting, plan, settle
from transforms.dedup.verify import DISTINCT, Text, judge, prepare
from transforms.dedup.window import OldCopies
from transforms.fingerprint import fingerprint
from transforms.records import Article, CopyVerdict, Fingerprint, RunContext

Routes = dict[str, list[str]]
PairRow = tuple[str, str, str, float]
Seen = tuple[Fingerprint, bytes, int]
Furniture = tuple[bytes, bytes]
Sent = tuple[str, bytes, bytes]


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


def body(article: Article, common: Mapping[str, Furniture]) -> str:
    """The article's text without the furniture of its host."""
    if article.source_domain not in common:
        return article.text
    now, earlier = common[article.source_domain]
    return without(article.text, np.frombuffer(now, np.uint64), np.frombuffer(earlier, np.uint32))


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


class FindFurniture(WithWindow):
    """(host, sentences of its articles) → (host, its furniture in this run and earlier), where
    there is any."""

    def process(self, group: tuple[str, Iterable[bytes]]) -> Iterator[tuple[str, Furniture]]:
        host, parts = group
        keys = (np.frombuffer(part, np.uint64) for part in parts)
        now = common_sentences(keys, self._options.host_sentences)
        earlier = self.old.furniture(host, self._options.host_sentences)
        if host and (len(now) or len(earlier)):
            yield host, (now.tobytes(), earlier.tobytes())


class Sign(beam.DoFn):
    """Article → (0, fingerprint with signature, hash of the token stream, number of tokens)."""

    def __init__(self, options: CopyOptions) -> None:
        self._options = options

    def process(
        self, article: Article, common: Mapping[str, Furniture]
    ) -> Iterator[tuple[int, Seen]]:
        found = sketch(article.text, body(article, common), self._options.min_tokens)
        stream = found.stream.to_bytes(8)
        yield 0, (fingerprint(article, found.signature), stream, found.tokens)


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
                sent = (identity, pack(text), b"")
                yield beam.pvalue.TaggedOutput(self.OLD_TEXTS, (home, sent))

    def _read(self, ids: Mapping[str, list[str]]) -> Mapping[str, str]:
        return self.texts.article_texts(sorted(ids)) if ids else {}


def send_text(
    article: Article, routes: Routes, common: Mapping[str, Furniture]
) -> Iterator[tuple[str, Sent]]:
    """(where it is compared, (id, packed text, hash of the whole text where the text was cut)) for
    each comparison the article is wanted at."""
    homes = routes.get(article.id)
    if homes:
        text = body(article, common)
        whole = b"" if text is article.text else prepare(article.text).stream.to_bytes(8)
        content = pack(text)
        for home in homes:
            yield home, (article.id, content, whole)


def received(sent: Sent) -> Text:
    """The text that `send_text` sent; equal to others by the whole of it."""
    text = prepare(unpack(sent[1]))
    return replace(text, stream=int.from_bytes(sent[2])) if sent[2] else text


class Compare(beam.DoFn):
    """(id, texts to compare with that id's) → (0, pair) for each that is not distinct."""

    def __init__(self, options: CopyOptions) -> None:
        self._options = options

    def process(self, group: tuple[str, Iterable[Sent]]) -> Iterator[tuple[int, PairRow]]:
        home, rows = group
        texts = {row[0]: row for row in rows}
        if home not in texts:
            return
        mine = received(texts.pop(home))
        for other in sorted(texts):
            found = judge(mine, received(texts[other]), self._options)
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
