"""The site's name and section in titles, learned from what the titles of a host have in common.

Only a part behind or before a separator counts ("Headline | Site", "Site - Headline"), never what
stands before a colon: that is what the story is about.
"""

import re
from collections.abc import Mapping, Sequence

from transforms.clean.host_cut import AS_TITLE
from transforms.clean.host_text import TITLE, code_of
from transforms.clean.words import size

SEPARATOR = re.compile(r"\s+[-–—|·•»«~]\s+|\s*\|\s*|\s+::\s+")
MAX_PARTS = 4
BEHIND, BEFORE = "behind", "before"
MIN_REST = 2


def title_codes(titles: Sequence[str | None]) -> list[int]:
    """The hashes of what stands behind and before the separators of an article's titles."""
    codes = []
    for title in titles:
        parts = SEPARATOR.split(title or "")
        codes += [part_code(part, BEHIND) for part in parts[1:][-MAX_PARTS:]]
        codes += [part_code(part, BEFORE) for part in parts[:-1][:MAX_PARTS]]
    return [code for code in dict.fromkeys(codes) if code]


def part_code(part: str, side: str) -> int:
    """The hash of a part of a title on one side of a separator; 0 for no words."""
    return code_of(f"{side} {part}", TITLE) if code_of(part) else 0


def strip_host(title: str, known: Mapping[int, int]) -> str:
    """`title` without the parts at its ends that its host is known to repeat.

    At least two words remain.
    """
    while found := list(SEPARATOR.finditer(title)):
        first, last = found[0], found[-1]
        front, back = title[: last.start()], title[first.end() :]
        if _repeats(title[last.end() :], BEHIND, known) and size(front) >= MIN_REST:
            title = front.rstrip()
        elif _repeats(title[: first.start()], BEFORE, known) and size(back) >= MIN_REST:
            title = back.lstrip()
        else:
            break
    return title


def _repeats(part: str, side: str, known: Mapping[int, int]) -> bool:
    return bool(known.get(part_code(part, side), 0) & AS_TITLE)
