"""Dead and injured as the text gives them: ranges with the words, in many languages.

A number (digits or words, "dozens", "at least 12") near a word for dying or being hurt, in one
sentence, in the order the language uses; words are data (data/casualties.yaml). Ages, dates, money
and sizes of forces are not numbers of victims; sentences of the past are left out; sums "since
2014" are marked cumulative. No grammar: what stands too far apart is not found.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from transforms.records import Casualty
from transforms.tag.document import Document
from transforms.tag.normalise import fold
from transforms.tag.yamlfile import YamlFile, load_yaml

CASUALTIES = Path(__file__).parent / "data" / "casualties.yaml"
MOST_SENTENCES = 30  # a toll is told early; what follows repeats it
MOST = 5_000_000  # more than this is a population, not a toll
_DIGITS = r"\d{1,3}(?:[.,' \u00a0]\d{3})+|\d+"
_JOINING = r"(?:and|when|und|et|y|e|и|та|ve|و)\s"
_UNIT = re.compile(
    r"\s*(?:%|percent|per cent|km|kg|meters|metres|miles|euros?|dollars?|years?|anni|ans|jahre|anos"
    r"|лет|років|year old|-year|hours|stunden|heures|horas|degrees|a\.?m|p\.?m\b|th\b|st\b|nd\b)"
)
_MONEY = re.compile(r"[$€£¥]\s?$")
_CUMULATIVE = re.compile(
    r"\bsince\s+(?:\w+\s+){0,3}?(?:19|20)\d\d|\bsince the (?:war|conflict|start|beginning|invasion)"
    r"|\bover the (?:past|last) (?:\w+ )?(?:years|decade)|\bseit (?:beginn|20\d\d|19\d\d|kriegs)"
    r"|\bdepuis (?:le debut|20\d\d|19\d\d)|\bdesde (?:el inicio|o inicio|20\d\d|19\d\d)"
    r"|с начала|з початку|منذ (?:بدا|بدايه|عام)|自20\d\d年|以来|\bsejak|\btangu"
)


_CUMULATIVE_NEEDS = (
    "since", "over the", "seit", "depuis", "desde", "с начала", "з початку", "منذ", "自", "以来",
    "sejak", "tangu",
)  # fmt: skip
_WORD = re.compile(r"\w+")
_JOINED = re.compile(r"(?:,? and|,|;? y|\bet|\bund|\be)\s*$")
_ARTICLES = frozenset({"a", "an", "un", "una", "une", "ein", "eine", "einen", "um", "uma", "een"})


class Words(NamedTuple):
    """One language's expressions, compiled; `heads`: words with which a number may begin."""

    numbers: Mapping[str, tuple[int, int]]
    heads: frozenset[str] | None  # None where words are not set off by blanks
    patterns: Sequence["Expression"]
    none: Sequence["Expression"]
    coordinated: re.Pattern[str] | None


class Expression(NamedTuple):
    """A pattern (groups `about`, `n`, `w`) that holds only where one of `needs` stands.

    `leads`: it begins with the number.
    """

    kind: str
    pattern: re.Pattern[str]
    needs: Sequence[str]
    leads: bool = False

    def may_hold(self, sentence: str) -> bool:
        """Whether a search is worth its time."""
        return any(need in sentence for need in self.needs)

    def matches(self, sentence: str, starts: Sequence[int]) -> Iterator[re.Match[str]]:
        """All that don't overlap, from left; `starts`: where numbers may begin."""
        if not starts or not self.may_hold(sentence):
            return
        if not self.leads:
            yield from self.pattern.finditer(sentence)
            return
        end = 0
        for start in starts:
            match = self.pattern.match(sentence, start) if start >= end else None
            if match is not None:
                yield match
                end = match.end()


@lru_cache(maxsize=1)
def _file() -> YamlFile:
    return load_yaml(CASUALTIES)


@lru_cache(maxsize=32)
def words_of(language: str) -> Words | None:
    """The expressions of `language`, or None where the data file has none."""
    file = _file()
    sections = file.mapping(file.root, "casualties")
    if language not in sections:
        return None
    section = file.mapping(sections[language], language)
    lists = {
        key: [fold(text) for text, _ in file.items(value)]
        for key, value in section.items()
        if key != "numbers"
    }
    numbers = {}
    if "numbers" in section:
        for text, line in file.items(section["numbers"]):
            numbers.update(_number_word(file, fold(text), line))
    spaced = language not in ("zh", "ja", "th")
    patterns = _patterns(numbers, lists, spaced)
    heads = _heads(numbers, lists) if spaced else None
    return Words(numbers, heads, patterns, _nones(lists), _coordinated(lists))


