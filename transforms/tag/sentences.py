"""Sentences and paragraphs of a text as spans, cheap and without a model.

A line end always ends a sentence. A full stop does when blank and not an abbreviation's; question
and exclamation marks and their Arabic, Han and Indic kin do. Offsets are code points.
"""

import re
from bisect import bisect_right

_END = re.compile(r"[.!?؟۔][\"'”’»)\]]*\s+|[。！？।][”」』）]*\s*|\n+")
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Za-zА-Я]|Mr|Mrs|Ms|Dr|St|Gen|Col|Lt|Capt|Sgt|Maj|Adm|Sen|Rep|Gov|Prof|Jr|Sr|Pres|"
    r"No|vs|etc|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|bzw|ca|Nr|Hr|Sra?|Dra?|approx|Co|Inc"
    r"|Ltd|Corp|Bros)|(?:\w\.)+\w)\.$",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"(?:^|\s)\d{1,2}\.\s+$")


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
            sign = text[match.start()]
            if sign == "\n" or "\n" in match.group():
                number += 1
            elif sign == "." and _goes_on(text, match.start(), end):
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
    following = text[end]
    if following.islower():
        return True
    head = text[max(0, stop - 8) : stop + 1]
    return bool(_ABBREVIATION.search(head) or _ORDINAL.search(text[max(0, stop - 4) : end]))
