"""Length-preserving normalisation: one code point in, one code point out.

Offsets found in the folded text are offsets of the stored text. Lower case, accents off Latin and
Greek letters, one form for quotes, dashes, blanks, digits, Arabic alef and ya, traditional Han
characters. Signs that carry no meaning of their own (combining marks, vowel points, soft hyphens,
zero-width joiners) cannot be dropped without moving offsets: they become IGNORED, and `squeeze`
gives the text without them together with the way back. Nothing here splits or judges words.
"""

import unicodedata
from functools import cache
from importlib import resources

IGNORED = "\ue000"  # private use: stands for what a reader does not see
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


def fold(text: str) -> str:
    """`text` normalised for matching; `len(fold(text)) == len(text)` always.

    >>> fold("Überfall “X”")
    'uberfall "x"'
    """
    return text.translate(_folds())


def squeeze(folded: str) -> tuple[str, list[int] | None]:
    """`folded` without IGNORED signs, and each kept character's offset; None when nothing was cut.

    The list has one entry more than the squeezed text: its last is `len(folded)`.
    """
    if IGNORED not in folded:
        return folded, None
    offsets = [i for i, ch in enumerate(folded) if ch != IGNORED]
    return folded.replace(IGNORED, ""), [*offsets, len(folded)]


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
