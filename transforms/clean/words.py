"""How much a text says: its words, those that are about something, and what two texts share.

A text is cut into words once (`words_of`); everything else takes them.
"""

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

_WORD = re.compile(r"\w+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_SIGNS = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
# Characters of an unspaced script that carry about as much as a spaced word.
_CHARS_A_WORD = 2
LONG_WORD = 5

Triple = tuple[str, str, str]


def words_of(text: str) -> list[str]:
    """The words of a text as they are written."""
    return _WORD.findall(text)


def folded(words: Iterable[str]) -> list[str]:
    """Words with case ignored."""
    return list(map(str.casefold, words))


def size_of(words: Sequence[str], text: str) -> int:
    """`size` of a text whose words are known."""
    return len(words) + (0 if text.isascii() else len(_UNSPACED.findall(text)) // _CHARS_A_WORD)


def size(text: str) -> int:
    """Words; in scripts without spaces two characters count as one."""
    return size_of(words_of(text), text)


def density(text: str) -> float:
    """How much a character of the text says: 1 of letters, twice that of signs that are words."""
    return 1.0 if not text or text.isascii() else 1 + len(_SIGNS.findall(text)) / len(text)


def content_words(words: Iterable[str]) -> set[str]:
    """The words, folded, that are long enough to be about something."""
    return {word for word in words if len(word) >= LONG_WORD}


def triples_of(words: Sequence[str]) -> set[Triple]:
    """Three words after each other for every place in a text."""
    return set(zip(words, words[1:], words[2:], strict=False))


def share(words: Sequence[str], triples: AbstractSet[Triple]) -> float:
    """Share of the word triples of a text that are among `triples`; one half where it has none."""
    own = triples_of(words)
    return len(own & triples) / len(own) if own else 0.5
