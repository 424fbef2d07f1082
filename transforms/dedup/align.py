"""Which parts of two texts tell the same in the same order: aligned regions.

Anchors are rare runs of tokens that both texts have: word 3-grams, and skeleton 5-grams for texts
whose words were swapped. Anchors that follow each other closely make a region; within a region the
longest common subsequence (Hyyrö 2004, by rapidfuzz) says which tokens match. Shuffled sentences
and pasted passages become regions of their own, where one alignment of the whole would fail.
"""

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


def _bones(reading: Reading, limit: int) -> tuple[Words64, Positions]:
    """Skeleton 5-grams that span few tokens, and where each starts."""
    at = skeleton(reading)
    at = at[at < limit]
    if len(at) < 5:
        return np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int64)
    close = at[4:] - at[:-4] <= SKELETON_SPAN
    return grams(forms(reading.hashes[at]), 5)[close], at[:-4][close]


def _anchors(a: Reading, b: Reading) -> npt.NDArray[np.int64]:
    """Rows (start in a, start in b, length): runs of anchors on one diagonal, by start."""
    rows_a, rows_b = _join(
        grams(forms(a.hashes[:MAX_TOKENS]), 3), grams(forms(b.hashes[:MAX_TOKENS]), 3)
    )
    bones_a, at_a = _bones(a, MAX_TOKENS)
    bones_b, at_b = _bones(b, MAX_TOKENS)
    if len(bones_a) and len(bones_b):
        more_a, more_b = _join(bones_a, bones_b)
        rows_a = np.concatenate((rows_a, at_a[more_a]))
        rows_b = np.concatenate((rows_b, at_b[more_b]))
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


def _counts(region: Region) -> bool:
    span = region.span_a[1] - region.span_a[0] + region.span_b[1] - region.span_b[0]
    matched = region.matched
    if matched < MIN_MATCHES or 2 * matched < MIN_DENSITY * span:
        return False
    return matched >= SURE_MATCHES or max(block[2] for block in region.blocks) >= SURE_RUN


def regions(a: Reading, b: Reading) -> list[Region]:
    """The aligned regions of two texts, longest first; no token is in two of them."""
    text_a, text_b = _as_text(forms(a.hashes[:MAX_TOKENS]), forms(b.hashes[:MAX_TOKENS]))
    free_a, free_b = np.ones(len(text_a), dtype=bool), np.ones(len(text_b), dtype=bool)
    found: list[Region] = []
    for start_a, end_a, start_b, end_b in _chains(_anchors(a, b)):
        low_a, high_a = max(0, start_a - BEFORE), min(len(text_a), end_a + AFTER)
        low_b, high_b = max(0, start_b - BEFORE), min(len(text_b), end_b + AFTER)
        rows_a = low_a + np.flatnonzero(free_a[low_a:high_a])
        rows_b = low_b + np.flatnonzero(free_b[low_b:high_b])
        if len(rows_a) < MIN_MATCHES or len(rows_b) < MIN_MATCHES:
            continue
        part_a = "".join([text_a[i] for i in rows_a.tolist()])
        part_b = "".join([text_b[j] for j in rows_b.tolist()])
        blocks = _trim(_blocks(part_a, part_b, rows_a, rows_b))
        if not blocks or not _counts(region := Region(blocks)):
            continue
        found.append(region)
        free_a[slice(*region.span_a)] = False
        free_b[slice(*region.span_b)] = False
    return found
