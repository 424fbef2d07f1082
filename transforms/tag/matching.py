"""From raw hits to cues, word classes and gazetteer hits, each layer by its longest match.

Cues and blockers share a layer, so that "price war" takes "war" away from both; a blocker's span
silences word classes too. Entries count for the language of the article; without one, for the
language that most hits belong to.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from transforms.tag.automaton import Hit, longest
from transforms.tag.document import Cue, Document, Span
from transforms.tag.lexicon import ANY_LANGUAGE, Lexicon, Meaning

PAST_DAMP = 0.4
OLD_YEARS = 12  # a sentence dated further back than this tells of the past
_YEARS = (
    re.compile(r"1\d{3}"),
    re.compile(r"2\d{3}"),
)  # led by a digit: found faster


def language_of(hits: Iterable[Hit], meanings: Mapping[int, Meaning]) -> str:
    """The language of most of the hits, English on a tie: for articles of which it isn't told."""
    counts = Counter(meanings[n].language for _, _, n in hits if meanings[n].kind != "block")
    counts.pop(ANY_LANGUAGE, None)
    if not counts:
        return "en"
    best = max(counts.values())
    return "en" if counts.get("en") == best else min(k for k, v in counts.items() if v == best)


def place_hits(
    doc: Document,
    events: list[Hit],
    words: Mapping[str, list[Hit]],
    lexicon: Lexicon,
    year: int | None,
) -> None:
    """Put the lexicon's hits, sorted and of the article's language, into `doc` as cues, blocked
    cues, classes and context words. `events`: cues and blockers; `words`: the rest by class."""
    meanings = lexicon.meanings
    doc.years.update(years_of(doc))
    chosen = longest(events)
    blockers = [(start, end) for start, end, n in chosen if meanings[n][0] == "block"]
    _cues(doc, chosen, meanings, blockers, year)
    if blockers:
        _blocked(doc, events, blockers, meanings)
    _classes(doc, words, blockers)


def years_of(doc: Document) -> dict[int, int]:
    """The latest year named in each sentence that names one, from 1500 to 2049."""
    found: dict[int, int] = {}
    folded = doc.folded
    for match in chain(*(pattern.finditer(folded) for pattern in _YEARS)):
        start, end = match.span()
        year = int(match.group())
        if not 1500 <= year < 2050 or _in_word(folded, start - 1) or _in_word(folded, end):
            continue
        number = doc.sentences.of(start)
        found[number] = max(year, found.get(number, 0))
    return found


def _in_word(text: str, at: int) -> bool:
    return 0 <= at < len(text) and (text[at].isalnum() or text[at] == "_")


def damp_of(doc: Document, sentence: int, year: int | None) -> float:
    """PAST_DAMP for a sentence that is dated long before `year` (before 1975 without one)."""
    latest = doc.years.get(sentence)
    if latest is None:
        return 1.0
    now = year if year is not None else 1975 + OLD_YEARS
    return PAST_DAMP if latest <= now - OLD_YEARS else 1.0


def _cues(
    doc: Document,
    chosen: Sequence[Hit],
    meanings: Mapping[int, Meaning],
    blockers: Sequence[tuple[int, int]],
    year: int | None,
) -> None:
    blocked = set(blockers)
    starts, cues = doc.sentences.starts, doc.cues
    for start, end, pattern in chosen:
        if blocked and (start, end) in blocked:
            continue
        _, code, weight, _, _, rule = meanings[pattern]
        number = bisect_right(starts, start) - 1
        damp = damp_of(doc, number, year) if doc.years else 1.0
        cues.append(Cue(start, end, code, weight, rule, number, damp))


def _blocked(
    doc: Document,
    events: Sequence[Hit],
    blockers: Sequence[tuple[int, int]],
    meanings: Mapping[int, Meaning],
) -> None:
    for start, end, pattern in events:
        meaning = meanings[pattern]
        if meaning.kind != "block" and _inside(start, end, blockers):
            number = doc.sentences.of(start)
            doc.blocked.append(Cue(start, end, meaning.code, meaning.weight, meaning.rule, number))


def _classes(
    doc: Document, words: Mapping[str, list[Hit]], blockers: Sequence[tuple[int, int]]
) -> None:
    """Each class for itself: a longer word of another class takes none of its words away."""
    covered = {at for start, end in blockers for at in range(start, end)}
    starts, classes, folded = doc.sentences.starts, doc.classes, doc.folded
    new = tuple.__new__  # a third of the time of Span(…)
    for code, hits in words.items():
        chosen = longest(hits) if len(hits) > 1 else hits
        if code.startswith("ctx_"):
            topic = doc.contexts.setdefault(code, {})
            for start, end, _ in chosen:
                topic.setdefault(folded[start:end], start)
            continue
        for start, end, _ in chosen:
            if start in covered and _inside(start, end, blockers):
                continue
            number = bisect_right(starts, start) - 1
            found = classes.get(number)
            if found is None:
                classes[number] = {code: [new(Span, (start, end))]}
            elif code in found:
                found[code].append(new(Span, (start, end)))
            else:
                found[code] = [new(Span, (start, end))]


def _inside(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether one of `spans` (sorted; equal or apart) covers `start:end`."""
    at = bisect_right(spans, (start, 1 << 60))
    return at > 0 and spans[at - 1][1] >= end
