"""The site's name and section in titles, learned from what the titles of a host have in common.

Only a part behind or before a separator counts ("Headline | Site", "Site - Headline"), never what
stands before a colon: that is what the story is about.
"""

import re
from collections.abc import Mapping, Sequence

from transforms.clean.host_text import AS_TITLE, TITLE_END, TITLE_START, code_of
from transforms.clean.signs import size

SEPARATOR = re.compile(r"\s+[-–—|·•»«~]\s+|\s*\|\s*|\s+::\s+")
MAX_PARTS = 4
MIN_REST = 2


def title_codes(titles: Sequence[str | None]) -> list[int]:
    """The hashes of what stands behind and before the separators of an article's titles."""
    codes = []
    for title in titles:
        parts = SEPARATOR.split(title or "")
        codes += [code_of(part, TITLE_END) for part in parts[1:][-MAX_PARTS:]]
        codes += [code_of(part, TITLE_START) for part in parts[:-1][:MAX_PARTS]]
    return [code for code in dict.fromkeys(codes) if code]


def strip_host(title: str, known: Mapping[int, int]) -> str:
    """`title` without the parts at its ends that its host is known to repeat.

    At least two words remain.
    """
    while found := list(SEPARATOR.finditer(title)):
        first, last = found[0], found[-1]
        front, back = title[: last.start()], title[first.end() :]
        if _repeats(title[last.end() :], TITLE_END, known) and size(front) >= MIN_REST:
            title = front.rstrip()
        elif _repeats(title[: first.start()], TITLE_START, known) and size(back) >= MIN_REST:
            title = back.lstrip()
        else:
            break
    return title


def _repeats(part: str, kind: int, known: Mapping[int, int]) -> bool:
    code = code_of(part, kind)
    return bool(code and known.get(code, 0) & AS_TITLE)
