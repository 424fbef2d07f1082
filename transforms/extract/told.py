"""Which blocks of a page an extracted text holds: the extractor's plain lines, found again."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import accumulate

from transforms.extract.blocks import Block, letters_of

_PIECE = 24
_SLACK = 2
_LINES = re.compile(r"\n| \| ")


def find_told(blocks: Sequence[Block], text: str) -> tuple[list[bool], float]:
    """(which blocks an extracted text holds, the share of the text that they make up).

    The extractor keeps the page's order. So a short block counts only where the text goes on with
    it as a line of its own, a longer one wherever most of it is found; no part of the text twice.
    """
    lines = [letters_of(line) for line in _LINES.split(text)]
    whole, bounds = "".join(lines), {0, *accumulate(map(len, lines))}
    covered = bytearray(len(whole))
    at, out = 0, []
    for block in blocks:
        key = block.letters
        start = _start(whole, key, at, bounds) if key else -1
        end = start + len(key)
        told = start >= 0 and 2 * sum(covered[start:end]) <= len(key)
        if told:
            covered[start:end] = b"\1" * (min(end, len(whole)) - start)
            at = end
        out.append(told)
    return out, sum(covered) / len(whole) if whole else 0.0


def _start(whole: str, key: str, at: int, bounds: AbstractSet[int]) -> int:
    """Where a block begins in the text: three of four pieces of it are found in their order."""
    if len(key) < _PIECE:
        start = whole.find(key, at, at + len(key) + _SLACK)
        return start if start in bounds and start + len(key) in bounds else -1
    hits, first, end = 0, -1, len(key) - _PIECE
    for offset in (0, end // 3, 2 * end // 3, end):
        piece = key[offset : offset + _PIECE]
        if first < 0:
            found = whole.find(piece, at)
            found = whole.find(piece) if found < 0 else found
            first = max(found - offset, 0) if found >= 0 else -1
        else:
            found = whole.find(piece, first, first + 2 * len(key))
        hits += found >= 0
    return first if hits >= 3 else -1
