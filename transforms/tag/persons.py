"""Who in the capitalised runs of a text is a person: by first names, titles and initials.

A surname learnt so stays a person's in the whole text. No list of people: who they are is nobody's
business here, only that their names are no places.
"""

from typing import NamedTuple

from transforms.tag.runs import Run, Token, words

_BODYTAIL_WORDS = words("bodytail")
_FEATURE_WORDS = words("feature")
_FIRST_WORDS = words("first")
_ROLE_WORDS = words("role")
_TITLE_WORDS = words("title")
_ENDS_NAME = _ROLE_WORDS | _BODYTAIL_WORDS | _FEATURE_WORDS
_NUMBERED = frozenset({"jr", "sr", "ii", "iii"})
_SPOKEN_TITLES = frozenset({
    "mr", "mrs", "ms", "dr", "sen", "rep", "gov", "sgt", "judge", "coach", "spokesman",
    "spokeswoman",
})  # fmt: skip
_TITLE_ENDS = frozenset(  # the two signs before the blank after a spoken title
    end for title in _SPOKEN_TITLES for end in (title[-2:], title[-1] + ".")
)
_LONGEST_TITLE = max(map(len, _SPOKEN_TITLES))


class Persons(NamedTuple):
    """`spans` of person names in the text, and the surnames and first names that they carry."""

    spans: tuple[tuple[int, int], ...]
    surnames: frozenset[str]
    firsts: frozenset[str]


def find_persons(doc: str, folded: str, runs: list[Run]) -> Persons:
    """Persons by first name, title or initial; surnames of one letter are none."""
    spans: list[tuple[int, int]] = []
    surnames: set[str] = set()
    firsts: set[str] = set()
    for run in runs:
        tokens = run[0]
        begin = _begin(doc, run) if len(tokens) > 1 else None
        start = tokens[0][0]
        if (
            begin is None
            and folded[start - 3 : start - 1] in _TITLE_ENDS
            and _is_spoken_of(doc, folded, start)
        ):
            begin = 0
        if begin is None:
            continue
        end = _end(doc, run, begin)
        if end == begin:
            continue
        spans.append((tokens[begin].start, tokens[end - 1].end))
        if tokens[begin].low in _FIRST_WORDS:
            firsts.add(tokens[begin].low)
        name = tokens[end - 1].low
        if name in _NUMBERED and end - 2 > begin:
            name = tokens[end - 2].low
        if len(name) > 1:
            surnames.add(name)
    return Persons(tuple(spans), frozenset(surnames), frozenset(firsts))


def _end(doc: str, run: Run, begin: int) -> int:
    """Position after the last token of the name that begins at token `begin`."""
    tokens = run.tokens
    end = begin
    while end < len(tokens) and tokens[end].low not in _ENDS_NAME:
        if end > begin and run.soft[end - 1]:
            gap = doc[tokens[end - 1].end : tokens[end].start]
            if gap in (" of ", " of the "):
                break
        end += 1
        if tokens[end - 1].possessive:
            break
    return end


def _begin(doc: str, run: Run) -> int | None:
    """Position of the token with which a person's name begins; None where there is none."""
    tokens = run.tokens
    for i in range(len(tokens) - 1):
        low = tokens[i].low
        if run.soft[i]:
            continue
        if low in _TITLE_WORDS:
            follows = i + 1
            while follows + 1 < len(tokens) and tokens[follows].low in _TITLE_WORDS:
                follows += 1
            return follows if tokens[follows].low not in _ROLE_WORDS else None
        if run.plain:
            if low in _FIRST_WORDS and tokens[i + 1].low not in _ENDS_NAME:
                return i
            if len(low) == 1 and i and _is_initial(doc, tokens, i):
                return i - 1
    return None


def _is_spoken_of(doc: str, folded: str, start: int) -> bool:
    """Whether a title stands before: "spokesman Smith", "Mr. Smith"."""
    if doc[start - 1] != " ":
        return False
    before = folded[max(0, start - _LONGEST_TITLE - 4) : start - 1].rstrip(".")
    return before.rsplit(" ", 1)[-1] in _SPOKEN_TITLES


def _is_initial(doc: str, tokens: tuple[Token, ...], i: int) -> bool:
    """Whether token i is the letter in the middle of a name: "John F. Kennedy", not "the U.S."."""
    if len(tokens[i + 1].low) == 1 or len(tokens[i - 1].low) <= 2:
        return False
    return doc[tokens[i].end : tokens[i + 1].start] == ". "
