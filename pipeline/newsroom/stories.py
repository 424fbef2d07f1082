"""The invented stories: read from stories/*.yaml, copies made from their originals.

A story file gives its text, or says whose copy it is and what the copier changed, so that the
difference between an original and its copies can be read in one place.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

HEADING = "## "


@dataclass(frozen=True, slots=True)
class Story:
    """One article as its site shows it at one poll.

    `paragraphs` are plain text, subheadings begin with `## `; `age_h` and `updated_age_h` are
    hours before the newsroom's start; `page_title` is the headline of the page where it differs
    from the feed's; `kind` says what stands at the story's address: article, paywall, missing,
    redirect or flash.
    """

    slug: str
    site: str
    section: str
    title: str
    age_h: float
    paragraphs: tuple[str, ...]
    summary: str = ""
    byline: str = ""
    tags: tuple[str, ...] = ()
    kind: str = "article"
    poll: int = 1
    updated_age_h: float | None = None
    page_title: str = ""

    @property
    def text(self) -> str:
        """The body as it should be extracted, paragraphs parted by one line break."""
        return "\n".join(part.removeprefix(HEADING) for part in self.paragraphs)


def stories(poll: int) -> dict[str, Story]:
    """All stories that are out at `poll` (1 or 2), by slug, in the order of their names."""
    return dict(_out_at(poll))


@cache
def _out_at(poll: int) -> dict[str, Story]:
    raw = _raw()
    built = {slug: _build(slug, raw, poll) for slug in sorted(raw)}
    return {slug: story for slug, story in built.items() if story.poll <= poll}


@cache
def _raw() -> dict[str, dict[str, Any]]:
    found = {}
    for path in sorted(files(__package__).joinpath("stories").iterdir(), key=lambda p: p.name):
        if path.name.endswith(".yaml"):
            for slug, fields in yaml.safe_load(path.read_text("utf-8")).items():
                found[str(slug)] = fields
    return found


def _build(slug: str, raw: Mapping[str, dict[str, Any]], poll: int) -> Story:
    fields = dict(raw[slug])
    copied = fields.pop("copy", None)
    second = fields.pop("second", None)
    if copied:
        paragraphs = _copied(_build(copied["of"], raw, 1).paragraphs, copied)
    else:
        paragraphs = split(fields.pop("text"))
    fields["tags"] = tuple(fields.get("tags", ()))
    story = Story(slug=slug, paragraphs=paragraphs, **fields)
    if second and poll >= 2:
        story = _corrected(story, dict(second))
    return story


def split(text: str) -> tuple[str, ...]:
    """Paragraphs of a story file: parted by blank lines, line breaks inside are spaces."""
    parts = re.split(r"\n\s*\n", text.strip())
    return tuple(" ".join(part.split()) for part in parts)


def _copied(original: tuple[str, ...], how: Mapping[str, Any]) -> tuple[str, ...]:
    kept = [original[index] for index in how.get("keep", range(len(original)))]
    swaps = how.get("swap", {})
    changed = (swap_words(paragraph, swaps) for paragraph in kept)
    before, after = split(how.get("before", "")), split(how.get("after", ""))
    return tuple(part for part in (*before, *changed, *after) if part)


def swap_words(text: str, swaps: Mapping[str, str]) -> str:
    """Put each key's value in its place wherever it stands as whole words."""
    for old in sorted(swaps, key=lambda word: (-len(word), word)):
        new = swaps[old].replace("\\", r"\\")
        text = re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", new, text)
    return text


def _corrected(story: Story, second: dict[str, Any]) -> Story:
    swaps = second.pop("swap", {})
    note = split(second.pop("note", ""))
    paragraphs = tuple(swap_words(part, swaps) for part in story.paragraphs)
    return replace(
        story,
        paragraphs=tuple(part for part in (*paragraphs, *note) if part),
        **second,
    )
