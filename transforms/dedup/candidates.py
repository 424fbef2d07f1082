"""Which signatures deserve a look at their texts: pairs that share slots.

A pair is a candidate when it shares a two-row band of W or K, a sentence of S, or two single rows
(V, and K where it holds single rows). Buckets larger than a cap pair everyone with the smallest
id only; single-row buckets of that size pair nobody. Linear in the bucket, so that templates
make no quadratic work. Independent of the order of the documents as long as ids are sorted.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from transforms.dedup.signature import SINGLE_ROW, SLOTS, K, S, V
from transforms.dedup.tokens import Positions, Words64

STRONG, WEAK = 2, 1
ENOUGH = 2
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


def _pairs_of(bucket: Positions, cap: int, weak: bool) -> Pairs:
    """Pairs (smaller, larger) of the members of one bucket."""
    members = np.unique(bucket)
    if len(members) < 2 or (weak and len(members) > cap):
        return np.empty((0, 2), dtype=np.int64)
    if len(members) > cap:
        return np.column_stack((np.full(len(members) - 1, members[0]), members[1:]))
    left, right = np.triu_indices(len(members), 1)
    return np.column_stack((members[left], members[right]))


def _columns(matrix: Words64) -> Iterator[tuple[Words64, Positions, bool]]:
    """Each slot to compare as (values, owners, whether it is a single row); S is one slot."""
    rows = np.arange(len(matrix), dtype=np.int64)
    for slot in range(S.start):
        values = matrix[:, slot]
        filled = values != 0
        if slot >= K.start:
            single = (values & SINGLE_ROW) != 0
            yield values[filled & single], rows[filled & single], True
            filled &= ~single
        yield values[filled], rows[filled], V.start <= slot < V.stop
    sentences = matrix[:, S]
    owners = np.repeat(rows, SLOTS - S.start)
    flat = sentences.ravel()
    yield flat[flat != 0], owners[flat != 0], False


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
    for values, owners, weak in _columns(matrix):
        if len(values) < 2:
            continue
        for bucket in _buckets(values, owners):
            pairs = _pairs_of(bucket, cap, weak)
            if len(pairs):
                found.append(pairs)
                weights.append(WEAK if weak else STRONG)
    return _weigh(found, weights, len(matrix))


def candidates_with(new: Words64, old: Words64, cap: int = 64) -> Pairs:
    """Index pairs (new, old) that may be copies; `old` may be a long memory-mapped matrix.

    Only the old rows that share a value with the new ones are looked at.
    """
    found, weights = [], []
    old_columns = _columns(old)
    for (values, owners, weak), (others, theirs, _) in zip(_columns(new), old_columns, strict=True):
        if not len(values) or not len(others):
            continue
        wanted = np.unique(values)
        place = np.minimum(np.searchsorted(wanted, others), len(wanted) - 1)
        hit = wanted[place] == others
        pairs = _cross(values, owners, others[hit], theirs[hit], cap, weak)
        if len(pairs):
            found.append(pairs)
            weights.append(WEAK if weak else STRONG)
    if not found:
        return np.empty((0, 2), dtype=np.int64)
    return _weigh([np.unique(part, axis=0) for part in found], weights, max(len(old), 1))


def _cross(
    values: Words64, owners: Positions, others: Words64, theirs: Positions, cap: int, weak: bool
) -> Pairs:
    """Pairs (owner, their) of equal values; of a full bucket of theirs only the first."""
    order = np.lexsort((theirs, others))
    others, theirs = others[order], theirs[order]
    first = np.searchsorted(others, values, side="left")
    size = np.searchsorted(others, values, side="right") - first
    size = np.where(size > cap, 0 if weak else 1, size)
    left = np.repeat(owners, size)
    offset = np.arange(len(left)) - np.repeat(np.cumsum(size) - size, size)
    return np.column_stack((left, theirs[np.repeat(first, size) + offset]))
