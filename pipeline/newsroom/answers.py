"""The script of the newsroom: what should become of each story (answers.yaml)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from pipeline.newsroom.stories import stories

Check = tuple[str, bool, object, object]
"""(what, whether it is right, got, wanted)"""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a right run says of one story.

    `categories` must all be there and `also` may be; `parties` must be parties of the story,
    `not_parties` must not. `dup_of` names the slugs of which any may be called the original.
    `second` is the outcome on the second poll, `dead_second` the dead that the revision counts.
    The `any_…` fields say where more than one answer is right.
    """

    outcome: str = "article"
    reason: str = ""
    language: str = "en"
    wall: str = "none"
    crisis: bool = False
    categories: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    not_parties: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    dead_min: int | None = None
    dead_max: int | None = None
    dead_second: int | None = None
    dup_kind: str = "none"
    dup_of: tuple[str, ...] = ()
    title: str = ""
    second: str = "seen_before"
    any_outcome: tuple[str, ...] = ()
    any_crisis: bool = False
    any_dup: bool = False


@cache
def answers() -> dict[str, Expected]:
    """Expected results by story slug."""
    raw: dict[str, dict[str, Any]] = yaml.safe_load(
        files(__package__).joinpath("answers.yaml").read_text("utf-8")
    )
    return {
        slug: Expected(**{name: _value(value) for name, value in fields.items()})
        for slug, fields in raw.items()
    }


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def expected_now(slug: str, poll: int) -> Expected | None:
    """The answer for an article row of `slug` written by poll 1 or 2; None: no such row."""
    answer = answers()[slug]
    wanted = {answer.outcome, *answer.any_outcome} if poll == 1 else {answer.second}
    if stories(1).get(slug) is None and poll == 1:
        return None
    return answer if wanted & {"article", "revision"} else None


def faults(slug: str, row: Mapping[str, Any], dup_slug: str | None) -> list[str]:
    """Where the article row departs from the script, one sentence each; empty: nowhere.

    `row` has the columns of `articles`, `dup_slug` is the story that `dup_of` points at.
    """
    want = answers()[slug]
    checks = [*_plain(want, row), *_copies(want, row, dup_slug)]
    if not want.any_crisis:
        checks += [*_crisis(want, row), *_dead(want, row)]
    return [
        f"{slug}: {name} is {got!r}, expected {wanted!r}"
        for name, right, got, wanted in checks
        if not right
    ]


def _plain(want: Expected, row: Mapping[str, Any]) -> Iterator[Check]:
    yield "language", row["language"] == want.language, row["language"], want.language
    yield "wall", row["wall"] == want.wall, row["wall"], want.wall
    if want.title:
        yield "title", row["title"] == want.title, row["title"], want.title


def _copies(want: Expected, row: Mapping[str, Any], dup_slug: str | None) -> Iterator[Check]:
    kind = row["dup_kind"]
    right = kind == want.dup_kind or (want.any_dup and kind == "none")
    yield "dup_kind", right, kind, want.dup_kind
    if kind != "none":
        yield "dup_of", dup_slug in want.dup_of, dup_slug, want.dup_of


def _crisis(want: Expected, row: Mapping[str, Any]) -> Iterator[Check]:
    yield "is_crisis", bool(row["is_crisis"]) == want.crisis, row["is_crisis"], want.crisis
    codes = {category["code"] for category in row["categories"] or ()}
    yield "categories", codes >= set(want.categories), sorted(codes), want.categories
    allowed = {*want.categories, *want.also}
    yield "categories", not row["is_crisis"] or codes <= allowed, sorted(codes), sorted(allowed)
    parties = {c["alpha3"] for c in row["countries"] or () if c["role"] == "party"}
    yield "parties", parties >= set(want.parties), sorted(parties), want.parties
    yield "parties", not parties & set(want.not_parties), sorted(parties), f"no {want.not_parties}"
    named = set(row["organisations"] or ())
    yield "organisations", named >= set(want.organisations), sorted(named), want.organisations


def _dead(want: Expected, row: Mapping[str, Any]) -> Iterator[Check]:
    later = want.dead_second if row["revision"] > 1 else None
    low, high = later or want.dead_min, later or want.dead_max
    if low is not None:
        yield "dead_min", row["dead_min"] == low, row["dead_min"], low
    if high is not None:
        yield "dead_max", (row["dead_max"] or 0) == high, row["dead_max"], high
