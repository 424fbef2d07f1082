"""Copies among documents in memory: signatures, candidates, verified pairs, verdicts."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import combinations, islice
from typing import Any, NamedTuple, TypeVar

from transforms.clean.host_learn import Seen, learn, packed
from transforms.clean.host_text import codes_of, lines_of
from transforms.dedup.candidates import candidates
from transforms.dedup.cluster import Member, Pair, is_cut, verdicts
from transforms.dedup.hosts import body_of
from transforms.dedup.options import CopyOptions
from transforms.dedup.signature import from_bytes, sign, to_bytes
from transforms.dedup.tokens import read, stream_hash
from transforms.dedup.verify import EXACT, Judgement, Text, judge, prepare
from transforms.records import CopyVerdict

CHUNK = 400
MAX_LISTED = 64  # members of a group of equal texts whose pairs are listed one by one
KEPT_TEXTS = 32
T = TypeVar("T")


class Doc(NamedTuple):
    """A document as the search needs it; published_at in UTC ms."""

    id: str
    text: str
    host: str = ""
    title: str = ""
    published_at: int | None = None
    language: str = ""


class Sketch(NamedTuple):
    """What is kept of a text: the hash of its token stream, its length, its signature."""

    stream: int
    tokens: int
    signature: bytes


def sketch(text: str, body: str, min_tokens: int = 30) -> Sketch:
    """Sign one text; `body` is the text without its host's furniture."""
    reading = read(text)
    stream = stream_hash(reading.hashes)
    signature = sign(reading if body is text else read(body), stream, min_tokens)
    return Sketch(stream, len(reading.hashes), to_bytes(signature))


def signature_of(text: str) -> bytes:
    """The 320 bytes of one text, its host's furniture included."""
    return sketch(text, text).signature


class Copies(NamedTuple):
    """One verdict a document and every verified pair, both sorted by id."""

    verdicts: list[CopyVerdict]
    pairs: list[Pair]


def find_copies(
    docs: Iterable[Doc], options: CopyOptions | None = None, workers: int = 1
) -> Copies:
    """Every copy among `docs`, whatever their order; ValueError when an id comes twice.

    With `workers` > 1 signing and verifying are shared among processes; the answer is the same.
    """
    options = options or CopyOptions()
    by_id = {doc.id: doc for doc in docs}
    ids = sorted(by_id)
    with Workers(workers) as run:
        ordered = [by_id[i] for i in ids]
        bodies = bodies_of(ordered, options)
        sketches = dict(zip(ids, _sketches(ordered, bodies, options, run), strict=True))
        groups = equal_texts({i: s.stream for i, s in sketches.items() if s.tokens})
        kept = [i for i in ids if i in groups]
        matrix = from_bytes([sketches[i].signature for i in kept])
        work = [(kept[i], kept[j]) for i, j in candidates(matrix, options.bucket).tolist()]
        judged = judge_pairs(work, bodies.__getitem__, options, run)
    pairs = [Pair(a, b, j.kind, j.score) for (a, b), j in zip(work, judged, strict=True)]
    members = {
        i: Member(i, d.host, d.published_at, 0, sketches[i].tokens, is_cut(d.title), d.title)
        for i, d in by_id.items()
    }
    every = sorted({*pairs, *_stars(groups)})
    return Copies(verdicts(members, every), sorted({*every, *_spread(pairs, groups)}))


def equal_texts(streams: Mapping[str, int]) -> dict[str, list[str]]:
    """Documents of one token stream, under the smallest id of them."""
    groups: dict[int, list[str]] = defaultdict(list)
    for identity in sorted(streams):
        groups[streams[identity]].append(identity)
    return {members[0]: members for members in groups.values()}


def _stars(groups: Mapping[str, list[str]]) -> Iterator[Pair]:
    for first, members in groups.items():
        for other in members[1:]:
            yield Pair(first, other, EXACT, 1.0)


def _spread(pairs: Sequence[Pair], groups: Mapping[str, list[str]]) -> Iterator[Pair]:
    """The pairs of the other members of groups of equal texts: they are what their first is."""
    for members in groups.values():
        for a, b in combinations(members[:MAX_LISTED], 2):
            yield Pair(a, b, EXACT, 1.0)
    for pair in pairs:
        for left in groups[pair.a][:MAX_LISTED]:
            for right in groups[pair.b][:MAX_LISTED]:
                yield Pair(min(left, right), max(left, right), pair.kind, pair.score)


# -- the work, here or in processes ----------------------------------------------------------

Run = Callable[[Callable[..., Any], Sequence[Any]], Iterable[Any]]


class Workers:
    """`map` over a process pool, or plain `map` for one worker; a context manager."""

    def __init__(self, workers: int) -> None:
        self._pool = ProcessPoolExecutor(workers) if workers > 1 else None

    def __enter__(self) -> Run:
        return self._pool.map if self._pool else map

    def __exit__(self, *_: object) -> None:
        if self._pool:
            self._pool.shutdown()


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    source = iter(items)
    while chunk := list(islice(source, size)):
        yield chunk


def _sketch_chunk(rows: list[tuple[str, str]], min_tokens: int) -> list[Sketch]:
    return [sketch(text, body, min_tokens) for text, body in rows]


def bodies_of(docs: Sequence[Doc], options: CopyOptions) -> dict[str, str]:
    """Each document's text without the furniture of its host."""
    of_host: dict[str, list[Seen]] = defaultdict(list)
    for doc in docs:
        if doc.host:
            of_host[doc.host].append((0, doc.id, packed(codes_of(lines_of(doc.text)))))
    known = {host: learn(seen, options.host_sentences) for host, seen in of_host.items()}
    return {doc.id: body_of(doc.text, known.get(doc.host), options.min_tokens) for doc in docs}


def _sketches(
    docs: Sequence[Doc], bodies: Mapping[str, str], options: CopyOptions, run: Run
) -> Iterator[Sketch]:
    rows = [(doc.text, bodies[doc.id]) for doc in docs]
    work = partial(_sketch_chunk, min_tokens=options.min_tokens)
    for part in run(work, list(_chunks(rows, CHUNK))):
        yield from part


class Reader:
    """Reads texts for comparing and keeps the last few, since pairs come sorted."""

    def __init__(self, text_of: Callable[[str], str]) -> None:
        self._text_of = text_of
        self._kept: dict[str, Text] = {}

    def __call__(self, identity: str) -> Text:
        if identity not in self._kept:
            if len(self._kept) >= KEPT_TEXTS:
                self._kept.pop(next(iter(self._kept)))
            self._kept[identity] = prepare(self._text_of(identity))
        return self._kept[identity]


def _judge_chunk(
    chunk: tuple[list[tuple[str, str]], dict[str, str]], options: CopyOptions
) -> list[Judgement]:
    pairs, texts = chunk
    reader = Reader(texts.__getitem__)
    return [judge(reader(a), reader(b), options) for a, b in pairs]


def judge_pairs(
    pairs: Sequence[tuple[str, str]],
    text_of: Callable[[str], str],
    options: CopyOptions,
    run: Run = map,
) -> list[Judgement]:
    """What each pair is, in the order given."""
    chunks = [
        (part, {i: text_of(i) for pair in part for i in pair}) for part in _chunks(pairs, CHUNK)
    ]
    work = partial(_judge_chunk, options=options)
    return [judgement for part in run(work, chunks) for judgement in part]