def _heads(
    numbers: Mapping[str, tuple[int, int]], lists: Mapping[str, Sequence[str]]
) -> frozenset[str]:
    texts = [*numbers, *lists.get("least", ()), *lists.get("most", ())]
    return frozenset(word for text in texts for word in _WORD.findall(text)[:1])


def _starts(sentence: str, heads: frozenset[str] | None) -> list[int]:
    """Where a number, or words like "at least" before one, may begin in `sentence`."""
    if heads is None:
        return list(range(len(sentence)))
    return [
        match.start()
        for match in _WORD.finditer(sentence)
        if match.group() in heads or match.group()[0].isdigit()
    ]


def _number_word(file: YamlFile, text: str, line: int) -> dict[str, tuple[int, int]]:
    word, _, value = text.rpartition(" ")
    match = re.fullmatch(r"(\d+)(?:-(\d+))?", value)
    if not word or match is None:
        raise file.error(line, f"{text!r} must be a word and a number or a range")
    low = int(match.group(1))
    return {word: (low, int(match.group(2) or low))}


def _either(words: Sequence[str]) -> str:
    parts = sorted((re.escape(w).replace(r"\*", r"\w{0,8}") for w in words), key=lambda p: -len(p))
    return "|".join(part.replace(r"\ ", r"\s+") for part in parts)


def _patterns(
    numbers: Mapping[str, tuple[int, int]], lists: Mapping[str, Sequence[str]], spaced: bool
) -> list[Expression]:
    edge = r"(?<!\w)" if spaced else ""
    close = r"(?!\w)" if spaced else ""
    about = _either([*lists.get("least", ()), *lists.get("most", ())])
    head = rf"(?P<about>(?:{about})\s*)?" if about else "(?P<about>)?"
    words = _either(list(numbers)) or "(?!)"
    number = rf"{edge}{head}(?P<n>{_DIGITS}|(?:{words}){close})"
    count = _either([word for word in numbers if word not in ("a", "an")]) or "(?!)"
    gap = _gap(5, count) if spaced else r"[^\d.,;]{0,9}?"
    short = _gap(3, count) if spaced else r"[^\d.,;]{0,6}?"
    found = []
    for kind in ("dead", "injured"):
        after, before = lists.get(f"{kind}_after", ()), lists.get(f"{kind}_before", ())
        if after:
            text = rf"{number}\s*{gap}{edge}(?P<w>{_either(after)}){close}"
            found.append(Expression(kind, re.compile(text), _needs(after), True))
        if before:
            text = rf"{edge}(?P<w>{_either(before)}){close}\s*{short}{number}"
            found.append(Expression(kind, re.compile(text), _needs(before)))
    if lists.get("toll"):
        text = rf"{edge}(?P<w>{_either(lists['toll'])}){close}\s*{_gap(9, count)}{number}"
        found.append(Expression("dead", re.compile(text), _needs(lists["toll"])))
    return found


def _needs(texts: Sequence[str]) -> list[str]:
    """The longest word of each of `texts`, without its star, and none that holds another one."""
    words = {max(text.replace("*", " ").split(), key=len) for text in texts}
    needs: list[str] = []
    for word in sorted(words, key=lambda word: (len(word), word)):
        if not any(need in word for need in needs):
            needs.append(word)
    return needs


def _gap(words: int, count: str) -> str:
    """A few words without numbers, and not begun by what joins a new clause."""
    return rf"(?!{_JOINING})(?:(?!(?:{count})\s)[^\s\d.,;:!?()]+\s+){{0,{words}}}?"


def _nones(lists: Mapping[str, Sequence[str]]) -> list[Expression]:
    found = []
    for kind in ("dead", "injured"):
        texts = lists.get(f"no_{kind}", ())
        if texts:
            pattern = re.compile(rf"(?<!\w)(?:{_either(texts)})(?!\w)")
            found.append(Expression(kind, pattern, _needs(texts)))
    return found


def _coordinated(lists: Mapping[str, Sequence[str]]) -> re.Pattern[str] | None:
    victims = lists.get("victims", ())
    if not victims:
        return None
    return re.compile(rf"(?<!\w)(?P<n>\w+)\s+(?:\w+\s+)?(?:{_either(victims)})(?!\w)")


