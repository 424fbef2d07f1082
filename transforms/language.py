"""The language of a text: ISO 639-1, or `und` when it is too short or the detector is unsure.

Scripts used by one language decide alone. The rest is langdetect, seeded and loaded when this
module is imported: its first use by several threads fails or answers at random otherwise
(Mimino666/langdetect issue 65). Only the first 1,000 characters are read.
"""

import re
import unicodedata
from collections import Counter
from typing import NamedTuple

from langdetect import DetectorFactory
from langdetect import detector_factory as _profiles
from langdetect.lang_detect_exception import LangDetectException

DetectorFactory.seed = 0
_profiles.init_factory()

UNKNOWN = "und"
READ_CHARS = 1000
MIN_WORDS = 20
MIN_LETTERS = 20
MIN_SCORE = 0.80
SCRIPT_SHARE = 0.5

# Scripts that one language of news writes; kana and hangul are told from Han by their presence.
_SCRIPTS = {
    "GREEK": "el",
    "THAI": "th",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
    "HEBREW": "he",
    "HANGUL": "ko",
    "KHMER": "km",
    "LAO": "lo",
    "MYANMAR": "my",
    "SINHALA": "si",
    "TAMIL": "ta",
    "TELUGU": "te",
    "KANNADA": "kn",
    "MALAYALAM": "ml",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "ORIYA": "or",
    "ETHIOPIC": "am",
    "TIBETAN": "bo",
    "THAANA": "dv",
}
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_NOISE = re.compile(r"https?://\S+|\S+@\S+|[@#]\w+|\d+")
_CODES = {"zh-cn": "zh", "zh-tw": "zh", "iw": "he", "in": "id", "ji": "yi", "nb": "no", "nn": "no"}


class Language(NamedTuple):
    """`code` is ISO 639-1 or `und`; `score` the detector's probability, None where none was run."""

    code: str
    score: float | None


def declared_code(*said: str) -> str | None:
    """The first usable of what feed and page declare, as ISO 639-1: `en-GB` → `en`."""
    for value in said:
        primary = re.split(r"[-_,;\s]", value.strip().lower(), maxsplit=1)[0]
        code = _CODES.get(primary, primary)
        if re.fullmatch(r"[a-z]{2}", code):
            return code
    return None


def _script_counts(letters: str) -> Counter[str]:
    return Counter(unicodedata.name(c, "?").split(" ", 1)[0] for c in letters)


def by_script(text: str) -> Language | None:
    """The language of a text in a script that only one writes; None where letters don't decide."""
    letters = "".join(c for c in text if c.isalpha())
    if len(letters) < MIN_LETTERS or letters.isascii():
        return None
    counts = _script_counts(letters)
    total = len(letters)
    if counts["HIRAGANA"] + counts["KATAKANA"] > 0.1 * total:
        return Language("ja", 1.0)
    script, most = counts.most_common(1)[0]
    code = _SCRIPTS.get(script)
    return Language(code, round(most / total, 4)) if code and most >= SCRIPT_SHARE * total else None


def _enough(text: str) -> bool:
    if sum(c.isalpha() for c in text) < MIN_LETTERS:
        return False
    return len(text.split()) >= MIN_WORDS or len(_UNSPACED.findall(text)) >= MIN_WORDS


def detect(text: str, declared: str | None = None) -> Language:
    """The language of `text`; `declared` only settles what the detector leaves open."""
    sample = _NOISE.sub(" ", text[:READ_CHARS])
    if not _enough(sample):
        return Language(UNKNOWN, None)
    if alone := by_script(sample):
        return alone
    detector = _profiles._factory.create()
    try:
        detector.append(sample)
        ranked = detector.get_probabilities()
    except LangDetectException:
        return Language(UNKNOWN, None)
    for rank, guess in enumerate(ranked[:2]):
        code = _CODES.get(guess.lang, guess.lang)
        if (rank == 0 and guess.prob >= MIN_SCORE) or (code == declared and guess.prob >= 0.2):
            return Language(code, round(min(1.0, guess.prob), 4))
    return Language(UNKNOWN, round(ranked[0].prob, 4) if ranked else None)
