"""The signature: 40 × uint64 = 320 bytes that find a text's copies without the text.

| part | slots | what | for |
| W | 0-7   | 8 bands of 2 rows: MinHash of word 3-grams        | near copies             |
| V | 8-15  | 8 single rows: MinHash of word 5-grams            | verbatim stretches      |
| K | 16-31 | 16 bands of 2 rows: MinHash of skeleton 4-grams   | spun copies             |
| S | 32-39 | the 16 smallest sentence hashes, 32 bits each     | partial copies          |

The skeleton is what a spinner leaves alone: function words, names, numbers, in order. Its grams
don't cross the ends of sentences, so that shuffled or dropped sentences cost no more than
themselves. Where there is no skeleton (scripts without spaces, no word list) K holds 32 single
rows of token grams, 32 bits each. 0 means empty and matches nothing. Broder 1997 for MinHash.
"""

import numpy as np
import numpy.typing as npt

from transforms.dedup.tokens import CLASS_BITS, Positions, Reading, Words64, forms

Words32 = npt.NDArray[np.uint32]

SLOTS = 40
BYTES = SLOTS * 8
W, V, K, S = slice(0, 8), slice(8, 16), slice(16, 32), slice(32, 40)

SENTENCES = 16
MIN_SENTENCE = 9
MIN_SKELETON = 14
MIN_SKELETON_SHARE = 0.12
MIN_SKELETON_GRAMS = 8
CHUNK = 8192
SINGLE_ROW = np.uint64(1)  # lowest bit of a K slot that holds two single rows
_FILLED = np.uint64(2)

_PRIME = np.uint64(0x9E3779B185EBCA87)
_MIX = np.uint64(0xC2B2AE3D27D4EB4F)


def _mixed(values: Words64) -> Words64:
    """`values` stirred so that every input bit reaches every output bit."""
    values = values ^ (values >> np.uint64(33))
    values = values * _MIX
    values = values ^ (values >> np.uint64(29))
    return values * _PRIME ^ (values >> np.uint64(32))


def _rows(first: int, count: int) -> tuple[Words64, Words64]:
    """Seeds and odd multipliers of `count` MinHash rows, from row number `first` on."""
    numbers = np.arange(first, first + count, dtype=np.uint64) + np.uint64(1)
    return _mixed(numbers * _PRIME)[:, None], (_mixed(numbers * _MIX) | np.uint64(1))[:, None]


_W_ROWS, _V_ROWS, _K_ROWS = _rows(0, 16), _rows(16, 8), _rows(24, 32)
_K_SINGLE = _rows(56, 32)


def grams(codes: Words64, size: int) -> Words64:
    """One hash for each run of `size` consecutive codes."""
    count = len(codes) - size + 1
    if count <= 0:
        return np.empty(0, dtype=np.uint64)
    out = codes[:count].copy()
    for offset in range(1, size):
        out = (out * _PRIME) ^ (out >> np.uint64(31))
        out = out + codes[offset : offset + count]
    return _mixed(out)


def _minima(values: Words64, rows: tuple[Words64, Words64]) -> Words64:
    seeds, factors = rows
    best = np.full(len(seeds), np.iinfo(np.uint64).max, dtype=np.uint64)
    for at in range(0, len(values), CHUNK):
        part = values[None, at : at + CHUNK] ^ seeds
        part *= factors
        part = part.min(axis=1)
        best = np.minimum(best, part)
    return best


def _single(values: Words64, rows: tuple[Words64, Words64], count: int) -> Words64:
    if not len(values):
        return np.zeros(count, dtype=np.uint64)
    return _mixed(_minima(values, rows)) | _FILLED


def _bands(values: Words64, rows: tuple[Words64, Words64], count: int) -> Words64:
    if not len(values):
        return np.zeros(count, dtype=np.uint64)
    pairs = _minima(values, rows).reshape(count, 2)
    return _mixed(pairs[:, 0] * _PRIME + pairs[:, 1]) | _FILLED


