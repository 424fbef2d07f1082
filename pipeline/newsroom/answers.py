"""The script of the newsroom: what should become of each story (answers.yaml)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from pipeline.newsroom.stories import stories


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
    found: list[str] = []

    def check(name: str, got: object, right: bool, wanted: object) -> None:
        if not right:
            found.append(f"{slug}: {name} is {got!r}, expected {wanted!r}")

    check("language", row["language"], row["language"] == want.language, want.language)
    check("wall", row["wall"], row["wall"] == want.wall, want.wall)
    if not want.any_crisis:
        check("is_crisis", row["is_crisis"], bool(row["is_crisis"]) == want.crisis, want.crisis)
    codes = {category["code"] for category in row["categories"] or ()}
    allowed = {*want.categories, *want.also}
    check("categories", sorted(codes), set(want.categories) <= codes, sorted(want.categories))
    check("categories", sorted(codes), not row["is_crisis"] or codes <= allowed, sorted(allowed))
    parties = {c["alpha3"] for c in row["countries"] or () if c["role"] == "party"}
    check("parties", sorted(parties), set(want.parties) <= parties, want.parties)
    check("parties", sorted(parties), not parties & set(want.not_parties), "not these")
    organisations = set(row["organisations"] or ())
    wanted = set(want.organisations)
    check("organisations", sorted(organisations), wanted <= organisations, sorted(wanted))
    _check_dead(want, row, check)
    kinds = {want.dup_kind, "none"} if want.any_dup else {want.dup_kind}
    check("dup_kind", row["dup_kind"], row["dup_kind"] in kinds, want.dup_kind)
    if row["dup_kind"] != "none":
        check("dup_of", dup_slug, dup_slug in want.dup_of, want.dup_of)
    if want.title:
        check("title", row["title"], row["title"] == want.title, want.title)
    return found


def _check_dead(want: Expected, row: Mapping[str, Any], check: Any) -> None:
    dead = want.dead_second if row["revision"] > 1 and want.dead_second else None
    low, high = dead or want.dead_min, dead or want.dead_max
    if low is not None:
        check("dead_min", row["dead_min"], row["dead_min"] == low, low)
    if high is not None:
        check("dead_max", row["dead_max"], (row["dead_max"] or 0) == high, high)