def casualties_of(doc: Document, damps: Mapping[int, float]) -> list[Casualty]:
    """All statements in `doc`, in the order of the text; past sentences are left out."""
    words = words_of(doc.language) or words_of("en")
    if words is None:
        return []
    found: list[Casualty] = []
    with_kill = [number for number in sorted(doc.classes) if doc.has(number, "kill")]
    for number in with_kill[:MOST_SENTENCES]:
        past = damps.get(number, 1.0) < 1 or doc.has(number, "history")
        if not past:
            found += _in_sentence(doc, words, number)
    return found


def _in_sentence(doc: Document, words: Words, number: int) -> Iterator[Casualty]:
    start, end = doc.sentences.span(number)
    sentence = doc.folded[start:end]
    cumulative: bool | None = None
    taken: list[tuple[int, int]] = []
    seen: set[str] = set()
    starts = _starts(sentence, words.heads)
    for expression in words.patterns:
        kind = expression.kind
        for match in expression.matches(sentence, starts):
            span = match.span("n")
            if any(a < span[1] and span[0] < b for a, b in taken) or not _is_toll(
                words, sentence, match
            ):
                continue
            low, high = _range(words, match)
            if low == high == 0 or low > MOST:
                continue
            low, high = _with_others(words, sentence, match, low, high)
            taken.append(span)
            seen.add(kind)
            if cumulative is None:
                cumulative = _is_cumulative(sentence)
            where = doc.evidence(start + match.start(), start + match.end(), f"casualties/{kind}")
            yield Casualty(kind, low, high, cumulative, where)
    for expression in words.none:
        kind = expression.kind
        if kind in seen or not expression.may_hold(sentence):
            continue
        match_none = expression.pattern.search(sentence)
        if match_none is not None:
            where = doc.evidence(
                start + match_none.start(), start + match_none.end(), f"casualties/no {kind}"
            )
            yield Casualty(kind, 0, 0, False, where)


def _is_cumulative(sentence: str) -> bool:
    if not any(need in sentence for need in _CUMULATIVE_NEEDS):
        return False
    return _CUMULATIVE.search(sentence) is not None


def _is_toll(words: Words, sentence: str, match: re.Match[str]) -> bool:
    start, end = match.span("n")
    digits = match.group("n")
    if digits in _ARTICLES and not (words.coordinated and words.coordinated.match(sentence, start)):
        return False
    if (
        sentence[:start].endswith("no ")
        or _MONEY.search(sentence[max(0, start - 2) : start])
        or _UNIT.match(sentence, end)
    ):
        return False
    if re.fullmatch(r"(19|20)\d\d", digits) and not match.group("about"):
        return False
    return not re.match(r"[-,.:/]\d|\d", sentence[end : end + 2]) and not re.search(
        r"\d[-.,:/]$|#$", sentence[max(0, start - 2) : start]
    )


def _range(words: Words, match: re.Match[str]) -> tuple[int, int]:
    text = re.sub(r"\s+", " ", match.group("n"))
    if text in words.numbers:
        return words.numbers[text]
    value = int(re.sub(r"\D", "", text) or 0)
    return value, value


def _with_others(
    words: Words, sentence: str, match: re.Match[str], low: int, high: int
) -> tuple[int, int]:
    """Adds what is coordinated with the number: "a man and two women were killed" is three."""
    if words.coordinated is None:
        return low, high
    before = sentence[max(0, match.start("n") - 60) : match.start("n")]
    joined = _JOINED.search(before)
    if joined is None:
        return low, high
    clause = before[: joined.start()]
    clause = clause[max(map(clause.rfind, ".;:()")) + 1 :]
    nouns = list(words.coordinated.finditer(clause))
    last = nouns[-1] if nouns else None
    if last is None or len(clause) - last.end() > 1:
        return low, high
    text = last.group("n")
    if text in _ARTICLES or text == "one":
        return low + 1, high + 1
    if text in words.numbers:
        return low + words.numbers[text][0], high + words.numbers[text][1]
    if text.isdigit() and len(text) < 4:
        return low + int(text), high + int(text)
    return low, high


def summary(doc: Document, found: Sequence[Casualty], kind: str) -> tuple[int | None, int | None]:
    """The article's own toll: the title's number, else the first statement's, up to the largest
    that the opening gives; None where nothing is said."""
    usable = [c for c in found if c.kind == kind and not c.cumulative]
    if not usable:
        return None, None
    counted = [c for c in usable if c.max > 0] or usable
    title = [c for c in counted if c.evidence.field == "title"]
    if title:
        return min(c.min for c in title), max(c.max for c in title)
    first = counted[0]
    near = [c for c in counted if c.evidence.start <= first.evidence.start + 600]
    return first.min, max(c.max for c in near)
