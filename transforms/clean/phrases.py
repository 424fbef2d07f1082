"""Which kind of furniture a line's words name: prompt, related, author, rights, note."""

import re
from functools import cache, lru_cache
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
    return list(_kinds_of(line)) if len(line) <= MAX_CHARS else []


@lru_cache(maxsize=4096)  # the pages of a site end in the same lines
def _kinds_of(line: str) -> tuple[str, ...]:
    # Signs of their own (©, @) stay; bullets, brackets and arrows go.
    bare = line if line[:1] in "©@(ⓒ" else _LEAD.sub("", line)
    said = (line,) if bare == line else (bare, line)
    return tuple(kind for kind, pattern in _kinds() if any(map(pattern.match, said)))
