"""How much a text says: its words, those that are about something, and what two texts share."""

import re
from collections.abc import Set as AbstractSet

_WORD = re.compile(r"\w+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
# Characters of an unspaced script that carry about as much as a spaced word.
_CHARS_A_WORD = 2
LONG_WORD = 5


def size(text: str) -> int:
    """Words; in scripts without spaces two characters count as one."""
    return len(_WORD.findall(text)) + len(_UNSPACED.findall(text)) // _CHARS_A_WORD


def content_words(text: str) -> set[str]:
    """The words long enough to be about something."""
    return {w for w in _WORD.findall(text.casefold()) if len(w) >= LONG_WORD}


def triples_of(text: str) -> set[str]:
    """Three words after each other, folded, for every place in a text."""
    found = _WORD.findall(text.casefold())
    return {" ".join(found[n : n + 3]) for n in range(len(found) - 2)}


def share(text: str, triples: AbstractSet[str]) -> float:
    """Share of the word triples of `text` that are among `triples`; one half where it has none."""
    own = triples_of(text)
    return len(own & triples) / len(own) if own else 0.5
