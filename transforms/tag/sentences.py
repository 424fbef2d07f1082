"""Sentences and paragraphs of a text as spans, cheap and without a model.

A line end always ends a sentence. A full stop does when blank and not an abbreviation's; question
and exclamation marks and their Arabic, Han and Indic kin do. Offsets are code points.
"""

import re
from bisect import bisect_right

_END = re.compile(
    r"[.!?؟۔。！？।\n](?:(?<=[.!?؟۔])[\"'”’»)\]]*\s+|(?<=[。！？।])[”」』）]*\s*|(?<=\n)\n*)"
)
_ABBREVIATIONS = frozenset(
    re.findall(
        r"\w+",
        "mr mrs ms dr st gen col lt capt sgt maj adm sen rep gov prof jr sr pres no vs etc jan feb "
        "mar apr jun jul aug sep sept oct nov dec bzw ca nr hr sra dra approx co inc ltd corp bros",
    )
)
_INITIAL = re.compile(r"[A-Za-zА-Я]", re.IGNORECASE)
_TAILS = frozenset(word[-2:] for word in _ABBREVIATIONS)
_LONGEST = max(map(len, _ABBREVIATIONS))
_LAST_WORD = re.compile(r"\w*\Z")
_DOTTED = re.compile(r"\w\.\w\Z")
_ORDINAL = re.compile(r"(?:^|\s)\d{1,2}\Z")


class Sentences:
    """The sentence starts of a text; `of(offset)` is the number of the sentence there."""

    __slots__ = ("paragraph", "starts", "total")

    def __init__(self, text: str) -> None:
        self.starts: list[int] = [0]
        self.paragraph: list[int] = [0]
        self.total = len(text)
        number = 0
        for match in _END.finditer(text):
            end = match.end()
            if end >= self.total:
                break
            stop = match.start()
            if text.find("\n", stop, end) >= 0:
                number += 1
            elif text[stop] == "." and (text[end].islower() or _goes_on(text, stop, end)):
                continue
            self.starts.append(end)
            self.paragraph.append(number)

    def of(self, offset: int) -> int:
        """Number of the sentence that holds `offset`."""
        return bisect_right(self.starts, offset) - 1

    def span(self, number: int) -> tuple[int, int]:
        """Start and end of sentence `number`, with the blanks after it."""
        last = number + 1 >= len(self.starts)
        return self.starts[number], self.total if last else self.starts[number + 1]


def _goes_on(text: str, stop: int, end: int) -> bool:
    """Whether the full stop at `stop` ends no sentence: an abbreviation's, an ordinal's."""
    tail = text[max(0, stop - 2) : stop]
    if tail.isalpha() and len(tail) == 2 and tail.lower() not in _TAILS:
        return False
    head = text[max(0, stop - _LONGEST - 1) : stop]
    if head.isalpha() and len(head) > _LONGEST:
        return False
    found = _LAST_WORD.search(head)
    word = found.group().lower() if found else ""
    if word in _ABBREVIATIONS or (len(word) == 1 and _INITIAL.match(word)):
        return True
    if _DOTTED.search(head):
        return True
    return text[stop + 1].isspace() and _ORDINAL.search(head[-3:]) is not None