def sentence_hashes(reading: Reading) -> tuple[Words64, Positions]:
    """One hash for each sentence, and its length in tokens."""
    codes, starts = forms(reading.hashes), reading.starts
    if not len(codes):
        return np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int64)
    lengths = np.diff(np.append(starts, len(codes)))
    place = np.arange(len(codes)) - np.repeat(starts, lengths)
    salted = _mixed(codes + (place.astype(np.uint64) + np.uint64(1)) * _PRIME)
    return _mixed(np.add.reduceat(salted, starts)), lengths


def skeleton(reading: Reading) -> Positions:
    """The indices of the tokens that a spinner leaves alone."""
    return np.flatnonzero(reading.hashes & CLASS_BITS)


def _skeleton_grams(reading: Reading) -> Words64:
    """Hashes of 4 skeleton tokens of one sentence; empty where the text has no skeleton."""
    empty = np.empty(0, dtype=np.uint64)
    at = skeleton(reading)
    if reading.by_character or len(at) < max(
        MIN_SKELETON, MIN_SKELETON_SHARE * len(reading.hashes)
    ):
        return empty
    sentence = np.searchsorted(reading.starts, at, side="right")
    inside = sentence[: len(at) - 3] == sentence[3:]
    found = grams(forms(reading.hashes[at]), 4)[inside]
    return found if len(found) >= MIN_SKELETON_GRAMS else empty


def sign(reading: Reading, stream: int, min_tokens: int = 30) -> Words64:
    """The 40 slots of a text; below `min_tokens` only the hash of the whole stream, in S."""
    out = np.zeros(SLOTS, dtype=np.uint64)
    if not len(reading.hashes):
        return out
    if len(reading.hashes) < min_tokens:
        out[S] = _sentence_slots(np.array([stream], dtype=np.uint64))
        return out
    codes = forms(reading.hashes)
    fives = grams(codes, 5)
    out[W] = _bands(grams(codes, 3), _W_ROWS, 8)
    out[V] = _single(fives, _V_ROWS, 8)
    bones = _skeleton_grams(reading)
    if len(bones):
        out[K] = _bands(bones, _K_ROWS, 16) & ~SINGLE_ROW
    else:
        rows = _single(fives if reading.by_character else grams(codes, 4), _K_SINGLE, 32)
        halves = (rows >> np.uint64(32)).astype("<u4") | np.uint32(1)
        out[K] = halves.view("<u8").astype(np.uint64)
    hashes, lengths = sentence_hashes(reading)
    out[S] = _sentence_slots(hashes[lengths >= MIN_SENTENCE])
    return out


def _sentence_slots(hashes: Words64) -> Words64:
    """The smallest of `hashes`, cut to 32 bits, two a slot; 0 where there are too few."""
    halves = np.zeros(SENTENCES, dtype="<u4")
    smallest = np.unique(hashes >> np.uint64(32))[:SENTENCES]
    halves[: len(smallest)] = smallest
    return halves.view("<u8").astype(np.uint64)


def sentences_of(matrix: Words64) -> Words32:
    """The sentence hashes of a matrix of signatures, 16 columns; 0 means none."""
    slots = np.ascontiguousarray(matrix[:, S]).astype("<u8")
    return slots.view("<u4").reshape(len(matrix), SENTENCES)


def to_bytes(signature: Words64) -> bytes:
    """The slots as 320 bytes, little-endian."""
    return signature.astype("<u8").tobytes()


def from_bytes(rows: list[bytes]) -> Words64:
    """Signatures as a matrix of one row of 40 slots each; ValueError for another length."""
    raw = b"".join(rows)
    if len(raw) != BYTES * len(rows):
        raise ValueError(f"a signature has {BYTES} bytes")
    return np.frombuffer(raw, dtype="<u8").astype(np.uint64).reshape(-1, SLOTS)
