"""The sentences that a host puts under every article: not part of what the article says."""

from collections.abc import Iterable

import numpy as np
import xxhash

from transforms.dedup.tokens import Reading, Words64, normalise, split_sentences

NONE = np.empty(0, dtype=np.uint64)


def _keys(sentences: Iterable[str]) -> Words64:
    return np.array(
        [
            xxhash.xxh3_64_intdigest(sentence.lower().encode("utf-8", "surrogatepass"))
            for sentence in sentences
        ],
        dtype=np.uint64,
    )


def sentence_keys(text: str) -> Words64:
    """The distinct sentences of a text as 64-bit hashes, ascending."""
    return np.unique(_keys(part for part in split_sentences(normalise(text)) if part.strip()))


def common_sentences(documents: Iterable[Words64], enough: int = 5) -> Words64:
    """The hashes that stand in at least `enough` documents of one host, ascending."""
    parts = list(documents)
    if len(parts) < enough:
        return NONE
    values, counts = np.unique(np.concatenate(parts), return_counts=True)
    return values[counts >= enough]


def without(reading: Reading, common: Words64) -> Reading:
    """`reading` less the sentences in `common` (ascending), if half of its tokens remain.

    A text that mostly repeats what its host publishes is a copy there, not furniture.
    """
    if not len(common) or not len(reading.starts):
        return reading
    keys = _keys(reading.sentences)
    found = np.minimum(np.searchsorted(common, keys), len(common) - 1)
    keep = common[found] != keys
    lengths = np.diff(np.append(reading.starts, len(reading.hashes)))
    if keep.all() or 2 * int(lengths[keep].sum()) < len(reading.hashes):
        return reading
    tokens = np.repeat(keep, lengths)
    starts = np.concatenate(([0], np.cumsum(lengths[keep])[:-1])).astype(np.int64)
    return reading._replace(
        words=[word for word, stays in zip(reading.words, tokens, strict=True) if stays],
        hashes=reading.hashes[tokens],
        starts=starts,
        sentences=[s for s, stays in zip(reading.sentences, keep, strict=True) if stays],
    )
