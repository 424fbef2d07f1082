"""Length-preserving normalisation: one code point in, one code point out.

Offsets found in the folded text are offsets of the stored text. Lower case, accents off Latin and
Greek letters, one form for quotes, dashes, blanks, digits, Arabic alef and ya, traditional Han
characters. Signs that carry no meaning of their own (combining marks, vowel points, soft hyphens,
zero-width joiners) cannot be dropped without moving offsets: they become IGNORED, and `squeeze`
gives the text without them together with the way back. Nothing here splits or judges words.
"""

import codecs
import unicodedata
from collections.abc import Mapping
from functools import cache
from itertools import accumulate, chain
from typing import Any, NamedTuple

from transforms.tag.tables import rows

IGNORED = "\ue000"  # private use: stands for what a reader does not see
BETWEEN = "\ua000"  # a letter that no pattern has and that folding keeps: parts many patterns
_SHORT = 120  # up to here a dict is fast enough
_BLANK = " "
_ASCII = "".join(map(chr, range(128)))
_MOST_SIGNS = 256 - len(_ASCII)  # of one codec, beside ASCII
_LAST_SIGN = "\ufffd"  # that a codec can have
_MOST_CODECS = 6

_SPECIAL = {
    "İ": "i", "ı": "i", "ß": "ß", "ẞ": "ß", "ø": "o",
    "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d",
    "ħ": "h", "Ħ": "h", "ŧ": "t", "Ŧ": "t", "ə": "e",
    "Ə": "e", "ё": "е", "Ё": "е", "ґ": "г", "Ґ": "г",
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "ʼ": "'",
    "ʻ": "'", "`": "'", "´": "'", "′": "'", "＇": "'",
    "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"', "「": '"', "」": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
    "\u00ad": IGNORED, "…": ".",
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي",
    "ی": "ي", "ې": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه",
    "ۀ": "ه", "ہ": "ه", "ھ": "ه", "ک": "ك", "ڪ": "ك", "ـ": IGNORED, "،": ",", "؛": ";", "؟": "?",
    "٬": ",", "٫": ".", "。": ".", "，": ",", "、": ",", "；": ";", "？": "?", "！": "!", "：": ":",
}  # fmt: skip
_ACCENTED_SCRIPTS = ("LATIN", "GREEK")
_UNSEEN = {"Mn", "Me", "Cf"}
_MARKS_KEPT = ("DEVANAGARI", "BENGALI", "TAMIL", "THAI", "LAO", "KHMER", "MYANMAR", "TELUGU")


class _Folds(dict[int, str]):
    """Code point to folded character; fills itself on first sight of a character."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_one(chr(code))
        return folded


class _Codec(NamedTuple):
    """A map of ASCII and some other `signs` by way of one byte each: ten times as fast as a dict's.

    `encode` is what `codecs.charmap_build` gives; `decoded` has what each byte stands for.
    """

    signs: frozenset[str]
    encode: Any
    decoded: str

    def map(self, text: str) -> str:
        """`text` mapped; UnicodeEncodeError where it has other signs."""
        octets, _ = codecs.charmap_encode(text, "strict", self.encode)
        return codecs.charmap_decode(octets, "strict", self.decoded)[0]


class CharMap:
    """A length-preserving map of characters, fast for texts of up to 128 different signs that are
    not ASCII, as those of any alphabet are.

    `table` may fill itself on first sight of a code point; of ASCII it must give only ASCII.
    """

    def __init__(self, table: Mapping[int, str]) -> None:
        self._table = table
        self._ascii = bytes(ord(table[code]) for code in range(128)) + bytes(128)
        self._codecs: tuple[_Codec, ...] = ()  # the one learnt last first

    def __call__(self, text: str) -> str:
        """`text` with each character replaced; lone surrogates are characters too."""
        if len(text) < _SHORT:
            return text.translate(self._table)
        if text.isascii():
            return text.encode("ascii").translate(self._ascii).decode("ascii")
        for codec in self._codecs:
            try:
                return codec.map(text)
            except UnicodeEncodeError:
                continue
        signs = frozenset(text).difference(_ASCII)
        if len(signs) > _MOST_SIGNS or max(signs) > _LAST_SIGN:
            return text.translate(self._table)
        return self._learnt(signs).map(text)

    def _learnt(self, signs: frozenset[str]) -> _Codec:
        """A codec of `signs`, and of those of a codec held already where there is room."""
        held = list(self._codecs)
        for codec in self._codecs:
            if len(codec.signs | signs) <= _MOST_SIGNS:
                signs |= codec.signs
                held.remove(codec)
                break
        alphabet = _ASCII + "".join(sorted(signs))
        decoded = "".join(self._table[ord(sign)] for sign in alphabet)
        codec = _Codec(signs, codecs.charmap_build(alphabet), decoded)
        self._codecs = (codec, *held[: _MOST_CODECS - 1])
        return codec


def fold(text: str) -> str:
    """`text` normalised for matching; `len(fold(text)) == len(text)` always.

    >>> fold("Überfall “X”")
    'uberfall "x"'
    """
    return _folding()(text)


def squeeze(folded: str) -> tuple[str, list[int] | None]:
    """`folded` without IGNORED signs, and each kept character's offset; None when nothing was cut.

    The list has one entry more than the squeezed text: its last is `len(folded)`.
    """
    if IGNORED not in folded:
        return folded, None
    parts = folded.split(IGNORED)
    ends = accumulate(len(part) + 1 for part in parts)
    offsets = chain.from_iterable(
        range(end - len(part) - 1, end - 1) for part, end in zip(parts, ends, strict=True)
    )
    return "".join(parts), [*offsets, len(folded)]


@cache
def _folding() -> CharMap:
    return CharMap(_folds())


@cache
def _folds() -> _Folds:
    table = _Folds()
    for char, folded in _SPECIAL.items():
        table[ord(char)] = folded
    for traditional, simplified in rows("han_simplified.tsv"):
        table[ord(traditional)] = simplified
    return table


def _fold_one(char: str) -> str:
    category = unicodedata.category(char)
    if category in _UNSEEN:
        kept = unicodedata.name(char, "").startswith(_MARKS_KEPT)
        return char if kept else IGNORED
    if category in ("Zs", "Zl", "Zp", "Cc", "Cs", "Cn") or char == IGNORED:
        return _BLANK
    if category == "Nd":
        return str(unicodedata.digit(char))
    wide = unicodedata.normalize("NFKC", char) if "\uff00" <= char <= "\uffef" else char
    char = wide if len(wide) == 1 else char
    lowered = char.lower()
    char = lowered if len(lowered) == 1 else char
    if unicodedata.name(char, "").startswith(_ACCENTED_SCRIPTS):
        return unicodedata.normalize("NFD", char)[0]
    return char
