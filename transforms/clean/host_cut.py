"""A text without the sentences and lines that its host is known to repeat.

How well something must be known depends on its place. A sentence whose words the rest of the
article uses too is background that a site tells in many stories ("The two countries have been at
war since …"): it stays, unless half of all articles have it.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from transforms.clean.host_text import Line, Piece, tail_start
from transforms.clean.words import size

# What a hash is known for, as `clean.host_learn` finds it in enough articles of the host.
AT_END, AS_LINE, AS_SENTENCE, AS_LEAD, AS_TITLE = 1, 2, 4, 8, 16

BLOCK, SENTENCE = "host_block", "host_sentence"
LEAD_WORDS = 25
DATELINE_WORDS = 4
MIN_LONG_WORDS = 4
TOLD_SHARE = 0.4

_LONG_WORD = re.compile(r"\w{5,}")
_TRAILING = re.compile(r"[ \t]+(?=\n|\Z)")


class Cut(NamedTuple):
    """What remains of a text, and what went, as (rule, characters)."""

    text: str
    gone: list[tuple[str, int]]


class _Span(NamedTuple):
    start: int
    end: int
    rule: str
    sure: bool


def cut(text: str, lines: Sequence[Line], known: Mapping[int, int]) -> Cut:
    """`text`, which has these lines, without what its host is known to repeat.

    `known`: hash → what it is known for. How much may go is for the caller to say.
    """
    spans = _without_background(text, list(_spans(text, lines, known)))
    if not spans:
        return Cut(text, [])
    kept, at = [], 0
    for start, end, rule, _ in spans:
        kept.append(text[at:start])
        at = end + 1 if rule == BLOCK and text[end : end + 1] == "\n" else end
    rest = _TRAILING.sub("", "".join([*kept, text[at:]])).strip("\n")
    return Cut(rest, [(span.rule, span.end - span.start) for span in spans])


def _spans(text: str, lines: Sequence[Line], known: Mapping[int, int]) -> Iterator[_Span]:
    tail, before_lead = tail_start(len(lines)), True
    for number, (whole, parts) in enumerate(lines):
        words = size(text[whole.start : whole.end]) if before_lead else 0
        first = before_lead and not DATELINE_WORDS < words < LEAD_WORDS
        before_lead = before_lead and words < LEAD_WORDS
        need = AS_LEAD if first else AT_END | AS_SENTENCE if number >= tail else AS_SENTENCE
        gone = [piece for piece in parts if known.get(piece.code, 0) & need]
        if _goes(whole, known, need):
            sure = not whole.stop or bool(known[whole.code] & AS_LEAD)
            yield _Span(whole.start, whole.end, BLOCK, sure)
        elif _all(gone, parts, whole):
            sure = all(known[piece.code] & AS_LEAD for piece in gone)
            yield _Span(whole.start, whole.end, BLOCK, sure)
        else:
            for piece in gone:
                sure = bool(known[piece.code] & AS_LEAD)
                yield _Span(piece.start, piece.end, SENTENCE, sure)


def _goes(whole: Piece, known: Mapping[int, int], need: int) -> bool:
    if not whole.stop and need != AS_LEAD:
        need |= AS_LINE
    return bool(known.get(whole.code, 0) & need)


def _all(gone: list[Piece], parts: list[Piece], whole: Piece) -> bool:
    """Whether so much of a line goes that the rest of it, short calls, goes too."""
    kept = sum(1 for piece in parts if piece.code) - len(gone)
    return not kept and 2 * sum(p.end - p.start for p in gone) > whole.end - whole.start


def _without_background(text: str, spans: list[_Span]) -> list[_Span]:
    """The spans less those whose words the rest of the text says too."""
    if all(span.sure for span in spans):
        return spans
    ends = [0, *(span.end for span in spans)]
    starts = [*(span.start for span in spans), len(text)]
    told = _long_words(" ".join(text[a:b] for a, b in zip(ends, starts, strict=True)))
    return [s for s in spans if s.sure or not _is_told(_long_words(text[s.start : s.end]), told)]


def _is_told(words: set[str], told: set[str]) -> bool:
    return len(words) >= MIN_LONG_WORDS and len(words & told) >= TOLD_SHARE * len(words)


def _long_words(text: str) -> set[str]:
    return set(_LONG_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))
