"""What two aligned texts have in common, in numbers: the features that name the kind."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from transforms.dedup.align import MAX_TOKENS, Mask, Region, regions
from transforms.dedup.tokens import CLASS_BITS, CONTENT, NAME, NUMBER, Reading, forms

FEW_LETTERS = 4
SWAP_GAP = 6  # tokens of a gap that may stand for fewer on the other side
SINGLE_GAP = 3  # tokens of a gap where one word was swapped for another
ADDED_GAP = 2  # content words that stand alone where the other text has none
PASSAGE = 15  # matching tokens that make a region a passage rather than a stock phrase


class Features(NamedTuple):
    """Shares of the texts inside regions, and what was changed there.

    length: tokens of the shorter text. low, high: the smaller and the larger share of either text
    that regions cover. covered: tokens covered in the text with fewer, matched: tokens that match,
    density: matches per covered token. swaps: content words replaced one for one, single_swaps:
    those alone in their gap, content: content words inside regions, edits: gaps that add or drop
    words instead, added: those of one or two content words. numbers, names: agreement as
    containment in the text with fewer, and how many that has. aligned_numbers, other_numbers:
    equal and differing figures at the same place. passages_a, passages_b: which tokens are in
    regions long enough to be passages.
    """

    length: int
    low: float
    high: float
    covered: int
    matched: int
    density: float
    swaps: int
    single_swaps: int
    content: int
    edits: int
    added: int
    numbers: float
    number_count: int
    names: float
    name_count: int
    aligned_numbers: int
    other_numbers: int
    passages_a: Mask
    passages_b: Mask

    @property
    def swap_rate(self) -> float:
        """Share of the content words that were replaced."""
        return self.swaps / self.content if self.content else 0.0


class _Gap(NamedTuple):
    a: range
    b: range


def _gaps(region: Region) -> Iterator[_Gap]:
    for left, right in zip(region.blocks, region.blocks[1:], strict=False):
        yield _Gap(
            range(left[0] + left[2], right[0]),
            range(left[1] + left[2], right[1]),
        )


def _same_spelling(left: list[str], right: list[str]) -> bool:
    """Whether two replaced stretches are one spelling apart: "per cent", "colour"."""
    one, other = [word.lower() for word in left], [word.lower() for word in right]
    if "".join(one) == "".join(other):
        return True
    return len(one) == len(other) and all(
        x == y or (min(len(x), len(y)) >= FEW_LETTERS and _one_letter_apart(x, y))
        for x, y in zip(one, other, strict=True)
    )


def _one_letter_apart(one: str, other: str) -> bool:
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    at = next((i for i, (x, y) in enumerate(zip(one, other, strict=False)) if x != y), len(one))
    return one[at + (len(one) == len(other)) :] == other[at + 1 :]


def _containment(a: Counter[int], b: Counter[int]) -> tuple[float, int]:
    fewer = min(a.total(), b.total())
    return ((a & b).total() / fewer if fewer else 1.0), fewer


def features(a: Reading, b: Reading, passage: int = PASSAGE) -> Features:
    """Align two texts and count; regions of `passage` matching tokens or more are passages."""
    found = regions(a, b)
    codes_a, codes_b = a.hashes[:MAX_TOKENS], b.hashes[:MAX_TOKENS]
    kinds_a, kinds_b = (codes_a & CLASS_BITS).tolist(), (codes_b & CLASS_BITS).tolist()
    covered_a, covered_b = np.zeros(len(codes_a), bool), np.zeros(len(codes_b), bool)
    passages_a, passages_b = covered_a.copy(), covered_b.copy()
    matched = swaps = single = edits = equal_numbers = other_numbers = added = 0
    for region in found:
        covered_a[slice(*region.span_a)] = True
        covered_b[slice(*region.span_b)] = True
        matched += region.matched
        if region.matched >= passage:
            passages_a[slice(*region.span_a)] = True
            passages_b[slice(*region.span_b)] = True
        for start, _, length in region.blocks:
            equal_numbers += kinds_a[start : start + length].count(NUMBER)
        for gap in _gaps(region):
            content_a = sum(kinds_a[i] == CONTENT for i in gap.a)
            content_b = sum(kinds_b[j] == CONTENT for j in gap.b)
            figures = min(
                sum(kinds_a[i] == NUMBER for i in gap.a), sum(kinds_b[j] == NUMBER for j in gap.b)
            )
            other_numbers += figures
            shorter, longer = sorted((len(gap.a), len(gap.b)))
            swapped = shorter and longer <= max(SWAP_GAP, 2 * shorter)
            if not swapped or not content_a + content_b:
                edits += not figures
                added += not shorter and longer == content_a + content_b <= ADDED_GAP
            elif not _same_spelling([a.word(i) for i in gap.a], [b.word(j) for j in gap.b]):
                swaps += max(1, min(content_a, content_b))
                single += longer <= SINGLE_GAP
    content = int(((codes_a & CLASS_BITS)[covered_a] == CONTENT).sum())
    in_a, in_b = int(covered_a.sum()), int(covered_b.sum())
    shares = sorted((in_a / max(1, len(codes_a)), in_b / max(1, len(codes_b))))
    numbers, number_count = _containment(_of_kind(a, NUMBER), _of_kind(b, NUMBER))
    names, name_count = _containment(_of_kind(a, NAME), _of_kind(b, NAME))
    return Features(
        min(len(codes_a), len(codes_b)), shares[0], shares[1], min(in_a, in_b), matched,
        2 * matched / max(1, in_a + in_b), swaps, single, content, edits, added,
        numbers, number_count, names, name_count, equal_numbers, other_numbers,
        passages_a, passages_b,
    )  # fmt: skip


def _of_kind(reading: Reading, kind: int) -> Counter[int]:
    codes = reading.hashes[:MAX_TOKENS]
    return Counter(forms(codes[(codes & CLASS_BITS) == kind]).tolist())
