"""Single tags of an HTML page, read in time that grows with the page and no faster.

For what has to be known of a page outside a process that can be killed: no tree is built, as a
tree of hostile markup takes minutes (libxml2: quadratic in the attributes of a tag). Tags in
comments, scripts and the like are none.
"""

import functools
import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

MAX_TAG = 2_000  # characters of a tag that are read

_ANY_CASE = re.IGNORECASE | re.ASCII
_HIDES = {
    name: re.compile(end, _ANY_CASE)
    for name, end in (
        ("!--", "-->"),
        ("script", "</script"),
        ("style", "</style"),
        ("noscript", "</noscript"),
    )
}
_ATTRIBUTE = re.compile(
    r"""(?<![\w:-])([\w:-]{1,30})\s{0,20}=\s{0,20}("[^"]*"|'[^']*'|[^\s"'<>]+)"""
)


class Tag(NamedTuple):
    """A tag: its name, its attributes by lower-case name, and where the text behind it begins."""

    name: str
    attributes: dict[str, str]
    end: int


def tags(html: str, *names: str) -> Iterator[Tag]:
    """The opening tags with one of `names` (lower case), in their order."""
    opened, at = _opened(names), 0
    while found := opened.search(html, at):
        name = found[1].lower()
        if name not in names:
            closed = _HIDES[name].search(html, found.end())
            if closed is None:
                return
            at = closed.end()
            continue
        end = html.find(">", found.end())
        if end < 0:
            return
        at = end + 1
        said = html[found.end() : min(end, found.end() + MAX_TAG)]
        pairs = {n.lower(): unescape(v.strip("\"'")) for n, v in _ATTRIBUTE.findall(said)}
        yield Tag(name, pairs, at)


@functools.lru_cache(maxsize=16)
def _opened(names: tuple[str, ...]) -> re.Pattern[str]:
    words = "|".join(rf"{name}\b" for name in (*_HIDES, *names) if name != "!--")
    return re.compile(rf"<(!--|{words})", _ANY_CASE)
