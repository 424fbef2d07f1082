"""Length-preserving normalisation: one code point in, one code point out.

Offsets found in the folded text are offsets of the stored text. Lower case, accents off Latin and
Greek letters, one form for quotes, dashes, blanks, digits, Arabic alef and ya, traditional Han
characters. Signs that carry no meaning of their own (combining marks, vowel points, soft hyphens,
zero-width joiners) cannot be dropped without moving offsets: they become IGNORED, and `squeeze`
gives the text without them together with the way back. Nothing here splits or judges words.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

import numpy as np

IGNORED = "\ue000"  # private use: stands for what a reader does not see
BETWEEN = "\ua000"  # a letter that no pattern has and that folding keeps: parts many patterns
_SHORT = 120  # up to here a dict is faster than an array
_BLANK = " "

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


class CharMap:
    """A length-preserving map of characters by one array look-up a text.

    `table` may fill itself on first sight of a code point; it must not give NUL, and of ASCII
    only ASCII.
    """

    def __init__(self, table: Mapping[int, str]) -> None:
        self._table = table
        self._ascii = bytes(ord(table[code]) for code in range(128)) + bytes(128)
        self._codes = np.zeros(0x110000, dtype=np.uint32)  # 0: not seen yet; untouched pages cost 0

    def __call__(self, text: str) -> str:
        """`text` with each character replaced; lone surrogates are characters too."""
        if len(text) < _SHORT:
            return text.translate(self._table)
        if text.isascii():
            return text.encode("ascii").translate(self._ascii).decode("ascii")
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        mapped = self._codes[codes]
        if np.count_nonzero(mapped) < len(text):
            for code in set(codes[mapped == 0].tolist()):
                self._codes[code] = ord(self._table[code])
            mapped = self._codes[codes]
        return mapped.tobytes().decode("utf-32-le", "surrogatepass")


def fold(text: str) -> str:
    """`text` normalised for matching; `len(fold(text)) == len(text)` always.

    >>> fold("Überfall “X”")
    'uberfall "x"'
    """
    return _folding()(text)


def fold_all(texts: Sequence[str]) -> list[str]:
    """`fold` of each of `texts`, none with BETWEEN in it: one text costs less than thousands."""
    return fold(BETWEEN.join(texts)).split(BETWEEN)


def squeeze(folded: str) -> tuple[str, list[int] | None]:
    """`folded` without IGNORED signs, and each kept character's offset; None when nothing was cut.

    The list has one entry more than the squeezed text: its last is `len(folded)`.
    """
    if IGNORED not in folded:
        return folded, None
    codes = np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    offsets = np.flatnonzero(codes != ord(IGNORED)).tolist()
    return folded.replace(IGNORED, ""), [*offsets, len(folded)]


@cache
def _folding() -> CharMap:
    return CharMap(_folds())


@cache
def _folds() -> _Folds:
    table = _Folds()
    for char, folded in _SPECIAL.items():
        table[ord(char)] = folded
    for traditional, simplified in _han_pairs():
        table[ord(traditional)] = simplified
    return table


def _han_pairs() -> list[tuple[str, str]]:
    data = resources.files("transforms.tag") / "data" / "han_simplified.tsv"
    lines = data.read_text(encoding="utf-8").splitlines()
    return [(line[0], line[2]) for line in lines if line and not line.startswith("#")]


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
