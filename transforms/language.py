"""The language of a text: ISO 639-1, or `und` when it is too short or the detectors are unsure.

A script that one language writes decides alone (`transforms.script`). The rest is py3langid on the
first 1,000 characters; close relatives are told apart by words (`transforms.kindred`), and in doubt
a declared language breaks the tie or langdetect votes. Both detectors are loaded when this module
is imported, langdetect seeded: its first use by several threads fails or answers at random
otherwise (Mimino666/langdetect issue 65). A text in several languages is named by the largest
share, and `und` where no language has half.
"""

import re
from collections import Counter
from typing import NamedTuple

from langdetect import DetectorFactory
from langdetect import detector_factory as _profiles
from langdetect.lang_detect_exception import LangDetectException
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from transforms.kindred import Ranked, ordered, settle
from transforms.script import MIN_LETTERS, by_script

DetectorFactory.seed = 0
_profiles.init_factory()
_identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

UNKNOWN = "und"
READ_CHARS = 1000
MIN_WORDS = 20
MIN_SCORE = 0.80
VOTE = 4.0  # how much likelier langdetect's answer makes a language
DECLARED = 10.0  # how much likelier a declaration makes a language that was in doubt anyway
PROBE_CHARS = 120
WINDOW_CHARS = 200
MIN_SHARE = 0.5
ALSO_SHARE = 0.2

_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_NOISE = re.compile(r"https?://\S+|(?<!\S)[^\s@]+@\S+|[@#]\w+|\d+")
_DECLARED_CODES = {"iw": "he", "in": "id", "ji": "yi", "no": "nb", "sh": "sr", "mo": "ro"}
# What the detectors say → ISO 639-1; varieties count for their language.
_CODES = {
    "zh-cn": "zh",
    "zh-tw": "zh",
    "wuu": "zh",
    "yue": "zh",
    "no": "nb",
    "arz": "ar",
    "ary": "ar",
    "uzs": "uz",
    "sdh": "ku",
    "grc": "el",
    "hbo": "he",
    "ltg": "lv",
    "kik": "ki",
    "fuv": "ff",
    "gug": "gn",
}
_TRAINED = {_CODES.get(code, code) for code in _profiles._factory.langlist}
# Neighbours of large languages that no newsroom writes: in doubt they only take from the large one.
_UNWRITTEN = {"an", "ext", "gom", "lij", "vec"}


class Language(NamedTuple):
    """`code` is ISO 639-1 or `und`; `score` its probability, None where nothing was read.

    `also`: further languages that make up a fifth or more of a mixed text, largest first.
    """

    code: str
    score: float | None
    also: tuple[str, ...] = ()


def declared_code(*said: str) -> str | None:
    """The first usable of what feed and page declare, as ISO 639-1: `en-GB` → `en`."""
    for value in said:
        primary = re.split(r"[-_,;\s]", value.strip().lower(), maxsplit=1)[0]
        code = _DECLARED_CODES.get(primary, primary)
        if re.fullmatch(r"[a-z]{2}", code):
            return code
    return None


def _enough(text: str) -> bool:
    if sum(map(str.isalpha, text)) < MIN_LETTERS:
        return False
    return len(text.split()) >= MIN_WORDS or len(_UNSPACED.findall(text)) >= MIN_WORDS


def _rank(text: str) -> Ranked:
    chances: dict[str, float] = {}
    for said, chance in _identifier.rank(text):
        if said not in _UNWRITTEN:
            code = _CODES.get(said, said)
            chances[code] = chances.get(code, 0.0) + chance
    return ordered(chances)


def _second_opinion(text: str) -> str | None:
    detector = _profiles._factory.create()
    try:
        detector.append(text)
        ranked = detector.get_probabilities()
    except LangDetectException:
        return None
    return _CODES.get(ranked[0].lang, ranked[0].lang) if ranked else None


def _weigh(ranked: Ranked, code: str | None, factor: float) -> Ranked:
    chances = dict(ranked)
    if code is None or code not in chances:
        return ranked
    chances[code] *= factor
    return ordered(chances)


def _named(text: str, declared: str | None) -> Language:
    """The likeliest language of a text in one language."""
    guessed = _rank(text)
    ranked = settle(guessed, text)
    if ranked[0][1] < MIN_SCORE:
        ranked = _weigh(ranked, declared, DECLARED)
    # langdetect takes a language that it doesn't know for a large relative: where words spoke for
    # such a one, it has no vote.
    told = ranked[0][0] not in _TRAINED and ranked[0][1] > dict(guessed).get(ranked[0][0], 0.0)
    if ranked[0][1] < MIN_SCORE and not told:
        ranked = _weigh(ranked, _second_opinion(text), VOTE)
    code, chance = ranked[0]
    sure = chance >= MIN_SCORE and len(code) == 2
    return Language(code if sure else UNKNOWN, round(min(1.0, chance), 4))


def _pieces(text: str, size: int) -> list[str]:
    """`text` in pieces of about `size` characters, parted at white space."""
    return re.findall(rf"(?s)\S.{{0,{size - 1}}}(?:\S*)", text)


def _strays(text: str, code: str) -> bool:
    """Whether beginning, middle or end of the text speak another language."""
    middle = len(text) // 2
    probes = (text[:PROBE_CHARS], text[middle : middle + PROBE_CHARS], text[-PROBE_CHARS:])
    for probe in probes:
        likeliest, _ = _identifier.classify(probe)
        if _CODES.get(likeliest, likeliest) != code:
            said, chance = _rank(probe)[0]
            if said != code and chance >= MIN_SCORE:
                return True
    return False


def _mixed(text: str, whole: Language) -> Language:
    """The shares of the languages that the pieces of `text` are in."""
    letters: Counter[str] = Counter()
    for piece in _pieces(text, WINDOW_CHARS):
        alone = by_script(piece)
        said, chance = (alone.code, 1.0) if alone else settle(_rank(piece), piece)[0]
        letters[said if chance >= MIN_SCORE else UNKNOWN] += len(piece)
    total = sum(letters.values())
    del letters[UNKNOWN]
    shares = sorted(((n / total, code) for code, n in letters.items()), key=lambda s: (-s[0], s[1]))
    also = tuple(code for share, code in shares if share >= ALSO_SHARE and len(code) == 2)
    if len(also) < 2:
        return whole
    share, code = shares[0]
    if share <= MIN_SHARE:
        return Language(UNKNOWN, round(share, 4), also)
    return Language(code, round(share, 4), also[1:])


def detect(text: str, declared: str | None = None) -> Language:
    """The language of `text`; `declared` only settles what the detectors leave open."""
    sample = _NOISE.sub(" ", text[:READ_CHARS])
    if not _enough(sample):
        return Language(UNKNOWN, None)
    if alone := by_script(sample):
        return Language(*alone)
    whole = _named(sample, declared)
    if len(sample) > 2 * PROBE_CHARS and _strays(sample, whole.code):
        return _mixed(sample, whole)
    return whole
