"""The sentences that a host puts under every article: not part of what the article says."""

from collections.abc import Iterable

import numpy as np
import xxhash

from transforms.dedup.tokens import Words64, count_tokens, normalise, sentences

MIN_REST = 0.15  # share of the tokens that must remain for a text to be stripped
NONE = np.empty(0, dtype=np.uint64)


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


def without(text: str, common: Words64, min_tokens: int = 30) -> str:
    """`text` less the sentences in `common` (ascending), as long as a text remains.

    A text that says nothing but what its host says elsewhere is a copy there, not furniture.
    """
    if not len(common):
        return text
    normal = normalise(text)
    pieces = sentences(normal)
    keys = _keys(sentence for sentence, _ in pieces)
    found = np.minimum(np.searchsorted(common, keys), len(common) - 1)
    keep = common[found] != keys
    if keep.all():
        return text
    rest = "".join(s + end for (s, end), stays in zip(pieces, keep, strict=True) if stays)
    enough = max(min_tokens, MIN_REST * count_tokens(normal))
    return rest if count_tokens(rest) >= enough else text
