"""A text as tokens: what two texts are compared by.

NFKC, soft hyphens and other invisible characters dropped, lower case. A number with its decimals
is one token, a word ends at an apostrophe or a hyphen. Scripts written without spaces give one
token a character. Each token is 64 bits: a hash of its lower-case form whose two lowest bits are
its class. Not here: which tokens are compared, and how.
"""

import re
import sys
import unicodedata
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import xxhash

from transforms.dedup.language import NOUN_CAPITALS, function_language, is_function_word

Words64 = npt.NDArray[np.uint64]
Positions = npt.NDArray[np.int64]

CONTENT, FUNCTION, NAME, NUMBER = 0, 1, 2, 3
CLASS_BITS = np.uint64(3)
END = 0  # code of the end of a sentence
MAX_CHARS = 1_000_000
MAX_CACHED = 400_000
SHOUTING = 0.8  # share of capitalised among the other words at which capitals mark no names

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u0640]")
_VOWEL_POINTS = re.compile("[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u064b-\u065f\u0670]")


def _mark_ranges() -> str:
    """The combining marks (Mn, Mc) of the basic plane as a character class."""
    marks = [c for c in range(0x300, 0xFFFF) if unicodedata.category(chr(c)) in ("Mn", "Mc")]
    ranges: list[list[int]] = []
    for code in marks:
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"\\u{first:04x}-\\u{last:04x}" for first, last in ranges)


_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SYLLABIC = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
_MARKS = _mark_ranges()
_LATIN = "A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_NUMBER = r"\d+(?:[.,:/-]\d+)*"
_ANY_WORD = (
    rf"[{_UNSPACED}]|[{_SYLLABIC}][{_MARKS}]*"
    rf"|(?:(?![{_UNSPACED}{_SYLLABIC}])[^\W\d_])(?:[^\W\d_{_UNSPACED}{_SYLLABIC}]|[{_MARKS}])*"
)
_END = r"[.!?]+[\"'”’»)\]]*\s|[。．؟۔।]|\n"
_SENTENCE_END = re.compile(_END)
_ENDS = frozenset(".!?。．؟۔।\n")

# Texts in Latin letters are most of all texts; their pattern is twice as fast.
_LATIN_WORDS, _WORDS = re.compile(rf"[{_LATIN}]+|{_NUMBER}"), re.compile(rf"{_NUMBER}|{_ANY_WORD}")
_LATIN_STREAM = re.compile(rf"[{_LATIN}]+|{_NUMBER}|{_END}")
_STREAM = re.compile(rf"{_NUMBER}|{_ANY_WORD}|{_END}")
_NOT_LATIN = re.compile(r"[^\x00-\u024f\u2000-\u206f\u20a0-\u20bf]")
_CHARACTER = re.compile(rf"[{_UNSPACED}{_SYLLABIC}]")


class Reading(NamedTuple):
    """A text read: its tokens' 64-bit codes, where sentences start, how it is written.

    hashes: one uint64 a token, starts: index of the first token of each sentence, ascending.
    pieces: tokens and sentence ends as written, places: which of them the tokens are.
    by_character: most tokens are single characters of a script without spaces.
    """

    hashes: Words64
    starts: Positions
    pieces: list[str]
    places: Positions
    language: str
    by_character: bool

    def word(self, index: int) -> str:
        """One token as written."""
        return self.pieces[int(self.places[index])]


def normalise(text: str) -> str:
    """`text` in NFKC without invisible characters and vowel points; cut to MAX_CHARS."""
    text = text[:MAX_CHARS]
    if text.isascii():
        return text
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return _VOWEL_POINTS.sub("", text) if _NOT_LATIN.search(text) else text


