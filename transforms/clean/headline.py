"""The headline repeated at the top of the text, at times with a kicker in front: not body."""

from collections.abc import Sequence

from transforms.clean.sitename import words
from transforms.records import Removed

FIRST_LINES = 3
TITLE_SHARE = 0.8
MAX_OTHER_SHARE = 0.5
MIN_TITLE_WORDS = 2


def _repeats(line: str, titles: list[set[str]]) -> bool:
    said = words(line)
    for title in titles:
        shared = sum(word in title for word in said)
        if len(title & set(said)) >= TITLE_SHARE * len(title) and (
            len(said) - shared <= MAX_OTHER_SHARE * len(title)
        ):
            return True
    return False


def cut_headline(lines: list[str], titles: Sequence[str]) -> tuple[list[str], list[Removed]]:
    """Lines without a repeated headline among the first three; never the only line.

    A line that goes on as a sentence holds many other words than the title's and stays.
    """
    known = [set(w) for w in map(words, titles) if len(w) >= MIN_TITLE_WORDS]
    hits = [n for n, line in enumerate(lines[:FIRST_LINES]) if _repeats(line, known)]
    if not hits or len(hits) >= len(lines):
        return lines, []
    kept = [line for n, line in enumerate(lines) if n not in hits]
    return kept, [Removed("headline", len(lines[n])) for n in hits]
