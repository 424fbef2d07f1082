"""The language of a text whose script decides: Greek, Thai, Georgian, Hangul, Han or kana and more.

Where one script serves two languages of news, letters that only the second writes tell them apart
(Tigrinya's glottal a, the Yiddish digraphs). Cyrillic, Latin, Arabic, Bengali and Devanagari serve
many and are left to the detector.
"""

import re
from collections import Counter
from functools import cache
from typing import NamedTuple

MIN_LETTERS = 20
MIN_SHARE = 0.5
MIN_KANA = 0.1

_RANGES = {
    "el": "\u0370-\u03e1\u1f00-\u1fff",
    "hy": "\u0531-\u058a",
    "he": "\u0590-\u05ff\ufb1d-\ufb4f",
    "dv": "\u0780-\u07bf",
    "pa": "\u0a00-\u0a7f",
    "gu": "\u0a80-\u0aff",
    "or": "\u0b00-\u0b7f",
    "ta": "\u0b80-\u0bff",
    "te": "\u0c00-\u0c7f",
    "kn": "\u0c80-\u0cff",
    "ml": "\u0d00-\u0d7f",
    "si": "\u0d80-\u0dff",
    "th": "\u0e00-\u0e7f",
    "lo": "\u0e80-\u0eff",
    "bo": "\u0f00-\u0fff",
    "my": "\u1000-\u109f",
    "ka": "\u10a0-\u10ff\u1c90-\u1cbf",
    "am": "\u1200-\u139f",
    "km": "\u1780-\u17ff",
    "ja": "\u3040-\u30ff\u31f0-\u31ff",
    "zh": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f",
    "ko": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af",
}
# (usual language, the other, letters of the other, letters of the usual one against them)
_TELLTALE = (
    ("am", "ti", "\u12a3", "\u12a0"),
    ("he", "yi", "\u05f0-\u05f2\ufb1f\ufb2e\ufb2f\u05b7\u05b8", ""),
)
_YIDDISH_SHARE = 0.03
_DECISIVE = re.compile(f"[{''.join(_RANGES.values())}]")


class Script(NamedTuple):
    """`code` is ISO 639-1; `share` how much of the letters the script makes up, 0 to 1."""

    code: str
    share: float


@cache
def _code_of(letter: str) -> str:
    return next(c for c, span in _RANGES.items() if re.match(f"[{span}]", letter))


def by_script(text: str) -> Script | None:
    """The language of a text in a script that decides; None where letters don't."""
    if text.isascii():
        return None
    decisive = _DECISIVE.findall(text)
    if len(decisive) < MIN_LETTERS:
        return None
    letters = max(sum(map(str.isalpha, text)), len(decisive))
    counts = Counter(map(_code_of, decisive))
    east = counts["ja"] + counts["zh"]
    if counts["ja"] > MIN_KANA * east and east >= MIN_SHARE * letters:
        return Script("ja", round(east / letters, 4))
    code, most = counts.most_common(1)[0]
    if most < MIN_SHARE * letters:
        return None
    return Script(_other(code, text, most) or code, round(most / letters, 4))


def _other(code: str, text: str, most: int) -> str:
    for usual, other, theirs, against in _TELLTALE:
        if code == usual:
            enough = _count(against, text) if against else _YIDDISH_SHARE * most
            return other if _count(theirs, text) > enough else ""
    return ""


def _count(letters: str, text: str) -> int:
    return len(re.findall(f"[{letters}]", text))
