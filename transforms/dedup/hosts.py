"""The sentences that a host puts under every article: not part of what the article says."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import xxhash

from transforms.dedup.signature import Words32, short_hashes
from transforms.dedup.tokens import Words64, count_tokens, normalise, read, sentences

MIN_REST = 0.15  # share of the tokens that must remain for a text to be stripped
NONE = np.empty(0, dtype=np.uint64)
NONE_EARLIER = np.empty(0, dtype=np.uint32)


def _keys(parts: Iterable[str]) -> Words64:
    return np.array(
        [
            xxhash.xxh3_64_intdigest(part.strip().lower().encode("utf-8", "surrogatepass"))
            for part in parts
        ],
        dtype=np.uint64,
    )


def sentence_keys(text: str) -> Words64:
    """The distinct sentences of a text as 64-bit hashes, ascending."""
    return np.unique(_keys(part for part, _ in sentences(normalise(text)) if part.strip()))


def common_sentences(documents: Iterable[Words64], enough: int = 5) -> Words64:
    """The hashes that stand in at least `enough` documents of one host, ascending."""
    parts = list(documents)
    if len(parts) < enough:
        return NONE
    values, counts = np.unique(np.concatenate(parts), return_counts=True)
    return values[counts >= enough]


def without(
    text: str, common: Words64, earlier: Words32 = NONE_EARLIER, min_tokens: int = 30
) -> str:
    """`text` less the sentences that its host puts everywhere, as long as a text remains.

    `common`: keys of such sentences in this run, `earlier`: their hashes in old signatures, both
    ascending. A text that says nothing but what its host says elsewhere is a copy there, not
    furniture.
    """
    if not len(common) and not len(earlier):
        return text
    normal = normalise(text)
    pieces = sentences(normal)
    keep = ~_among(_keys(sentence for sentence, _ in pieces), common)
    if len(earlier):
        filled = np.array([count_tokens(sentence) > 0 for sentence, _ in pieces])
        keep[filled] &= ~_among(short_hashes(read(text)), earlier)
    if keep.all():
        return text
    rest = "".join(s + end for (s, end), stays in zip(pieces, keep, strict=True) if stays)
    enough = max(min_tokens, MIN_REST * count_tokens(normal))
    return rest if count_tokens(rest) >= enough else text


def _among(values: npt.NDArray[Any], known: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """For each value whether it is in `known`, which ascends."""
    if not len(known):
        return np.zeros(len(values), dtype=bool)
    place = np.minimum(np.searchsorted(known, values), len(known) - 1)
    return np.asarray(known[place] == values, dtype=bool)
