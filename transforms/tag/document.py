"""What one article is while it is tagged: the joined text, its sentences, the hits found in it.

Title and text are joined by one line end, so that one pass sees both; offsets count in the joined
text and are turned into offsets of the title or of the text when they leave (`evidence`).
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from transforms.records import Evidence
from transforms.tag.lexicon import Rule
from transforms.tag.sentences import Sentences


@dataclass(slots=True)  # read far more often than made: faster than a named tuple
class Cue:
    """Words that speak for one category; `damp` below 1 where the sentence tells of the past."""

    start: int
    end: int
    code: str
    weight: float
    rule: str
    sentence: int
    damp: float = 1.0
    source: Rule | None = None


class Span(NamedTuple):
    """Where a word of some class, or an anchor, stands."""

    start: int
    end: int


@dataclass(slots=True)
class Document:
    """Title and text as one, with everything that the steps of the tagger add to it."""

    title: str
    text: str
    language: str
    folded: str
    sentences: Sentences
    cues: list[Cue] = field(default_factory=list)
    blocked: list[Cue] = field(default_factory=list)
    classes: dict[int, dict[str, list[Span]]] = field(default_factory=dict)
    contexts: dict[str, dict[str, int]] = field(default_factory=dict)
    years: dict[int, int] = field(default_factory=dict)  # the latest named in each sentence
    shift: int = field(init=False)  # offset of the text's first character in the joined text

    def __post_init__(self) -> None:
        self.shift = len(self.title) + 1

    def evidence(self, start: int, end: int, rule: str) -> Evidence:
        """The span `start:end` of the joined text as evidence of title or text."""
        if start < self.shift:
            return Evidence("title", start, end, self.title[start:end], rule)
        start, end = start - self.shift, end - self.shift
        return Evidence("text", start, end, self.text[start:end], rule)

    def has(self, sentence: int, name: str) -> bool:
        """Whether `sentence` holds a word of class `name`."""
        return name in self.classes.get(sentence, {})
