"""What publishers state about automated use is repeated, not interpreted."""

import json
import time

import pytest

from transforms.fetch.response import Response
from transforms.fetch.rights import licence, rights_json
from transforms.outcomes import Reason
from transforms.records import Rights


def stated(headers: list[tuple[str, str]], robots: str = "allowed", *signals: str) -> Rights:
    response = Response("u", "u", Reason.FETCHED, headers=tuple(headers))
    return Rights(**json.loads(rights_json(response, robots, signals)))


def test_nothing_stated_is_nothing_said() -> None:
    assert stated([]) == Rights("allowed", None, [], None)


@pytest.mark.parametrize(
    ("value", "reserved"), [("1", True), ("0", False), (" 1 ", True), ("x", None)]
)
def test_tdm_reservation(value: str, reserved: bool | None) -> None:
    assert stated([("tdm-reservation", value)]).tdm_reservation is reserved


@pytest.mark.parametrize(
    ("headers", "signals", "found"),
    [
        (
            [("x-robots-tag", "noai, noimageai")],
            [],
            ["x-robots-tag: noai", "x-robots-tag: noimageai"],
        ),
        ([("x-robots-tag", "otherbot: noindex, NOAI")], [], ["x-robots-tag: noai"]),
        ([("x-robots-tag", "noindex"), ("x-robots-tag", "noai")], [], ["x-robots-tag: noai"]),
        ([("x-robots-tag", "noarchive, max-snippet:10")], [], []),
        ([("content-usage", "train-ai=n, search=y")], [], ["content-usage: train-ai=n"]),
        ([("content-usage", "train-ai=y")], [], []),
        ([], ["search=yes", "ai-train=no"], ["content-signal: ai-train=no"]),
    ],
)
def test_ai_opt_outs(headers: list[tuple[str, str]], signals: list[str], found: list[str]) -> None:
    assert stated(headers, "allowed", *signals).ai_opt_out == found


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ('<https://creativecommons.org/licenses/by/4.0/>; rel="license"', "https://creativecommons.org/licenses/by/4.0/"),
        ('</a>; rel=preload, </terms>; rel="next license"', "/terms"),
        ("</a>; rel=canonical", None),
    ],
)  # fmt: skip
def test_a_licence_is_a_link(link: str, target: str | None) -> None:
    assert stated([("link", link)]).licence == target


@pytest.mark.parametrize(
    "link",
    ["<a>;" * 15_000, "<a>; " + "rel=" * 15_000, "<" * 60_000, "<a>;" + " " * 60_000,
     "<a>; rel=" + "licence" * 9_000],
)  # fmt: skip
def test_a_hostile_link_header_takes_no_time(link: str) -> None:
    start = time.process_time()
    licence(link)
    assert time.process_time() - start < 1
