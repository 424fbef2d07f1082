"""From raw hits to cues, word classes and gazetteer hits, each layer by its longest match.

Cues and blockers share a layer, so that "price war" takes "war" away from both; a blocker's span
silences word classes too. Entries count for the language of the article; without one, for the
language that most hits belong to.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from transforms.tag.automaton import Hit, longest
from transforms.tag.document import Cue, Document, Span
from transforms.tag.lexicon import Lexicon, Meaning

ANY_LANGUAGE = "xx"
PAST_DAMP = 0.4
OLD_YEARS = 12  # a sentence dated further back than this tells of the past
_YEAR = re.compile(r"\b(1[5-9]\d\d|20[0-4]\d)\b")


def language_of(hits: Iterable[Hit], meanings: Sequence[Meaning], told: str) -> str:
    """`told` when there is one, else the language of most of the hits, English on a tie."""
    if told and told != "und":
        return told
    counts = Counter(
        meanings[hit.pattern].language for hit in hits if meanings[hit.pattern].kind != "block"
    )
    counts.pop(ANY_LANGUAGE, None)
    if not counts:
        return "en"
    best = max(counts.values())
    return "en" if counts.get("en") == best else min(k for k, v in counts.items() if v == best)


def place_hits(doc: Document, hits: Sequence[Hit], lexicon: Lexicon, year: int | None) -> None:
    """Put the lexicon's hits into `doc` as cues, blocked cues, classes and context words."""
    spoken = {lexicon.stand_in.get(doc.language, doc.language), ANY_LANGUAGE}
    events: list[Hit] = []
    words: list[Hit] = []
    meanings = lexicon.meanings
    for hit in hits:
        meaning = meanings[hit.pattern]
        if meaning.language in spoken:
            (words if meaning.kind == "class" else events).append(hit)
    chosen = longest(events)
    _cues(doc, chosen, meanings, year)
    blockers = [(hit.start, hit.end) for hit in chosen if meanings[hit.pattern].kind == "block"]
    _blocked(doc, events, blockers, meanings)
    _classes(doc, longest(words), blockers, meanings)


def _cues(
    doc: Document, chosen: Sequence[Hit], meanings: Sequence[Meaning], year: int | None
) -> None:
    spans = {(h.start, h.end) for h in chosen if meanings[h.pattern].kind == "block"}
    past: dict[int, float] = {}
    for hit in chosen:
        meaning = meanings[hit.pattern]
        if meaning.kind == "block" or (hit.start, hit.end) in spans:
            continue
        number = doc.sentences.of(hit.start)
        if number not in past:
            past[number] = damp_of(doc, number, year)
        doc.cues.append(
            Cue(
                hit.start, hit.end, meaning.code, meaning.weight, meaning.rule, number, past[number]
            )
        )


def damp_of(doc: Document, sentence: int, year: int | None) -> float:
    """PAST_DAMP for a sentence that is dated long before `year` (before 1990 without one)."""
    start, end = doc.sentences.span(sentence)
    years = [int(y) for y in _YEAR.findall(doc.folded, start, end)]
    if not years:
        return 1.0
    now = year if year is not None else 1975 + OLD_YEARS
    return PAST_DAMP if max(years) <= now - OLD_YEARS else 1.0


def _blocked(
    doc: Document,
    events: Sequence[Hit],
    blockers: Sequence[tuple[int, int]],
    meanings: Sequence[Meaning],
) -> None:
    for hit in events:
        meaning = meanings[hit.pattern]
        if meaning.kind != "block" and _inside(hit, blockers):
            number = doc.sentences.of(hit.start)
            doc.blocked.append(
                Cue(hit.start, hit.end, meaning.code, meaning.weight, meaning.rule, number)
            )


def _classes(
    doc: Document,
    words: Sequence[Hit],
    blockers: Sequence[tuple[int, int]],
    meanings: Sequence[Meaning],
) -> None:
    for hit in words:
        meaning = meanings[hit.pattern]
        if meaning.code.startswith("ctx_"):
            doc.contexts.setdefault(meaning.code, {}).setdefault(
                doc.folded[hit.start : hit.end], hit.start
            )
            continue
        if _inside(hit, blockers):
            continue
        number = doc.sentences.of(hit.start)
        doc.classes.setdefault(number, {}).setdefault(meaning.code, []).append(
            Span(hit.start, hit.end)
        )


def _inside(hit: Hit, blockers: Sequence[tuple[int, int]]) -> bool:
    return any(start <= hit.start and hit.end <= end for start, end in blockers)
