"""Which signatures deserve a look at their texts: pairs that share slots.

A pair is a candidate when it shares a sentence of S, or any two of the slots of W, V and K. One
band in common may be chance or a stock phrase, two rarely are (measured on 20,000 articles: the
pairs fall to a quarter, no copy is lost that one band alone would find). Buckets larger than a cap
pair everyone with the smallest id only, single rows of that size pair nobody. Linear in the
bucket, so that templates make no quadratic work. Independent of the order of the documents as
long as ids are sorted.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from transforms.dedup.signature import SINGLE_ROW, K, S, V, sentences_of
from transforms.dedup.tokens import Positions, Words64

SENTENCE, BAND = 2, 1
ENOUGH = 2
_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)
Pairs = npt.NDArray[np.int64]


def _buckets(values: Words64, owners: Positions) -> Iterator[Positions]:
    """The owners of each value held by two or more, ascending."""
    order = np.lexsort((owners, values))
    values, owners = values[order], owners[order]
    edges = np.flatnonzero(values[1:] != values[:-1]) + 1
    starts = np.concatenate(([0], edges))
    ends = np.concatenate((edges, [len(values)]))
    for at in np.flatnonzero(ends - starts > 1):
        yield owners[starts[at] : ends[at]]


def _pairs_of(bucket: Positions, cap: int, single: bool) -> Pairs:
    """Pairs (smaller, larger) of the members of one bucket."""
    members = np.unique(bucket)
    if len(members) < 2 or (single and len(members) > cap):
        return np.empty((0, 2), dtype=np.int64)
    if len(members) > cap:
        return np.column_stack((np.full(len(members) - 1, members[0]), members[1:]))
    left, right = np.triu_indices(len(members), 1)
    return np.column_stack((members[left], members[right]))


class _Column(NamedTuple):
    """One slot of all documents: the filled values, whose they are, whether it is a single row,
    and what a match is worth."""

    values: Words64
    owners: Positions
    single: bool
    worth: int


def _columns(matrix: Words64) -> Iterator[_Column]:
    """Each slot to compare; single rows and bands of K apart, all sentences as one."""
    rows = np.arange(len(matrix), dtype=np.int64)
    for slot in range(S.start):
        values = matrix[:, slot]
        filled = values != 0
        if slot >= K.start:
            single = filled & ((values & SINGLE_ROW) != 0)
            yield _Column(values[single] & _LOW, rows[single], True, BAND)
            yield _Column(values[single] >> _HALF, rows[single], True, BAND)
            filled &= ~single
        yield _Column(values[filled], rows[filled], V.start <= slot < V.stop, BAND)
    sentences = sentences_of(matrix)
    owners = np.repeat(rows, sentences.shape[1])
    flat = sentences.ravel().astype(np.uint64)
    yield _Column(flat[flat != 0], owners[flat != 0], False, SENTENCE)


def _weigh(found: list[Pairs], weights: list[int], count: int) -> Pairs:
    """The pairs whose weights add up to ENOUGH, sorted."""
    if not found:
        return np.empty((0, 2), dtype=np.int64)
    keys = np.concatenate([part[:, 0] * count + part[:, 1] for part in found])
    worth = np.repeat(np.array(weights), [len(part) for part in found])
    unique, where = np.unique(keys, return_inverse=True)
    total = np.bincount(where, weights=worth, minlength=len(unique))
    kept = unique[total >= ENOUGH]
    return np.column_stack((kept // count, kept % count))


def candidates(matrix: Words64, cap: int = 64) -> Pairs:
    """Index pairs (i < j) of the rows of `matrix` that may be copies.

    The rows must stand in ascending order of id: a full bucket is linked to its first.
    """
    found, weights = [], []
    for column in _columns(matrix):
        if len(column.values) < 2:
            continue
        for bucket in _buckets(column.values, column.owners):
            pairs = _pairs_of(bucket, cap, column.single)
            if len(pairs):
                found.append(pairs)
                weights.append(column.worth)
    return _weigh(found, weights, len(matrix))


def candidates_with(new: Words64, old: Words64, cap: int = 64) -> Pairs:
    """Index pairs (new, old) that may be copies; `old` may be a long memory-mapped matrix.

    Only the old rows that share a value with the new ones are looked at.
    """
    found, weights = [], []
    for mine, theirs in zip(_columns(new), _columns(old), strict=True):
        if not len(mine.values) or not len(theirs.values):
            continue
        wanted = np.unique(mine.values)
        place = np.minimum(np.searchsorted(wanted, theirs.values), len(wanted) - 1)
        hit = wanted[place] == theirs.values
        pairs = _cross(mine, theirs.values[hit], theirs.owners[hit], cap)
        if len(pairs):
            found.append(np.unique(pairs, axis=0))
            weights.append(mine.worth)
    return _weigh(found, weights, max(len(old), 1))


def _cross(mine: _Column, others: Words64, theirs: Positions, cap: int) -> Pairs:
    """Pairs (owner, their) of equal values; of a full bucket of theirs only the first."""
    order = np.lexsort((theirs, others))
    others, theirs = others[order], theirs[order]
    first = np.searchsorted(others, mine.values, side="left")
    size = np.searchsorted(others, mine.values, side="right") - first
    size = np.where(size > cap, 0 if mine.single else 1, size)
    left = np.repeat(mine.owners, size)
    offset = np.arange(len(left)) - np.repeat(np.cumsum(size) - size, size)
    return np.column_stack((left, theirs[np.repeat(first, size) + offset]))
