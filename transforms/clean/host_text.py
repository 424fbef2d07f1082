"""The sentences and lines of a text as hashes, by which what a host repeats is counted.

A hash is 32 bits: 30 of the words, whatever their case and marks, and in the two lowest what the
words are: a sentence anywhere in the text or near its end, a part of the title, or the short words
of a sentence in their order, which stay when a copier swaps the others: by these copies of one
story are known. What stands in quotation marks has no hash: copies share it with reports. Sentences
of a few words ("he said.") count only where they are a line of their own.
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import xxhash

from transforms.clean.words import size

ANYWHERE, NEAR_END, TITLE, FRAME = 0, 1, 2, 3
KIND_BITS = 3

TAIL_LINES = 6
MIN_SENTENCE = 6
MIN_CHARS = 10
SHORT_WORD, MIN_FRAME = 3, 6
MAX_FRAMES = 16

_WORD = re.compile(r"\w+")
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
