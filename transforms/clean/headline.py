"""The headline repeated at the top of the text, at times with a kicker in front: not body."""

from collections.abc import Sequence

from transforms.clean.sitename import words

FIRST_LINES = 3
MAX_FIRST_LINES = 15
PARAGRAPH_CHARS = 120
TITLE_SHARE = 0.8
MAX_OTHER_SHARE = 0.5
MAX_TIMES = 2
MIN_TITLE_WORDS = 2


def _repeats(line: str, titles: list[set[str]]) -> bool:
    said = words(line)
    for title in titles:
        shared = sum(word in title for word in said)
        if (
            len(title & set(said)) >= TITLE_SHARE * len(title)
            and len(said) - shared <= MAX_OTHER_SHARE * len(title)
            and len(said) <= MAX_TIMES * len(title)
        ):
            return True
    return False


def _known(titles: Sequence[str]) -> list[set[str]]:
    return [set(w) for w in map(words, titles) if len(w) >= MIN_TITLE_WORDS]


def last_headline(lines: Sequence[str], titles: Sequence[str]) -> int:
    """The last of the lines that repeats a headline; -1 where none does."""
    known = _known(titles)
    return next((n for n in range(len(lines) - 1, -1, -1) if _repeats(lines[n], known)), -1)


def headlines(lines: Sequence[str], titles: Sequence[str]) -> list[int]:
    """Which of the first three lines, or of those before the first paragraph, repeat a headline;
    none where nothing else would be left.

    A line that goes on as a sentence holds many other words than the title's and is none.
    """
    known = _known(titles)
    paragraph = next((n for n, line in enumerate(lines) if len(line) >= PARAGRAPH_CHARS), 0)
    first = lines[: min(MAX_FIRST_LINES, max(FIRST_LINES, paragraph))]
    hits = [n for n, line in enumerate(first) if _repeats(line, known)]
    return hits if len(hits) < len(lines) else []
