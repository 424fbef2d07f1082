"""Which words of a text are place names: evidence for and against each, by rules.

A stretch of a capitalised run that the gazetteer knows is a place when enough speaks for it: its
form and size (`shapes`), the words around it (`surroundings`); persons, companies, plain words and
unexplained neighbours speak against it. Which place of that name is meant is `resolve`'s.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from transforms.tag.gazetteer import MAX_REMEMBERED, Candidate, Gazetteer, folded_key, is_key
from transforms.tag.persons import Persons
from transforms.tag.runs import PLAIN_WORDS, Run, Token
from transforms.tag.shapes import (
    FEATURE_WORDS,
    HEADFEATURE_WORDS,
    LOCATED,
    STARTER_WORDS,
    formed,
    named_so,
    plainness,
    size,
)
from transforms.tag.surroundings import Known, Spot, Surroundings, left, right

MAX_WORDS = 5
_CYRILLIC, _ENDING = ("\u0400", "\u04ff"), 2  # letters that a case ending may add
_ACCEPT = 1.0
_SURE = 1.8
_HOPE = -2.4
_STANDS_FOR_TOWN = frozenset({"airport", "harbor", "harbour", "beach", "township", "heights"})
_CHANGED = frozenset({"the", "mt"})  # words that keys of longer names spell otherwise
_NONE: frozenset[str] = frozenset()
_Word = tuple[Sequence[Candidate], bool, str]
Spans = Sequence[tuple[int, int]]  # sorted, apart


@dataclass(slots=True)
class _Reading:
    """An article while its names are read; `taken`: spans that other layers own."""

    at: Surroundings
    taken: Spans
    spots: list[Spot] = field(default_factory=list)
    doubtful: list[Spot] = field(default_factory=list)


class Recogniser:
    """Finds place names in one document after another; holds only read-only tables."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._words: dict[str, _Word] = {}

    def find(
        self,
        doc: str,
        folded: str,
        runs: Sequence[Run],
        persons: Persons,
        taken: Spans,
        known: dict[int, Known],
    ) -> list[Spot]:
        """Accepted spots by start. `taken`: spans that other layers own and that stop a name."""
        reading = _Reading(Surroundings(doc, folded, persons, known), taken)
        words = self._words
        for run in runs:
            tokens = run[0]
            if len(tokens) > 1:
                self._read(reading, run)
                continue
            start, _, low, _ = tokens[0]
            word = words.get(low) or self._word(low)
            # A lone word is worth a closer look when known, or where a place would stand.
            if word[0] or folded.endswith(LOCATED, 0, start):
                self._read_from(reading, run, 0, 0, word, False, _NONE)
        spots = reading.spots
        sure = {spot.key for spot in spots if spot.score >= _SURE}
        spots += [spot for spot in reading.doubtful if spot.key in sure]
        return _apart(spots)

    def _read(self, reading: _Reading, run: Run) -> None:
        """Add the names in a run of words: from each the longest stretch that is accepted."""
        tokens, folded = run[0], reading.at.folded
        count = len(tokens)
        tidy = is_key(folded[tokens[0][0] : tokens[-1][1]])
        shaped = [i for i in range(1, count) if tokens[i][2] in FEATURE_WORDS]
        # A line in capitals is one long run; its small words begin and end no name.
        small = _NONE if run.plain else STARTER_WORDS
        first = 0
        while first < count:
            head = tokens[first][2]
            if head not in small:
                word = self._words.get(head) or self._word(head)
                last = min(count, first + MAX_WORDS) - 1
                if last > first and not (
                    word[1]
                    or head in HEADFEATURE_WORDS
                    or self._goes_on(folded, run, first, shaped)
                ):
                    last = first
                if last > first or word[0]:
                    first = self._read_from(reading, run, first, last, word, tidy, small)
            first += 1

    def _read_from(
        self,
        reading: _Reading,
        run: Run,
        first: int,
        last: int,
        word: _Word,
        tidy: bool,
        small: frozenset[str],
    ) -> int:
        """Add the longest accepted stretch from token `first` to at most `last`; where it ends."""
        tokens, folded = run.tokens, reading.at.folded
        start, _, head, _ = tokens[first]
        leads = head in HEADFEATURE_WORDS
        for stop in range(last, first - 1, -1):
            _, end, tail, _ = tokens[stop]
            rows, _, key = word
            kind = ""
            if stop > first:
                if tail in small:
                    continue
                key = folded[start:end] if tidy else folded_key(folded[start:end])
                rows = self._gazetteer.find(key)
                features = tail in FEATURE_WORDS
                if features or leads:
                    kind = formed(run, first, stop) or (tail if rows and features else "")
            if not (rows or kind):
                if stop - first + 1 < len(tokens) or not named_so(folded, run):
                    continue
                kind = "place"
            if reading.taken and _owned(reading.taken, start, end, rows):
                continue
            spot = self._judge(reading.at, run, first, stop, key, rows, kind)
            if spot.score >= _ACCEPT:
                reading.spots.append(spot)
                return stop
            if spot.score >= _HOPE and rows:
                reading.doubtful.append(spot)
        return first

    def _goes_on(self, folded: str, run: Run, first: int, shaped: Sequence[int]) -> bool:
        """Whether a name of several words may begin with token `first`, though none of the
        gazetteer does and its form tells none; `shaped`: tokens that are words like "County"."""
        tokens = run.tokens
        start, end, head, possessive = tokens[first]
        if not head.isalpha() or head in _CHANGED or possessive or folded[end] not in " -":
            return True
        if shaped and any(first < at < first + MAX_WORDS for at in shaped):
            return True
        return not first and len(tokens) <= MAX_WORDS and folded.endswith(LOCATED, 0, start)

    def _word(self, low: str) -> _Word:
        """What the gazetteer says of a word: the places of that name (of its stem when it is
        Cyrillic and declined), whether longer names may begin with it, and its key."""
        rows: Sequence[Candidate] = ()
        key = folded_key(low)
        if low not in PLAIN_WORDS:
            find = self._gazetteer.find
            rows = find(key)
            if not rows and _CYRILLIC[0] <= low[0] <= _CYRILLIC[1] and len(low) > _ENDING + 2:
                stems = (f"~{low[: len(low) - cut]}" for cut in range(_ENDING + 1))
                rows = next(filter(None, map(find, stems)), ())
        if len(self._words) >= MAX_REMEMBERED:
            self._words.clear()
        word = self._words[low] = rows, self._gazetteer.opens(key), key
        return word

    def _town_of(self, at: Surroundings, tokens: Sequence[Token]) -> Sequence[Candidate]:
        """Where X is, for "X Airport"."""
        if len(tokens) == 1:
            return self._word(tokens[0].low)[0]
        return self._gazetteer.find(folded_key(at.folded[tokens[0].start : tokens[-1].end]))

    def _judge(
        self,
        at: Surroundings,
        run: Run,
        first: int,
        last: int,
        key: str,
        rows: Sequence[Candidate],
        kind: str,
    ) -> Spot:
        tokens = run.tokens
        start, end = tokens[first].start, tokens[last].end
        spot = Spot(start, end, key, kind or "town", 0.0, rows)
        if kind and not rows and last > first and tokens[last].low in _STANDS_FOR_TOWN:
            spot.candidates = self._town_of(at, tokens[first:last])
        score = size(rows) + (1.5 if kind else 0.0)
        before = left(at, run, first)
        after = right(at, run, last, spot)
        if kind and last > first and tokens[last].low in FEATURE_WORDS:
            score += max(0.0, before) * 0.5
        else:
            score = score + plainness(run, first, last) + before + after
        spot.score = score + _person(at, start, end, tokens[first : last + 1], kind)
        return spot


