"""Which kind of furniture a line's words name: prompt, related, author, rights, note."""

import re
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain
from typing import NamedTuple

import yaml

MAX_CHARS = 400
_LEAD = re.compile(r"^[\W_]+")
# `.{0,200}\bword` or `.{0,200}\b(?:one|another)`: an expression that begins anywhere in a line.
_PLAIN = r"[^()\\\[\].*+?{}^$|]"
_ANYWHERE = re.compile(
    rf"\.{{\d+,\d+}}(?:\\b)?"
    rf"(?:\(\?:(?P<words>{_PLAIN}+(?:\|{_PLAIN}+)*)\)|(?P<word>{_PLAIN}{{2,}})(?![*+?{{]))"
)


class Kind(NamedTuple):
    """The expressions of a kind; those that begin anywhere come with the words they can't do
    without, which are looked for first: most lines hold none."""

    name: str
    starts: re.Pattern[str]
    anywhere: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]

    def names(self, line: str) -> bool:
        """Whether the kind's phrases begin `line`, which is lower-case."""
        if self.starts.match(line):
            return True
        return any(
            any(map(line.__contains__, words)) and pattern.match(line)
            for words, pattern in self.anywhere
        )


def _kind(name: str, phrases: list[str]) -> Kind:
    needed = [(phrase, _ANYWHERE.match(phrase)) for phrase in phrases]
    starts = "|".join(f"(?:{phrase})" for phrase, words in needed if words is None)
    anywhere = (
        (tuple((words["words"] or words["word"]).split("|")), re.compile(phrase))
        for phrase, words in needed
        if words is not None
    )
    return Kind(name, re.compile(starts), tuple(anywhere))


@cache
def _kinds() -> tuple[Kind, ...]:
    text = files("transforms.clean").joinpath("data/phrases.yaml").read_text("utf-8")
    table: dict[str, dict[str, list[str]]] = yaml.safe_load(text)
    return tuple(_kind(name, list(chain.from_iterable(by.values()))) for name, by in table.items())


def kinds_of(line: str) -> list[str]:
    """The kinds whose phrases the line begins with (data/phrases.yaml)."""
    return list(_kinds_of(line)) if len(line) <= MAX_CHARS else []


@lru_cache(maxsize=4096)  # the pages of a site end in the same lines
def _kinds_of(line: str) -> tuple[str, ...]:
    # Signs of their own (©, @) stay; bullets, brackets and arrows go.
    line = line.lower()
    bare = line if line[:1] in "©@(ⓒ" else _LEAD.sub("", line)
    said = (line,) if bare == line else (bare, line)
    return tuple(kind.name for kind in _kinds() if any(map(kind.names, said)))
