"""The words that the last part of an address spells: mostly a story's title on its first day."""

import unicodedata
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from urllib.parse import unquote

from transforms.clean.sitename import host_and_path, words

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"})


def slug_words(url: str) -> frozenset[str]:
    """The words of the last part of an address."""
    path = unquote(host_and_path(url)[1]).rstrip("/")
    return frozenset(words(path.rsplit("/", 1)[-1].replace("_", " ")))


def spelled(title: Sequence[str], slug: AbstractSet[str]) -> float:
    """The share of a title's words that stand in an address, however accents are written there."""
    return sum(not slug.isdisjoint(_spellings(word)) for word in title) / max(1, len(title))


def _spellings(word: str) -> set[str]:
    if word.isascii():
        return {word}
    return {word, _ascii(word), _ascii(word.translate(_UMLAUTS))}


def _ascii(word: str) -> str:
    return unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode() or word
