"""What the form of a name says: "Laurel County" and "Lake X" are places though unknown, size and
plain words speak for or against the rest."""

import re
from collections.abc import Sequence

from transforms.tag.gazetteer import Candidate
from transforms.tag.runs import PLAIN_WORDS, Run, words

BODYTAIL_WORDS = words("bodytail")
COMPASS_WORDS = words("compass")
DOUBTFUL_WORDS = words("doubtful")
FEATURE_WORDS = words("feature")
FIRST_WORDS = words("first")
HEADFEATURE_WORDS = words("headfeature")
NEVER_WORDS = words("never")
ROLE_WORDS = words("role")
STARTER_WORDS = words("starter")
STREET_WORDS = words("street")
TIME_WORDS = words("time")
TITLE_WORDS = words("title")
_UNNAMED = NEVER_WORDS | ROLE_WORDS | COMPASS_WORDS  # before "County" they name none
_OPENING = STARTER_WORDS | TITLE_WORDS | TIME_WORDS
_SETTLED = frozenset({"village", "town", "villages", "towns", "suburb", "hamlet", "island"})
_SURELY_AFTER = re.compile(
    r" (?:province|region|governorate|prefecture|oblast|district|county|neighbou?rhood|village|"
    r"suburb|island|islands|peninsula|township|municipality|department|regency)\b"
)
_KIND_OF = re.compile(r"\b([\w-]+) of $")
LOCATED = (" of ", " in ", "'s ")
_NOT_NAMED_SO = NEVER_WORDS | STARTER_WORDS | ROLE_WORDS | TITLE_WORDS | COMPASS_WORDS | TIME_WORDS


def formed(run: Run, first: int, last: int) -> str:
    """The kind of a name formed like "Laurel County" or "Lake Placid"; "" when it is not."""
    tokens = run.tokens
    head, tail = tokens[first].low, tokens[last].low
    named_last = tail in FEATURE_WORDS
    if not named_last and head not in HEADFEATURE_WORDS:
        return ""
    if last == first or last - first > 3 or any(run.soft[first:last]):
        return ""
    if named_last:
        inner = [t.low for t in tokens[first:last]]
        if not _OPENING.isdisjoint(inner):
            return ""
        if not _UNNAMED.issuperset(inner) or (tail in STREET_WORDS and head not in COMPASS_WORDS):
            return tail
    if head in HEADFEATURE_WORDS and last == first + 1:
        return "" if tail in NEVER_WORDS or tail in ROLE_WORDS else head
    return ""


def size(rows: Sequence[Candidate]) -> float:
    """What the best known of the places of a name speaks for it."""
    if not rows:
        return 0.0
    best = rows[0]
    for row in rows:
        if row.alternate == best.alternate:
            best = row if row.people > best.people else best
        elif best.alternate:
            best = row
    people = best.people
    score = 0.0 if people >= 5_000 else -0.3
    for least, worth in ((1_000_000, 1.0), (200_000, 0.8), (50_000, 0.3)):
        if people >= least:
            score += worth
            break
    if best.kind == "capital":
        score += 0.6
    elif best.kind in ("admin1", "admin2"):
        score += 0.2
    return score - (0.5 if best.alternate else 0.0)


def plainness(run: Run, first: int, last: int) -> float:
    """What the words of a name say against it: plain words, first names, very short ones."""
    tokens = run.tokens[first : last + 1]
    score = 0.0 if run.plain else -0.4
    if len(tokens) == 1:
        return _plainness_of(tokens[0].low, score)
    if all(t.low in NEVER_WORDS or t.low in STARTER_WORDS for t in tokens):
        return -6.0
    if tokens[0].low in STARTER_WORDS:
        return -3.0
    roles = tokens[0].low in ROLE_WORDS or tokens[-1].low in ROLE_WORDS
    if roles and any(run.soft[first:last]):
        return -3.0
    return score + 0.7


def _plainness_of(low: str, score: float) -> float:
    if low in PLAIN_WORDS:
        return -6.0
    if low in BODYTAIL_WORDS:
        score -= 2.0
    if low in DOUBTFUL_WORDS:
        score -= 1.0
    if len(low) <= 3:
        score -= 0.8
    return score - 0.5 if low in FIRST_WORDS else score


def named_so(folded: str, run: Run) -> bool:
    """Whether the words around an unknown name call it a village, province or the like."""
    tokens = run.tokens
    if len(tokens) > 3 or not run.plain:
        return False
    at = tokens[0].start
    if not folded.endswith(LOCATED, 0, at):
        return False
    if any(t.low in _NOT_NAMED_SO for t in tokens):
        return False
    if folded.endswith(" of ", 0, at):
        found = _KIND_OF.search(folded, max(0, at - 24), at)
        if found and found[1] in _SETTLED:
            return True
    return _SURELY_AFTER.match(folded, tokens[-1].end) is not None
