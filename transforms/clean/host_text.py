"""The sentences and lines of a text as hashes, and the text without those that its host repeats.

A hash is 32 bits: 30 of the words, whatever their case and marks, and in the two lowest what the
words are: a sentence anywhere in the text or near its end, a part of the title, or the short words
of a sentence in their order, which stay when a copier swaps the others: by these copies of one
story are known. What stands in quotation marks has no hash: copies share it with reports. Sentences
of a few words ("he said.") count only where they are a line of their own.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import xxhash

from transforms.clean.signs import size

ANYWHERE, NEAR_END, TITLE, FRAME = 0, 1, 2, 3
KIND_BITS = 3

# What a hash is known for, as `clean.host_learn` finds it in enough articles of the host.
AT_END, AS_LINE, AS_SENTENCE, AS_LEAD, AS_TITLE = 1, 2, 4, 8, 16

LEAD_WORDS = 25
DATELINE_WORDS = 4
TAIL_LINES = 6
MIN_SENTENCE = 6
MIN_CHARS = 10
SHORT_WORD, MIN_FRAME = 3, 6
MAX_FRAMES = 16
CHARS_A_WORD = 6
BLOCK, SENTENCE = "host_block", "host_sentence"

_WORD = re.compile(r"\w+")
_TRAILING = re.compile(r"[ \t]+(?=\n|\Z)")
_QUOTE_MARK = re.compile('["“«»„「『‘]')
_STOP = re.compile(r"[.!?…]+[\"'”’»)\]]*(?:\s+|$)|[。．？！؟۔।]+[\"”’»」』]*\s*")
_QUOTE = re.compile(
    r"“[^”]*(?:”|$)|\"[^\"]*\"|«[^»]*(?:»|$)|»[^«]*«|„[^“”]*(?:[“”]|$)|「[^」]*(?:」|$)|『[^』]*(?:』|$)"
    r"|‘[^’]{20,}?’(?!\w)|^\s*[\"][^\"]*$"
)


class Piece(NamedTuple):
    """A line or sentence of a text: `text[start:end]`, its hash (0: it never counts), whether a
    full stop ends it, and the hash of its short words."""

    start: int
    end: int
    code: int
    stop: bool
    frame: int = 0


class Line(NamedTuple):
    """A line with its sentences, where it has more than one."""

    whole: Piece
    parts: list[Piece]


class Cut(NamedTuple):
    """What remains of a text, and what went, as (rule, characters)."""

    text: str
    gone: list[tuple[str, int]]


def code_of(text: str, kind: int = ANYWHERE) -> int:
    """The hash of some words, whatever their case and the marks between them; 0 for no words."""
    return _hash(" ".join(_words(text)), kind)


def _words(text: str) -> list[str]:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _WORD.findall(text.casefold())


def _frame(words: list[str]) -> int:
    short = [word for word in words if len(word) <= SHORT_WORD or word.isdecimal()]
    return _hash(" ".join(short), FRAME) if len(short) >= MIN_FRAME else 0


def _hash(words: str, kind: int = ANYWHERE) -> int:
    digest = xxhash.xxh3_64_intdigest(words.encode("utf-8", "surrogatepass")) if words else 0
    return (digest >> 32 & ~KIND_BITS) | kind if words else 0


def lines_of(text: str) -> list[Line]:
    """The lines that hold anything."""
    lines, at = [], 0
    for row in text.split("\n"):
        content = row.strip()
        if content:
            lines.append(_line(content, at + row.index(content[0])))
        at += len(row) + 1
    return lines


def _line(content: str, start: int) -> Line:
    quotes = []
    if _QUOTE_MARK.search(content):
        quotes = [match.span() for match in _QUOTE.finditer(content)]
    cuts = [0, *(match.end() for match in _STOP.finditer(content))]
    stop = cuts[-1] == len(content)
    if not stop:
        cuts.append(len(content))
    said, parts = [], []
    for a, b in pairwise(cuts):
        listed = _words(content[a:b])
        words = " ".join(listed)
        said.append(words)
        counts = _is_long(words) and not _quoted(a, b, quotes)
        code = _hash(words) if counts else 0
        parts.append(Piece(start + a, start + b, code, True, _frame(listed)))
    code = 0 if _quoted(0, len(content), quotes) else _hash(" ".join(filter(None, said)))
    whole = Piece(start, start + len(content), code, stop, parts[0].frame)
    return Line(whole, parts if len(parts) > 1 else [])


def _is_long(words: str) -> bool:
    """Whether a sentence has six words or more; in scripts without spaces twelve characters."""
    spaces = words.count(" ")
    return spaces >= MIN_SENTENCE or (len(words) >= MIN_CHARS and size(words) >= MIN_SENTENCE)


def _quoted(a: int, b: int, quotes: Sequence[tuple[int, int]]) -> bool:
    """Whether more than half of what lies from `a` to `b` is in quotation marks."""
    return bool(quotes) and 2 * sum(max(0, min(b, e) - max(a, s)) for s, e in quotes) > b - a


def codes_of(lines: Sequence[Line]) -> list[int]:
    """The hashes of the lines and their sentences; of those near the end a second one, as such.

    In front the frames: of all sentences the sixteen smallest hashes of their short words.
    """
    tail = tail_start(len(lines))
    frames = {piece.frame for whole, parts in lines for piece in parts or (whole,)}
    codes = sorted(frames - {0})[:MAX_FRAMES]
    for number, (whole, parts) in enumerate(lines):
        own = [piece.code for piece in parts if piece.code]
        if whole.code:
            own.append(whole.code)
        codes += own
        if number >= tail:
            codes += [code | NEAR_END for code in own]
    return codes


def tail_start(count: int) -> int:
    """The number of the first line that is near the end: at most six, at most half of all."""
    return count - min(TAIL_LINES, count // 2)


def cut(text: str, lines: Sequence[Line], known: Mapping[int, int]) -> Cut:
    """`text`, which has these lines, without what its host is known to repeat.

    `known`: hash → what it is known for. How much may go is for the caller to say.
    """
    spans = list(_spans(lines, known))
    if not spans:
        return Cut(text, [])
    kept, at = [], 0
    for start, end, rule in spans:
        kept.append(text[at:start])
        at = end + 1 if rule == BLOCK and text[end : end + 1] == "\n" else end
    rest = _TRAILING.sub("", "".join([*kept, text[at:]])).strip("\n")
    return Cut(rest, [(rule, end - start) for start, end, rule in spans])


def _spans(lines: Sequence[Line], known: Mapping[int, int]) -> Iterator[tuple[int, int, str]]:
    """(start, end, rule) of what goes."""
    tail, before_lead = tail_start(len(lines)), True
    for number, (whole, parts) in enumerate(lines):
        words = (whole.end - whole.start) // CHARS_A_WORD
        first = before_lead and not DATELINE_WORDS < words < LEAD_WORDS
        before_lead = before_lead and words < LEAD_WORDS
        need = AS_LEAD if first else AT_END | AS_SENTENCE if number >= tail else AS_SENTENCE
        gone = [piece for piece in parts if known.get(piece.code, 0) & need]
        if _goes(whole, known, need) or _all(gone, parts, whole):
            yield whole.start, whole.end, BLOCK
        else:
            yield from ((piece.start, piece.end, SENTENCE) for piece in gone)


def _goes(whole: Piece, known: Mapping[int, int], need: int) -> bool:
    if not whole.stop and need != AS_LEAD:
        need |= AS_LINE
    return bool(known.get(whole.code, 0) & need)


def _all(gone: list[Piece], parts: list[Piece], whole: Piece) -> bool:
    """Whether so much of a line goes that the rest of it, short calls, goes too."""
    kept = sum(1 for piece in parts if piece.code) - len(gone)
    return not kept and 2 * sum(p.end - p.start for p in gone) > whole.end - whole.start
