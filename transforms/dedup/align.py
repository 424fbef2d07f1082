"""Which parts of two texts tell the same in the same order: aligned regions.

Anchors are rare runs of tokens that both texts have: word 3-grams, and skeleton 5-grams for texts
whose words were swapped. Anchors that follow each other closely make a region; within a region the
longest common subsequence (Hyyrö 2004, by rapidfuzz) says which tokens match. Shuffled sentences
and pasted passages become regions of their own, where one alignment of the whole would fail.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import LCSseq

from transforms.dedup.signature import grams, skeleton
from transforms.dedup.tokens import Positions, Reading, Words64, forms

MAX_TOKENS = 20_000
MAX_OCCURRENCES = 6  # in one text times in the other, for a gram to be an anchor
SKELETON_SPAN = 24
MAX_GAP, MAX_DRIFT = 30, 14
BEFORE, AFTER = 8, 12
MIN_MATCHES, MIN_DENSITY = 7, 0.42
SURE_MATCHES, SURE_RUN = 12, 5
# When this share of a text is aligned, the rest is searched again with looser anchors.
ENOUGH_SHARE = 0.40
SECOND_DENSITY = 0.55
LOOSE_MATCH, LOOSE_GAP = 2, 4
_PLANE = 0x10000  # token numbers become code points above the surrogates

Block = tuple[int, int, int]  # start in a, start in b, length
Mask = npt.NDArray[np.bool_]


class Region(NamedTuple):
    """Matched blocks (start in a, start in b, length) of one stretch, ascending in both."""

    blocks: list[Block]

    @property
    def matched(self) -> int:
        """Tokens that match."""
        return sum(block[2] for block in self.blocks)

    @property
    def span_a(self) -> tuple[int, int]:
        """First and last + 1 token in a."""
        return self.blocks[0][0], self.blocks[-1][0] + self.blocks[-1][2]

    @property
    def span_b(self) -> tuple[int, int]:
        """First and last + 1 token in b."""
        return self.blocks[0][1], self.blocks[-1][1] + self.blocks[-1][2]


def _join(left: Words64, right: Words64) -> tuple[Positions, Positions]:
    """Index pairs of equal values that are rare enough in both."""
    values, counts_a = np.unique(left, return_counts=True)
    others, counts_b = np.unique(right, return_counts=True)
    common, at_a, at_b = np.intersect1d(values, others, assume_unique=True, return_indices=True)
    rare = common[counts_a[at_a] * counts_b[at_b] <= MAX_OCCURRENCES]
    if not len(rare):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    rows_a, keys_a = _positions(left, rare)
    rows_b, keys_b = _positions(right, rare)
    first = np.searchsorted(keys_b, keys_a, side="left")
    size = np.searchsorted(keys_b, keys_a, side="right") - first
    out_a = np.repeat(rows_a, size)
    offset = np.arange(len(out_a)) - np.repeat(np.cumsum(size) - size, size)
    return out_a, rows_b[np.repeat(first, size) + offset]


def _positions(codes: Words64, wanted: Words64) -> tuple[Positions, Words64]:
    """Where the codes in `wanted` (sorted) stand, ordered by code and place."""
    place = np.minimum(np.searchsorted(wanted, codes), len(wanted) - 1)
    rows = np.flatnonzero(wanted[place] == codes)
    order = np.argsort(codes[rows], kind="stable")
    return rows[order], codes[rows][order]


def _bones(reading: Reading, free: Mask, size: int) -> tuple[Words64, Positions]:
    """Skeleton grams of `size` that span few tokens, of free tokens, and where each starts."""
    at = skeleton(reading)
    at = at[at < len(free)]
    if len(at) < size:
        return np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int64)
    first, last = at[: len(at) - size + 1], at[size - 1 :]
    close = (last - first <= SKELETON_SPAN) & free[first] & free[last]
    return grams(forms(reading.hashes[at]), size)[close], first[close]


def _words(reading: Reading, free: Mask, size: int) -> tuple[Words64, Positions]:
    """Word grams of `size` of free tokens, and where each starts."""
    found = grams(forms(reading.hashes[: len(free)]), size)
    usable = np.flatnonzero(free[: len(found)] & free[size - 1 : size - 1 + len(found)])
    return found[usable], usable


def _anchors(
    a: Reading, b: Reading, free_a: Mask, free_b: Mask, words: int, bones: int
) -> npt.NDArray[np.int64]:
    """Rows (start in a, start in b, length): runs of anchors on one diagonal, by start."""
    parts_a, parts_b = [], []
    for find, size in ((_words, words), (_bones, bones)):
        codes_a, at_a = find(a, free_a, size)
        codes_b, at_b = find(b, free_b, size)
        if len(codes_a) and len(codes_b):
            rows_a, rows_b = _join(codes_a, codes_b)
            parts_a.append(at_a[rows_a])
            parts_b.append(at_b[rows_b])
    rows_a = np.concatenate(parts_a) if parts_a else np.empty(0, dtype=np.int64)
    rows_b = np.concatenate(parts_b) if parts_b else np.empty(0, dtype=np.int64)
    if not len(rows_a):
        return np.empty((0, 3), dtype=np.int64)
    diagonal = rows_a - rows_b
    order = np.lexsort((rows_a, diagonal))
    rows_a, diagonal = rows_a[order], diagonal[order]
    breaks = (diagonal[1:] != diagonal[:-1]) | (rows_a[1:] - rows_a[:-1] > 3)
    starts = np.concatenate(([0], np.flatnonzero(breaks) + 1))
    ends = np.concatenate((starts[1:], [len(rows_a)])) - 1
    first = rows_a[starts]
    runs = np.column_stack((first, first - diagonal[starts], rows_a[ends] - first + 1))
    return runs[np.lexsort((runs[:, 1], runs[:, 0]))]


def _chains(runs: npt.NDArray[np.int64]) -> list[tuple[int, int, int, int]]:
    """Stretches (start a, end a, start b, end b) of runs that follow each other, longest first."""
    open_: list[list[int]] = []
    closed: list[list[int]] = []
    for start_a, start_b, length in runs.tolist():
        end_a, end_b = start_a + length, start_b + length
        still: list[list[int]] = []
        home: list[int] | None = None
        for chain in open_:
            if start_a - chain[1] > MAX_GAP:
                closed.append(chain)
                continue
            still.append(chain)
            drift = abs((end_a - end_b) - (chain[1] - chain[3]))
            if drift > MAX_DRIFT or not -3 <= start_b - chain[3] <= MAX_GAP:
                continue
            if home is None or abs(start_b - chain[3]) < abs(start_b - home[3]):
                home = chain
        if home is None:
            still.append([start_a, end_a, start_b, end_b])
        else:
            home[1], home[3] = max(home[1], end_a), max(home[3], end_b)
        open_ = still
    closed += open_
    closed.sort(key=lambda c: (-(c[1] - c[0] + c[3] - c[2]), c[0], c[2]))
    return [(c[0], c[1], c[2], c[3]) for c in closed]


def _as_text(a: Words64, b: Words64) -> tuple[str, str]:
    """Both token streams as strings of one character a token, equal for equal tokens."""
    _, numbers = np.unique(np.concatenate((a, b)), return_inverse=True)
    points = (numbers + _PLANE).astype("<u4").tobytes().decode("utf-32-le")
    return points[: len(a)], points[len(a) :]


def _trim(blocks: list[Block]) -> list[Block]:
    """Without short matches that hang loose at either end, behind a gap."""

    def gap(left: Block, right: Block) -> int:
        return max(right[0] - left[0] - left[2], right[1] - left[1] - left[2])

    first, last = 0, len(blocks)
    while last - first > 1 and (
        blocks[first][2] <= LOOSE_MATCH and gap(blocks[first], blocks[first + 1]) >= LOOSE_GAP
    ):
        first += 1
    while last - first > 1 and (
        blocks[last - 1][2] <= LOOSE_MATCH and gap(blocks[last - 2], blocks[last - 1]) >= LOOSE_GAP
    ):
        last -= 1
    return blocks[first:last]


def _blocks(text_a: str, text_b: str, rows_a: Positions, rows_b: Positions) -> list[Block]:
    """Matched blocks of two stretches, at their places in the whole texts."""
    out: list[Block] = []
    for op in LCSseq.opcodes(text_a, text_b):
        if op.tag != "equal":
            continue
        for offset in range(op.src_end - op.src_start):
            i, j = int(rows_a[op.src_start + offset]), int(rows_b[op.dest_start + offset])
            if out and out[-1][0] + out[-1][2] == i and out[-1][1] + out[-1][2] == j:
                out[-1] = (out[-1][0], out[-1][1], out[-1][2] + 1)
            else:
                out.append((i, j, 1))
    return out


def _density(region: Region) -> float:
    span = region.span_a[1] - region.span_a[0] + region.span_b[1] - region.span_b[0]
    return 2 * region.matched / span


def _sure(region: Region) -> bool:
    """Enough to count by itself."""
    if region.matched < MIN_MATCHES or _density(region) < MIN_DENSITY:
        return False
    return region.matched >= SURE_MATCHES or max(b[2] for b in region.blocks) >= SURE_RUN


def _likely(region: Region) -> bool:
    """Enough to count where most of the text is aligned already."""
    return region.matched >= MIN_MATCHES and _density(region) >= SECOND_DENSITY


class _Alignment:
    """Two token streams, which of their tokens are still free, and the regions found."""

    def __init__(self, a: Reading, b: Reading) -> None:
        self.a, self.b = a, b
        self._text_a, self._text_b = _as_text(
            forms(a.hashes[:MAX_TOKENS]), forms(b.hashes[:MAX_TOKENS])
        )
        self.free_a = np.ones(len(self._text_a), dtype=bool)
        self.free_b = np.ones(len(self._text_b), dtype=bool)
        self.found: list[Region] = []

    def search(self, words: int, bones: int, counts: Callable[[Region], bool]) -> None:
        """Add the regions around anchors of `words` words or `bones` skeleton tokens."""
        anchors = _anchors(self.a, self.b, self.free_a, self.free_b, words, bones)
        for stretch in _chains(anchors):
            region = self._align(*stretch)
            if region is not None and counts(region):
                self.found.append(region)
                self.free_a[slice(*region.span_a)] = False
                self.free_b[slice(*region.span_b)] = False

    def _align(self, start_a: int, end_a: int, start_b: int, end_b: int) -> Region | None:
        low_a, low_b = max(0, start_a - BEFORE), max(0, start_b - BEFORE)
        rows_a = low_a + np.flatnonzero(self.free_a[low_a : end_a + AFTER])
        rows_b = low_b + np.flatnonzero(self.free_b[low_b : end_b + AFTER])
        if len(rows_a) < MIN_MATCHES or len(rows_b) < MIN_MATCHES:
            return None
        part_a = "".join([self._text_a[i] for i in rows_a.tolist()])
        part_b = "".join([self._text_b[j] for j in rows_b.tolist()])
        blocks = _trim(_blocks(part_a, part_b, rows_a, rows_b))
        return Region(blocks) if blocks else None


def regions(a: Reading, b: Reading) -> list[Region]:
    """The aligned regions of two texts, longest first; no token is in two of them."""
    alignment = _Alignment(a, b)
    alignment.search(3, 5, _sure)
    free_a, free_b = alignment.free_a, alignment.free_b
    aligned = 1 - min(free_a.mean(), free_b.mean()) if len(free_a) and len(free_b) else 0.0
    if ENOUGH_SHARE <= aligned < 1 and max(free_a.mean(), free_b.mean()) > 0.03:
        alignment.search(2, 3, _likely)
    return alignment.found
