"""Which kind of furniture a line's words name: prompt, related, author, rights, note."""

import re
from functools import cache
from importlib.resources import files

import yaml

MAX_CHARS = 400
_LEAD = re.compile(r"^[\W_]+")


@cache
def _kinds() -> list[tuple[str, re.Pattern[str]]]:
    text = files("transforms.clean").joinpath("data/phrases.yaml").read_text("utf-8")
    table: dict[str, dict[str, list[str]]] = yaml.safe_load(text)
    return [
        (kind, re.compile("|".join(f"(?:{p})" for part in by.values() for p in part), re.I))
        for kind, by in table.items()
    ]


def kinds_of(line: str) -> list[str]:
    """The kinds whose phrases the line begins with (data/phrases.yaml)."""
    if len(line) > MAX_CHARS:
        return []
    # Signs of their own (©, @) stay; bullets, brackets and arrows go.
    bare = line if line[:1] in "©@(ⓒ" else _LEAD.sub("", line)
    return [kind for kind, pattern in _kinds() if pattern.match(bare) or pattern.match(line)]
