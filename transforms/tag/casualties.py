"""Dead and injured as the text gives them: ranges with the words, in many languages.

A number (digits or words, "dozens", "at least 12") near a word for dying or being hurt, in one
sentence, in the order the language uses; words are data (data/casualties.yaml). Ages, dates, money
and sizes of forces are not numbers of victims; sentences of the past are left out; sums "since
2014" are marked cumulative. No grammar: what stands too far apart is not found.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from transforms.records import Casualty
from transforms.tag.document import Document
from transforms.tag.tollwords import Words, starts_of, words_of

MOST_SENTENCES = 30  # a toll is told early; what follows repeats it
MOST = 5_000_000  # more than this is a population, not a toll
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
_YEAR = re.compile(r"(?:19|20)\d\d")
_GOES_ON = re.compile(r"[-,.:/]\d|\d")  # after a number that is part of a longer one
_CAME_BEFORE = re.compile(r"\d[-.,:/]$|#$")  # before such a one
_BLANKS, _NO_DIGIT = re.compile(r"\s+"), re.compile(r"\D")
_JOINED = re.compile(r"(?:,? and|,|;? y|\bet|\bund|\be)\s*$")
_ARTICLES = frozenset({"a", "an", "un", "una", "une", "ein", "eine", "einen", "um", "uma", "een"})


def casualties_of(doc: Document, damps: Mapping[int, float]) -> list[Casualty]:
    """All statements in `doc`, in the order of the text; past sentences are left out."""
    words = words_of(doc.language) or words_of("en")
    if words is None:
        return []
    with_kill = [number for number in sorted(doc.classes) if doc.has(number, "kill")]
    sentences = [
        (start, doc.folded[start:end])
        for number in with_kill[:MOST_SENTENCES]
        if damps.get(number, 1.0) >= 1 and not doc.has(number, "history")
        for start, end in (doc.sentences.span(number),)
    ]
    whole = "\n".join([sentence for _, sentence in sentences])
    told = [expression for expression in words.patterns if expression.may_hold(whole)]
    none = [expression for expression in words.none if expression.may_hold(whole)]
    words = words._replace(patterns=told, none=none)
    return [found for start, text in sentences for found in _in_sentence(doc, words, start, text)]


def _in_sentence(doc: Document, words: Words, start: int, sentence: str) -> Iterator[Casualty]:
    cumulative: bool | None = None
    taken: list[tuple[int, int]] = []
    seen: set[str] = set()
    starts: list[int] | None = None
    for expression in words.patterns:
        kind = expression.kind
        if not expression.may_hold(sentence):
            continue
        if starts is None:
            starts = starts_of(sentence, words)
        if not starts:
            break
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
        sentence.endswith("no ", 0, start)
        or _MONEY.search(sentence[max(0, start - 2) : start])
        or _UNIT.match(sentence, end)
    ):
        return False
    if _YEAR.fullmatch(digits) and not match.group("about"):
        return False
    return not _GOES_ON.match(sentence, end) and not _CAME_BEFORE.search(
        sentence[max(0, start - 2) : start]
    )


def _range(words: Words, match: re.Match[str]) -> tuple[int, int]:
    text = _BLANKS.sub(" ", match.group("n"))
    told = words.numbers.value(text)
    if told is not None:
        return told
    value = int(_NO_DIGIT.sub("", text) or 0)
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
    told = words.numbers.values.get(text)
    if told is not None:
        return low + told[0], high + told[1]
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
