"""What stands around a name: prepositions, titles, kinds of place, datelines, "Town, State"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from transforms.tag.gazetteer import Candidate
from transforms.tag.persons import Persons
from transforms.tag.runs import Run, Token, words
from transforms.tag.shapes import (
    BODYTAIL_WORDS,
    COMPASS_WORDS,
    FEATURE_WORDS,
    ROLE_WORDS,
    STARTER_WORDS,
    STREET_WORDS,
    TIME_WORDS,
)

BEFORE_WORDS = words("before")
_MEETING_WORDS = words("meeting")
_GOVERNING_VERBS = words("governs")
KINDOF_WORDS = words("kindof")
_WEAKBEFORE_WORDS = words("weakbefore")
_WEAKFEATURE_WORDS = words("weakfeature")
_OPENING = STARTER_WORDS | BEFORE_WORDS | _WEAKBEFORE_WORDS  # "In Kabul", "En Kabul"
_EXPLAIN = TIME_WORDS | COMPASS_WORDS | ROLE_WORDS | KINDOF_WORDS
_KINDAFTER_WORDS = words("kindafter")
_PLURALAFTER_WORDS = words("pluralafter")
_LISTED = r"(?:, |,? and )[^\W\d_]+(?: [^\W\d_]+)?"
_PLURAL_AFTER = re.compile(  # "Kent and Essex counties"
    rf"(?:{_LISTED}){{1,5}} (?:{'|'.join(sorted(_PLURALAFTER_WORDS))})\b"
)
_BASED = re.compile(r"-based\b")
_NEXT_WORD = re.compile(r" (\w+)")
_DATELINE = re.compile(r"(?:, [\w. ]{2,16})?(?: \([^()\n]{2,40}\))? {0,8}(?:--|—|–|- |: )")
_AGED = re.compile(r"(?:\d{1,2}|[^\W\d_]), (?:(?:of|from|both of) )?(?:the )?$")
_OF = frozenset({"of", "de", "von"})
_ARTICLES = frozenset({"the", "la", "le", "el", "den", "der"})
_KINDS_BEFORE = frozenset(
    {"town", "city", "village", "province", "suburb", "hamlet", "island", "district", "port"}
    | {"capital", "state", "resort"}
)
_PAPERS = frozenset({"press", "times", "post", "herald", "tribune", "gazette", "journal", "news"})
_COMMA = re.compile(r",\s+")


@dataclass(slots=True)
class Spot:
    """A place name at `start:end` of the document, with what it may mean.

    `container`: number of a first-order division, or alpha-2 code, that stands after the comma.
    """

    start: int
    end: int
    key: str
    kind: str
    score: float
    candidates: Sequence[Candidate] = ()
    container: int | str | None = None
    dateline: bool = False


@dataclass(slots=True)
class Known:
    """A hit of the automaton that can stand after a comma: a state or a country."""

    start: int
    end: int
    container: int | str


@dataclass(slots=True)
class Surroundings:
    """The document with what other layers know of it."""

    doc: str
    folded: str
    persons: Persons
    known: dict[int, Known]  # by start
    known_ends: frozenset[int] = field(init=False)
    person_ends: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        self.known_ends = frozenset(k.end for k in self.known.values())
        self.person_ends = frozenset(end for _, end in self.persons.spans)


def left(at: Surroundings, run: Run, first: int) -> float:
    """What stands before token `first` of `run` says for (or, below 0, against) a place."""
    start = run.tokens[first].start
    score = 0.0
    if first:
        previous = run.tokens[first - 1]
        if run.soft[first - 1]:
            if previous.end in at.person_ends:
                return 1.3
            return 2.0 if previous.low in KINDOF_WORDS or previous.low in ROLE_WORDS else 0.2
        hyphen = at.doc[previous.end : start] == "-"
        if not hyphen and not _explained(at, previous, first == 1):
            return -2.5
        if previous.low in COMPASS_WORDS:
            score += 0.8
            start = previous.start if first == 1 else start
    tail = at.folded[max(0, start - 24) : start]
    if tail.endswith((", ", ", of ", ", from ")) and _AGED.search(tail):
        score += 1.0
    return score + preposition(tail)


def preposition(tail: str) -> float:
    """What the small words just before a name say: "in", "the town", "mayor of"."""
    if not tail.endswith((" ", "\u00a0", "\n")):
        return 0.0
    before = tail.rsplit(None, 3)
    if not before:
        return 0.0
    last = before[-1]
    if last in _KINDS_BEFORE:
        return 1.0
    second = before[-2] if len(before) > 1 else ""
    if last in _OF and second in KINDOF_WORDS:
        return 2.0
    word = second if last in _ARTICLES else last
    if word in BEFORE_WORDS:
        return 1.6
    return 0.5 if word in _WEAKBEFORE_WORDS else 0.0


def _explained(at: Surroundings, token: Token, opens: bool) -> bool:
    low = token.low
    if low in _EXPLAIN or token.start in at.known:
        return True
    return (opens and low in _OPENING) or token.end in at.known_ends


def right(at: Surroundings, run: Run, last: int, spot: Spot) -> float:
    """What stands after token `last` of `run`; notes a container or a dateline in `spot`."""
    tokens = run.tokens
    end = tokens[last].end
    score = 0.0
    if last + 1 < len(tokens) and not run.soft[last]:
        score = _following(at, tokens[last + 1], end, spot)
        third = tokens[last + 2].low if last + 2 < len(tokens) and not run.soft[last + 1] else ""
        if third in _PAPERS and score > 0:  # "Oxford University Press"
            return -3.0
        if score <= -2.5:
            return score
    else:
        score = _told_after(at.folded, end, spot.candidates)
    if is_dateline(at.doc, tokens[0].start, end):
        score += 2.2
        spot.dateline = True
    comma = at.doc[end : end + 1] == "," and _COMMA.match(at.doc, end)
    return score + _chain(at, comma.end(), spot) if comma else score


def _told_after(folded: str, end: int, candidates: Sequence[Candidate]) -> float:
    """What the small words after a name say: what kind of place it is, or that it governs."""
    sign = folded[end : end + 1]
    if sign == "-":
        return 1.0 if _BASED.match(folded, end) else 0.0
    if sign == ",":
        return 1.3 if _PLURAL_AFTER.match(folded, end) else 0.0
    found = _NEXT_WORD.match(folded, end) if sign == " " else None
    if found is None:
        return 0.0
    word = found[1]
    if word in _KINDAFTER_WORDS:
        return 1.0
    if word in _PLURALAFTER_WORDS or (word == "and" and _PLURAL_AFTER.match(folded, end)):
        return 1.3
    return 1.2 if candidates and _governs(folded, end, candidates) else 0.0


def _governs(folded: str, end: int, candidates: Sequence[Candidate]) -> bool:
    """Whether a capital does what governments do: "Washington imposed sanctions"."""
    if candidates[0].kind != "capital":
        return False
    return folded[end + 1 : end + 24].split(" ", 1)[0] in _GOVERNING_VERBS


def is_host(folded: str, start: int) -> bool:
    """Whether a country at `start` is named as where a meeting was: "they met in Switzerland"."""
    before = folded[max(0, start - 60) : start].rsplit(".", 1)[-1].split()
    return (
        len(before) > 1
        and before[-1] in BEFORE_WORDS
        and not _MEETING_WORDS.isdisjoint(before[-5:-1])
    )


def _following(at: Surroundings, following: Token, end: int, spot: Spot) -> float:
    """What the capitalised word beside the name says."""
    low = following.low
    hyphen = at.doc[end : following.start] == "-"
    if low in FEATURE_WORDS and low not in STREET_WORDS:
        return -3.0
    if low in ROLE_WORDS or low in _WEAKFEATURE_WORDS:
        return 0.3 if low in BODYTAIL_WORDS else 1.0
    if low in BODYTAIL_WORDS:
        return -3.0
    known = None if hyphen else at.known.get(following.start)
    if known is not None:
        spot.container = known.container
        return 0.5
    if hyphen:
        return -0.2
    return 0.0 if _explained(at, following, False) else -2.5


def _chain(at: Surroundings, start: int, spot: Spot) -> float:
    known = at.known.get(start)
    if known is None:
        return 0.0
    spot.container = known.container
    if isinstance(known.container, int) or not spot.candidates:
        return 2.6
    inside = any(c.country == known.container for c in spot.candidates)
    return 2.6 if inside else 0.4


def is_dateline(doc: str, start: int, end: int) -> bool:
    """An all-capital name that opens a line or sentence and is followed by a dash or an agency."""
    if end - start < 3 or not doc[start:end].isupper():
        return False
    before = doc[max(0, start - 3) : start].rstrip(" \n\t")
    opens = not before or before[-1] in ".!?:\n" or "\n" in doc[max(0, start - 3) : start]
    return opens and _DATELINE.match(doc, end) is not None
