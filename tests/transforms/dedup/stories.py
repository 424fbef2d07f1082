"""Invented stories in an invented vocabulary, and ways to copy them, for the tests of this room.

The function words are English, everything else is made of syllables, so that any story can be
spun without a thesaurus: a word's synonym is another made-up word.
"""

import random
import zlib

_WORDS = (
    "the of in with from that was by to its and but after before who said had been would not "
    "which for on at between because while their more than this when under about"
)
_SYLLABLES = "ka lo mer tin sul dra pe von gar ish bel ro nu fas wem qui jor tal"
FUNCTION = _WORDS.split()
SYLLABLES = _SYLLABLES.split()
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday"]


def _made(rng: random.Random) -> str:
    return "".join(rng.choice(SYLLABLES) for _ in range(rng.randint(2, 4)))


def story(seed: int, sentences: int = 14) -> str:
    """An invented report in paragraphs of two sentences; other seeds give other reports."""
    rng = random.Random(seed)
    names = [_made(rng).capitalize() for _ in range(8)]
    out = []
    for _ in range(sentences):
        words = []
        for _ in range(rng.randint(14, 24)):
            dice = rng.random()
            if dice < 0.45:
                words.append(rng.choice(FUNCTION))
            elif dice < 0.53:
                words.append(rng.choice(names))
            elif dice < 0.56:
                words.append(str(rng.randint(3, 9870)))
            elif dice < 0.58:
                words.append("on " + rng.choice(DAYS))
            else:
                words.append(_made(rng))
        out.append(f"The {' '.join(words)}.")
    return "\n\n".join(" ".join(out[i : i + 2]) for i in range(0, len(out), 2))


def synonym(word: str) -> str:
    """Another made-up word, always the same for the same word."""
    return _made(random.Random(zlib.crc32(word.encode())))


def spin(text: str, seed: int = 0, rate: float = 0.5) -> str:
    """`text` with the share `rate` of its content words replaced."""
    rng = random.Random(seed)
    return "\n".join(
        " ".join(_spun(word, rng, rate) for word in line.split(" ")) for line in text.split("\n")
    )


def _spun(word: str, rng: random.Random, rate: float) -> str:
    bare = word.strip(".,")
    if not bare.islower() or bare in FUNCTION or rng.random() >= rate:
        return word
    return word.replace(bare, synonym(bare))
