"""Lines named by their words: as fast as the index makes it, as exact as every expression alone."""

import re
from importlib.resources import files

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from transforms.clean.phrases import _kinds, kinds_of

_TEXT = files("transforms.clean").joinpath("data/phrases.yaml").read_text("utf-8")
_TABLE: dict[str, dict[str, list[str]]] = yaml.safe_load(_TEXT)
_NEEDED = sorted({word for kind in _kinds() for words, _ in kind.anywhere for word in words})
_ENDS = ("", " here to our inbox", " us on facebook and twitter", " be reproduced", " this")


def _by_hand(line: str) -> list[str]:
    line = line.lower()
    return [
        kind
        for kind, by in _TABLE.items()
        if any(re.match(phrase, line) for part in by.values() for phrase in part)
    ]


@pytest.mark.parametrize("word", _NEEDED)
def test_words_that_are_looked_for_first_lose_no_phrase(word: str) -> None:
    for end in _ENDS:
        line = f"Readers may always {word.upper()}{end}"
        assert kinds_of(line) == _by_hand(line)


@given(st.lists(st.sampled_from([*_NEEDED, "read more", "by", "our", "©", "(c) 2020"]), max_size=6))
def test_a_line_is_named_as_by_each_expression_alone(parts: list[str]) -> None:
    line = " ".join(["Readers", *parts])
    assert kinds_of(line) == _by_hand(line)


def test_expressions_are_written_in_small_letters() -> None:
    escapes = re.compile(r"\\.")
    phrases = [phrase for by in _TABLE.values() for part in by.values() for phrase in part]
    assert [p for p in phrases if escapes.sub("", p) != escapes.sub("", p).lower()] == []


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("► READ MORE: The bridge", "related"),
        ("Sign up for our newsletter", "prompt"),
        ("© 2020 The Paper", "rights"),
        ("Text and photos: nobody. Write to news@paper.example", "author"),
    ],
)
def test_case_and_bullets_make_no_difference(line: str, kind: str) -> None:
    assert kind in kinds_of(line)