def _covering(spans: Spans, start: int, end: int) -> Spans:
    """Those of `spans` that share a code point with `start:end`."""
    low = bisect_left(spans, (start,))
    if low and spans[low - 1][1] > start:
        low -= 1
    return spans[low : bisect_left(spans, (end,), low)]


def _owned(taken: Spans, start: int, end: int, rows: Sequence[Candidate]) -> bool:
    """Whether another layer holds the stretch; a longer chief name of the gazetteer wins."""
    for a, b in _covering(taken, start, end):
        longer = a >= start and b <= end and end - start > b - a
        if not (longer and any(not c.alternate for c in rows)):
            return True
    return False


def _apart(spots: list[Spot]) -> list[Spot]:
    """Spots that don't overlap, by start; the longer stays, then the one with more evidence."""
    ordered = sorted(spots, key=lambda s: s.start)
    if all(a.end <= b.start for a, b in pairwise(ordered)):
        return ordered
    kept: list[Spot] = []
    for spot in sorted(spots, key=lambda s: (s.start - s.end, -s.score, s.start)):
        if all(spot.end <= k.start or spot.start >= k.end for k in kept):
            kept.append(spot)
    return sorted(kept, key=lambda s: s.start)


def _person(at: Surroundings, start: int, end: int, tokens: Sequence[Token], kind: str) -> float:
    for _, stop in _covering(at.persons.spans, start, end):
        shaped = kind or tokens[-1].low in FEATURE_WORDS
        return 0.0 if shaped and stop <= end else -5.0
    return -2.2 if len(tokens) == 1 and tokens[0].low in at.persons.surnames else 0.0
