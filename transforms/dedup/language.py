"""Which language's function words a text uses, told from the text alone.

A spun copy keeps its function words, so original and copy get the same answer whatever language
their publishers declare. It steers the skeleton only; the article's language is named elsewhere.
"""

from collections.abc import Sequence
from importlib import resources

import numpy as np

MIN_SHARE = 0.08
SAMPLE = 512
MAX_CACHED = 200_000
SHORT_WORD = 3


def _load() -> tuple[tuple[str, ...], dict[str, int]]:
    """The codes in file order and, for each word, the bits of the languages that list it."""
    codes: list[str] = []
    masks: dict[str, int] = {}
    data = resources.files("transforms.dedup").joinpath("data/function_words.tsv")
    for line in data.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or "\t" not in line:
            continue
        code, words = line.split("\t", 1)
        for word in words.split():
            masks[word] = masks.get(word, 0) | (1 << len(codes))
        codes.append(code)
    return tuple(codes), masks


CODES, _MASKS = _load()
NOUN_CAPITALS = frozenset({"de"})


class _Masks(dict[str, int]):
    """Word as written → the bits of the languages that list it; empties itself when full."""

    def __missing__(self, word: str) -> int:
        if len(self) >= MAX_CACHED:
            self.clear()
        mask = self[word] = _MASKS.get(word.lower(), 0)
        return mask


_masks = _Masks()


def function_language(words: Sequence[str]) -> str:
    """The code of the list that most of the first `words` are on; "" when none fits.

    An equal count goes to the list that comes first in the file.
    """
    if not words:
        return ""
    sample = words[:SAMPLE]
    masks = np.fromiter(map(_masks.__getitem__, sample), np.uint64, len(sample))
    bits = np.unpackbits(
        masks.astype("<u8").view(np.uint8).reshape(-1, 8), axis=1, bitorder="little"
    )
    counts = bits.sum(axis=0, dtype=np.int64)
    best = int(counts.argmax())
    return CODES[best] if int(counts[best]) >= MIN_SHARE * len(sample) else ""


def is_function_word(word: str, code: str) -> bool:
    """Whether `word` is closed-class in `code`; without a list: whether it is short."""
    if not code:
        return len(word) <= SHORT_WORD
    return len(word) == 1 or bool(_MASKS.get(word, 0) >> CODES.index(code) & 1)
