"""Which words of a text are place names: evidence for and against each, by rules.

A stretch of a capitalised run that the gazetteer knows is a place when enough speaks for it: a
preposition of place, a state or country after a comma, a word like "county" or "mayor" beside it,
its size; persons, companies, plain words and unexplained neighbours speak against it. "X County"
and "Lake X" are places though unknown. Which place of that name is meant is `resolve`'s.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from transforms.tag.gazetteer import Candidate, Gazetteer, folded_key
from transforms.tag.runs import Persons, Run, Token, words

MAX_WORDS = 5
_CYRILLIC, _ENDING = ("\u0400", "\u04ff"), 2  # letters that a case ending may add
_ACCEPT = 1.0
_SURE = 1.8
_HOPE = -2.4
_KIND_OF = re.compile(r"\b([\w-]+) (?:of|de|von) $")
_KIND_AFTER = re.compile(
    r" (?:province|region|state|county|district|city|town|area|governorate|prefecture|oblast|"
    r"provinces|neighbou?rhood|suburb|village|peninsula|island|islands|valley|border|airport|"
    r"resident|residents|native|mayor|police|courthouse|hospital|schools?|suburbs|councils?|"
    r"councillors|officials|authorities|wards?|parish|township|man|woman|men|teen|teenager|"
    r"couple|family|office|market|church|court|streets?|metropolitan)\b|-based\b"
)
_SURELY_AFTER = re.compile(
    r" (?:province|region|governorate|prefecture|oblast|district|county|neighbou?rhood|village|"
    r"suburb|island|islands|peninsula|township|municipality|department|regency)\b"
)
_PLURAL_AFTER = re.compile(
    r"(?:(?:, |,? and )[^\W\d_]+(?: [^\W\d_]+)?){0,5} (?:counties|provinces|districts|townships|"
    r"roads|neighbou?rhoods|villages|cities|towns)\b"
)
_DATELINE = re.compile(r"(?:, [\w. ]{2,16})?(?: \([^()\n]{2,40}\))? {0,8}(?:--|—|–|- |: )")
_AGED = re.compile(r"(?:\d{1,2}|[^\W\d_]), (?:(?:of|from|both of) )?(?:the )?$")
_OF = frozenset({"of", "de", "von"})
_ARTICLES = frozenset({"the", "la", "le", "el", "den", "der"})
_KINDS_BEFORE = frozenset(
    {"town", "city", "village", "province", "suburb", "hamlet", "island", "district", "port"}
    | {"capital", "state", "resort"}
)
_COMMA = re.compile(r",\s+")

_BEFORE_WORDS = words("before")
_BODYTAIL_WORDS = words("bodytail")
_COMPASS_WORDS = words("compass")
_DOUBTFUL_WORDS = words("doubtful")
_FEATURE_WORDS = words("feature")
_FIRST_WORDS = words("first")
_HEADFEATURE_WORDS = words("headfeature")
_KINDOF_WORDS = words("kindof")
_NEVER_WORDS = words("never")
_ROLE_WORDS = words("role")
_STARTER_WORDS = words("starter")
_STREET_WORDS = words("street")
_TIME_WORDS = words("time")
_TITLE_WORDS = words("title")
_WEAKBEFORE_WORDS = words("weakbefore")
_WEAKFEATURE_WORDS = words("weakfeature")
_PLAIN = (
    _NEVER_WORDS | _STARTER_WORDS | _COMPASS_WORDS | _ROLE_WORDS | _FEATURE_WORDS | _TITLE_WORDS
)


@dataclass(slots=True)
class Spot:
    """A place name at `start:end` of the document, with what it may mean.

    `container`: number of a first-order division, or alpha-2 code, that stands after the comma.
    `point`: latitude, longitude and alpha-3 code when the name itself settles them.
    """

    start: int
    end: int
    key: str
    kind: str
    score: float
    candidates: list[Candidate] = field(default_factory=list)
    container: int | str | None = None
    point: tuple[float, float, str | None] | None = None
    dateline: bool = False


@dataclass(slots=True)
class Known:
    """A hit of the automaton that can stand after a comma: a state or a country."""

    start: int
    end: int
    container: int | str


class Recogniser:
    """Finds place names in one document after another; holds only read-only tables."""

    def __init__(self, gazetteer: Gazetteer, abbreviations: dict[str, int]) -> None:
        self._gazetteer = gazetteer
        self._abbreviations = abbreviations

    def find(
        self,
        doc: str,
        folded: str,
        runs: Sequence[Run],
        persons: Persons,
        taken: Sequence[tuple[int, int]],
        known: dict[int, Known],
    ) -> list[Spot]:
        """Accepted spots by start. `taken`: spans that other layers own and that stop a name."""
        held = self._lookup(folded, runs)
        spots: list[Spot] = []
        doubtful: list[Spot] = []
        ends = frozenset(k.end for k in known.values())
        work = _Work(
            doc, folded, persons, known, ends, _mask(doc, taken), _mask(doc, persons.spans)
        )
        for run in runs:
            self._segment(work, run, held, taken, spots, doubtful)
        sure = {spot.key for spot in spots if spot.score >= _SURE}
        spots += [spot for spot in doubtful if spot.key in sure]
        spots = _apart(spots)
        return sorted(spots, key=lambda s: s.start)

    def _lookup(self, folded: str, runs: Sequence[Run]) -> dict[str, list[Candidate]]:
        keys: dict[str, str] = {}
        for run in runs:
            count = len(run.tokens)
            for i in range(count):
                start = run.tokens[i].start
                for j in range(i, min(count, i + MAX_WORDS)):
                    surface = folded[start : run.tokens[j].end]
                    if surface not in keys and (j > i or surface not in _PLAIN):
                        keys[surface] = folded_key(surface)
        found = self._gazetteer.rows(list(keys.values()))
        held = {s: rows for s, rows in zip(keys, found, strict=True) if rows}
        inflected = [s for s in keys if _CYRILLIC[0] <= s[0] <= _CYRILLIC[1] and s not in held]
        for surface in inflected:
            stems = [f"~{surface[: len(surface) - cut]}" for cut in range(_ENDING + 1)]
            rows = next(filter(None, self._gazetteer.rows(stems)), None)
            if rows and len(surface) > _ENDING + 2 and " " not in surface:
                held[surface] = rows
        return held

    def _segment(
        self,
        work: "_Work",
        run: Run,
        held: dict[str, list[Candidate]],
        taken: Sequence[tuple[int, int]],
        spots: list[Spot],
        doubtful: list[Spot],
    ) -> None:
        tokens = run.tokens
        if len(tokens) == 1 and tokens[0].low in _PLAIN:
            return
        at = 0
        while at < len(tokens):
            step = 1
            for last in range(min(len(tokens), at + MAX_WORDS) - 1, at - 1, -1):
                start, end = tokens[at].start, tokens[last].end
                rows = held.get(work.folded[start:end])
                formed = _formed(run, at, last) if last > at else ""
                if rows and last > at and not formed and tokens[last].low in _FEATURE_WORDS:
                    formed = tokens[last].low
                if rows is None and not formed:
                    if at or last + 1 < len(tokens) or not _named_so(work, run, at, last):
                        continue
                    formed = "place"
                if 1 in work.taken[start:end] and _owned(taken, start, end, rows):
                    continue
                spot = self._judge(work, run, at, last, rows or [], formed, held)
                if spot.score >= _ACCEPT:
                    spots.append(spot)
                    step = last - at + 1
                    break
                if spot.score >= _HOPE and rows:
                    doubtful.append(spot)
            at += step

    def _judge(
        self,
        work: "_Work",
        run: Run,
        first: int,
        last: int,
        rows: list[Candidate],
        formed: str,
        held: dict[str, list[Candidate]],
    ) -> Spot:
        tokens = run.tokens
        start, end = tokens[first].start, tokens[last].end
        spot = Spot(start, end, folded_key(work.folded[start:end]), formed or "town", 0.0, rows)
        if formed and not rows:
            spot.candidates = _base_rows(work.folded, run, first, last, held)
        score = _size(rows) + (1.5 if formed else 0.0)
        if formed and last > first and tokens[last].low in _FEATURE_WORDS:
            score += max(0.0, _left(work, run, first, held)) * 0.5
            score += _person(work, start, end, tokens[first : last + 1], formed)
            _right(work, run, last, held, spot)
            spot.score = score
            return spot
        score += _plainness(run, first, last, work, formed)
        score += _left(work, run, first, held)
        score += _right(work, run, last, held, spot)
        score += _person(work, start, end, tokens[first : last + 1], formed)
        spot.score = score
        return spot


@dataclass(slots=True)
class _Work:
    doc: str
    folded: str
    persons: Persons
    known: dict[int, Known]
    ends: frozenset[int]
    taken: bytearray
    persons_at: bytearray


def _mask(doc: str, spans: Sequence[tuple[int, int]]) -> bytearray:
    """One byte a code point, 1 inside the spans."""
    mask = bytearray(len(doc))
    for start, end in spans:
        mask[start:end] = b"\1" * (end - start)
    return mask


def _formed(run: Run, first: int, last: int) -> str:
    """The kind of a name formed like "Laurel County" or "Lake Placid"; "" when it is not."""
    tokens = run.tokens
    if last == first or last - first > 3 or any(run.soft[first:last]):
        return ""
    head, tail = tokens[first].low, tokens[last].low
    inner = [t.low for t in tokens[first:last]]
    never, role = _NEVER_WORDS, _ROLE_WORDS
    if tail in _FEATURE_WORDS:
        if any(t in _STARTER_WORDS or t in _TITLE_WORDS or t in _TIME_WORDS for t in inner):
            return ""
        named = [t for t in inner if t not in never and t not in role and t not in _COMPASS_WORDS]
        if named or (tail in _STREET_WORDS and inner[0] not in _COMPASS_WORDS):
            return tail
    if head in _HEADFEATURE_WORDS and last == first + 1 and tail not in never | role:
        return head
    return ""


def _base_rows(
    folded: str, run: Run, first: int, last: int, held: dict[str, list[Candidate]]
) -> list[Candidate]:
    """Candidates of X for "X Airport", "X Harbor" and the like, which stand where X is."""
    if run.tokens[last].low in ("airport", "harbor", "harbour", "beach", "township", "heights"):
        return held.get(folded[run.tokens[first].start : run.tokens[last - 1].end], [])
    return []


def _size(rows: list[Candidate]) -> float:
    if not rows:
        return 0.0
    best = max(rows, key=lambda c: (not c.alternate, c.people))
    people = best.people
    score = 1.0 if people >= 1_000_000 else 0.8 if people >= 200_000 else 0.3 if people >= 50_000 else 0.0  # fmt: skip  # noqa: E501
    if people < 5_000:
        score -= 0.3
    if best.kind == "capital":
        score += 0.6
    elif best.kind in ("admin1", "admin2"):
        score += 0.2
    return score - (0.5 if best.alternate else 0.0)


def _plainness(run: Run, first: int, last: int, work: _Work, formed: str) -> float:
    tokens = run.tokens[first : last + 1]
    score = 0.0 if run.plain else -0.4
    if len(tokens) == 1:
        low = tokens[0].low
        if low in _NEVER_WORDS or low in _STARTER_WORDS or low in _COMPASS_WORDS:
            return -6.0
        if low in _ROLE_WORDS or low in _FEATURE_WORDS or low in _TITLE_WORDS:
            return -6.0
        if low in _BODYTAIL_WORDS:
            score -= 2.0
        if low in _DOUBTFUL_WORDS:
            score -= 1.0
        if len(low) <= 3:
            score -= 0.8
        if low in _FIRST_WORDS:
            score -= 0.5
        return score
    if all(t.low in _NEVER_WORDS or t.low in _STARTER_WORDS for t in tokens):
        return -6.0
    if tokens[0].low in _STARTER_WORDS:
        return -3.0
    if any(run.soft[first:last]) and (tokens[0].low in _ROLE_WORDS or tokens[-1].low in _ROLE_WORDS):  # fmt: skip  # noqa: E501
        return -3.0
    return score + 0.7


def _left(work: _Work, run: Run, first: int, held: dict[str, list[Candidate]]) -> float:
    at = run.tokens[first].start
    score = 0.0
    if first:
        previous = run.tokens[first - 1]
        if run.soft[first - 1]:
            if any(b == previous.end for _, b in work.persons.spans):
                return 1.3
            if previous.low in _KINDOF_WORDS or previous.low in _ROLE_WORDS:
                return 2.0
            return 0.2
        hyphen = work.doc[previous.end : at] == "-"
        if not hyphen and not _explained(work, previous, first == 1):
            return -2.5
        if previous.low in _COMPASS_WORDS:
            score += 0.8
        at = run.tokens[0].start if previous.low in _COMPASS_WORDS and first == 1 else at
    tail = work.folded[max(0, at - 24) : at]
    if tail.endswith((", ", ", of ", ", from ")) and _AGED.search(tail):
        score += 1.0
    return score + _preposition(tail)


def _preposition(tail: str) -> float:
    """What the small words just before a name say: "in", "the town", "mayor of"."""
    if not tail.endswith((" ", "\u00a0", "\n")):
        return 0.0
    before = tail.split()
    if not before:
        return 0.0
    last = before[-1]
    if last in _KINDS_BEFORE:
        return 1.0
    second = before[-2] if len(before) > 1 else ""
    if last in _OF and second in _KINDOF_WORDS:
        return 2.0
    word = second if last in _ARTICLES else last
    if word in _BEFORE_WORDS:
        return 1.6
    return 0.5 if word in _WEAKBEFORE_WORDS else 0.0


def _explained(work: _Work, token: Token, opens: bool) -> bool:
    low = token.low
    if low in _TIME_WORDS:
        return True
    if low in _COMPASS_WORDS or low in _ROLE_WORDS or low in _KINDOF_WORDS:
        return True
    if token.start in work.known:
        return True
    if opens and low in _STARTER_WORDS:
        return True
    return token.end in work.ends


def _right(work: _Work, run: Run, last: int, held: dict[str, list[Candidate]], spot: Spot) -> float:
    tokens = run.tokens
    end = tokens[last].end
    score = 0.0
    if last + 1 < len(tokens) and not run.soft[last]:
        following = tokens[last + 1]
        hyphen = work.doc[end : following.start] == "-"
        if following.low in _FEATURE_WORDS and following.low not in _STREET_WORDS:
            return -3.0
        if following.low in _ROLE_WORDS or following.low in _WEAKFEATURE_WORDS:
            score += 1.0 if following.low not in _BODYTAIL_WORDS else 0.3
        elif following.low in _BODYTAIL_WORDS:
            return -3.0
        elif following.start in work.known and work.doc[end : following.start] != "-":
            score += 0.5
            spot.container = work.known[following.start].container
        elif hyphen:
            score -= 0.2
        elif not _explained(work, following, False):
            return -2.5
    elif _KIND_AFTER.match(work.folded, end):
        score += 1.0
    elif _PLURAL_AFTER.match(work.folded, end):
        score += 1.3
    if _is_dateline(work.doc, tokens[0].start, end):
        score += 2.2
        spot.dateline = True
    comma = _COMMA.match(work.doc, end)
    if comma:
        score += _chain(work, comma.end(), held, spot)
    return score


def _chain(work: _Work, at: int, held: dict[str, list[Candidate]], spot: Spot) -> float:
    known = work.known.get(at)
    if known is not None:
        spot.container = known.container
        if isinstance(known.container, int) or not spot.candidates:
            return 2.6
        inside = any(c.country == known.container for c in spot.candidates)
        return 2.6 if inside else 0.4
    return 0.0


def _is_dateline(doc: str, start: int, end: int) -> bool:
    """An all-capital name that opens a line or sentence and is followed by a dash or an agency."""
    if not doc[start:end].isupper() or end - start < 3:
        return False
    before = doc[max(0, start - 3) : start].rstrip(" \n\t")
    opens = not before or before[-1] in ".!?:\n" or "\n" in doc[max(0, start - 3) : start]
    return opens and _DATELINE.match(doc, end) is not None


def _named_so(work: _Work, run: Run, first: int, last: int) -> bool:
    """An unknown name that the words around it call a village, province or the like."""
    tokens = run.tokens
    if first or last + 1 != len(tokens) or len(tokens) > 3 or not run.plain:
        return False
    at = tokens[0].start
    if not work.folded.endswith((" of ", " in ", "'s "), 0, at):
        return False
    lows = [t.low for t in tokens]
    if any(t in _NEVER_WORDS or t in _STARTER_WORDS or t in _ROLE_WORDS for t in lows):
        return False
    if any(t in _TITLE_WORDS or t in _COMPASS_WORDS or t in _TIME_WORDS for t in lows):
        return False
    tail = work.folded[max(0, tokens[0].start - 24) : tokens[0].start]
    found = _KIND_OF.search(tail)
    if found and found[1] in _SETTLED:
        return True
    if tail.endswith(" in ") or tail.endswith(" of ") or tail.endswith("'s "):
        return _SURELY_AFTER.match(work.folded, tokens[-1].end) is not None
    return False


_SETTLED = frozenset({"village", "town", "villages", "towns", "suburb", "hamlet", "island"})


def _owned(
    taken: Sequence[tuple[int, int]], start: int, end: int, rows: list[Candidate] | None
) -> bool:
    """Whether another layer holds the stretch; a longer chief name of the gazetteer wins."""
    for a, b in taken:
        if a < end and start < b:
            longer = a >= start and b <= end and end - start > b - a
            if not (longer and rows and any(not c.alternate for c in rows)):
                return True
    return False


def _apart(spots: list[Spot]) -> list[Spot]:
    """Spots that don't overlap; the longer one stays, then the one with more evidence."""
    ordered = sorted(spots, key=lambda s: s.start)
    if all(a.end <= b.start for a, b in pairwise(ordered)):
        return ordered
    kept: list[Spot] = []
    for spot in sorted(spots, key=lambda s: (s.start - s.end, -s.score, s.start)):
        if all(spot.end <= k.start or spot.start >= k.end for k in kept):
            kept.append(spot)
    return kept


def _person(work: _Work, start: int, end: int, tokens: Sequence[Token], formed: str) -> float:
    for a, b in work.persons.spans if 1 in work.persons_at[start:end] else ():
        if a < end and start < b:
            shaped = formed or tokens[-1].low in _FEATURE_WORDS
            return 0.0 if shaped and b <= end else -5.0
    if len(tokens) == 1 and tokens[0].low in work.persons.surnames:
        return -2.2
    return 0.0