class _Codes(dict[str, int]):
    """Token as written → its 64 bits, for one language; a cache that empties itself when full."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def __missing__(self, token: str) -> int:
        if len(self) >= MAX_CACHED:
            self.clear()
        code = self[sys.intern(token)] = token_code(token, self._language)
        return code


def token_code(token: str, language: str) -> int:
    """62 bits of hash over the lower-case token, and its class in the two lowest bits; END for
    what ends a sentence."""
    if token[0] in _ENDS:
        return END
    lower = token.lower()
    if token[0].isdigit():
        kind = NUMBER
        lower = lower.replace(",", "")
    elif _CHARACTER.match(token):
        kind = CONTENT
    elif is_function_word(lower, language):
        kind = FUNCTION
    elif token[0] != lower[0] and language not in NOUN_CAPITALS:
        kind = NAME
    else:
        kind = CONTENT
    return (xxhash.xxh3_64_intdigest(lower.encode("utf-8", "surrogatepass")) & ~3) | kind


_caches: dict[str, _Codes] = {}


def read(text: str) -> Reading:
    """The tokens of `text` with their codes, classes and sentence starts."""
    normal = normalise(text)
    pieces = (_STREAM if _NOT_LATIN.search(normal) else _LATIN_STREAM).findall(normal)
    language = function_language(pieces)
    cache = _caches.setdefault(language, _Codes(language))
    codes = np.fromiter(map(cache.__getitem__, pieces), np.uint64, len(pieces))
    ends = codes == END
    places = np.flatnonzero(~ends)
    hashes = codes[places]
    sentence = np.cumsum(ends)[places]
    first = np.ones(len(places), dtype=bool)
    first[1:] = sentence[1:] != sentence[:-1]
    kinds = hashes & CLASS_BITS
    named = kinds == NAME
    content = int((kinds == CONTENT).sum())
    shouting = int(named.sum()) > SHOUTING * (content + int(named.sum()))
    hashes[named if shouting else named & first] &= ~CLASS_BITS
    return Reading(hashes, np.flatnonzero(first), pieces, places, language, _by_character(pieces))


def _by_character(pieces: list[str]) -> bool:
    sample = pieces[:400]
    if not sample or sum(map(len, sample)) > 2 * len(sample):
        return False
    return 2 * sum(1 for word in sample if _CHARACTER.match(word)) > len(sample)


def sentences(text: str) -> list[tuple[str, str]]:
    """The sentences of a normalised text, each with the punctuation that ends it."""
    out = []
    last = 0
    for match in _SENTENCE_END.finditer(text):
        out.append((text[last : match.start()], match.group()))
        last = match.end()
    out.append((text[last:], ""))
    return out


def forms(hashes: Words64) -> Words64:
    """The codes without their class: equal for equal words wherever they stand."""
    return hashes & ~CLASS_BITS


def stream_hash(hashes: Words64) -> int:
    """One 64-bit number for the whole token stream: equal texts, equal numbers."""
    return xxhash.xxh3_64_intdigest(forms(hashes).tobytes())


def quoted(text: str, count: int) -> npt.NDArray[np.bool_]:
    """For each of `count` tokens of `text`, whether it stands inside quotation marks.

    An open mark that is not closed on its line opens nothing.
    """
    mask = np.zeros(count, dtype=bool)
    normal = normalise(text)
    at, last = 0, 0
    for match in _QUOTE.finditer(normal):
        at += count_tokens(normal[last : match.start()])
        inside = count_tokens(match.group())
        mask[at : at + inside] = True
        at, last = at + inside, match.end()
    return mask


_QUOTE = re.compile(
    r"“[^”\n]*”|\"[^\"\n]*\"|«[^»\n]*»|»[^«\n]*«|„[^“”\n]*[“”]|「[^」\n]*」|『[^』\n]*』"
    r"|``[^'\n]*''|‘[^’\n]{20,}?’(?!\w)"
)


def count_tokens(text: str) -> int:
    """How many tokens a normalised text has."""
    return len((_WORDS if _NOT_LATIN.search(text) else _LATIN_WORDS).findall(text))
