"""The steps of finding copies in a bounded input: sign, plan, send texts, compare, settle."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

import apache_beam as beam
import zstandard

from transforms.clean.host import Known, clear, sentence_keys
from transforms.dedup.cluster import Pair
from transforms.dedup.find import signature_of, sketch
from transforms.dedup.hosts import body_of
from transforms.dedup.options import CopyOptions, CopyWindow, TextSource
from transforms.dedup.settle import Sighting, plan, settle
from transforms.dedup.verify import DISTINCT, Text, judge, prepare
from transforms.dedup.window import OldCopies
from transforms.fingerprint import fingerprint
from transforms.records import Article, CopyVerdict, Fingerprint, RunContext

Routes = dict[str, list[str]]
PairRow = tuple[str, str, str, float]
Seen = tuple[Fingerprint, bytes, int]
Sent = tuple[str, bytes, bytes]


def unsigned(article: Article) -> Fingerprint:
    """What is kept of an article that was fetched again and had not changed."""
    return fingerprint(article, b"")


def signed_again(article: Article) -> Fingerprint:
    """The fingerprint of an article of an earlier run, made anew from what is stored of it."""
    return fingerprint(article, signature_of(article.text), sentence_keys(article))


def pack(text: str) -> bytes:
    """A text as zstd; lone surrogates survive."""
    return zstandard.ZstdCompressor(level=3).compress(text.encode("utf-8", "surrogatepass"))


def unpack(content: bytes) -> str:
    """The text that `pack` made."""
    return zstandard.decompress(content).decode("utf-8", "surrogatepass")


class Signed(NamedTuple):
    """An article ready to be compared: what is gathered of it, and the text it is found by."""

    seen: Seen
    body: str


def signed(article: Article, known: Known, options: CopyOptions) -> Signed:
    """Sign an article; `known` is what the hosts repeat."""
    body = body_of(article.text, known.get(article.source_domain), options.min_tokens)
    found = sketch(article.text, body, options.min_tokens)
    kept = fingerprint(clear(article, known), found.signature, sentence_keys(article))
    return Signed((kept, found.stream.to_bytes(8), found.tokens), body)


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


class Sign(beam.DoFn):
    """Article → (0, fingerprint with signature, hash of the token stream, number of tokens)."""

    def __init__(self, options: CopyOptions) -> None:
        self._options = options

    def process(self, article: Article, known: Known) -> Iterator[tuple[int, Seen]]:
        yield 0, signed(article, known, self._options).seen


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
    article: Article, routes: Routes, known: Known, min_tokens: int
) -> Iterator[tuple[str, Sent]]:
    """(where it is compared, (id, packed text, hash of the whole text where the text was cut)) for
    each comparison the article is wanted at."""
    homes = routes.get(article.id)
    if homes:
        text = body_of(article.text, known.get(article.source_domain), min_tokens)
        whole = b"" if text is article.text else prepare(article.text).whole.to_bytes(8)
        content = pack(text)
        for home in homes:
            yield home, (article.id, content, whole)


def received(sent: Sent) -> Text:
    """The text that `send_text` sent; equal to others by the whole of it."""
    text = prepare(unpack(sent[1]))
    return replace(text, whole=int.from_bytes(sent[2])) if sent[2] else text


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
