"""The kind of a pair: from the two texts alone."""

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.dedup.stories import spin, story
from transforms.dedup.options import CopyOptions
from transforms.dedup.verify import judge, prepare

TEXT = story(1, 20)


def kind(one: str, other: str, options: CopyOptions | None = None) -> str:
    return judge(prepare(one), prepare(other), options).kind


def shuffled(text: str) -> str:
    rng = random.Random(4)
    out = []
    for paragraph in text.split("\n\n"):
        kept = [s for s in re.split(r"(?<=\.) ", paragraph) if rng.random() > 0.15]
        rng.shuffle(kept)
        out.append(" ".join(kept))
    return "\n\n".join(out)


def new_numbers(text: str, count: int) -> str:
    rng = random.Random(3)
    return re.sub(r"\d+", lambda _: str(rng.randint(10_000, 99_999)), text, count=count)


NOTICE = (
    "The state bank of Tarsk said that its money supply rose {} pct in the week to the end of the "
    "month after a rise of {} pct in the week before, while deposits fell by {} mln crowns to {} "
    "mln and the discount rate stayed at {} pct, which the bank expects to keep until {}."
)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (TEXT, "exact"),
        (TEXT.upper(), "exact"),
        ("DUNHOLLOW (Wire) - " + TEXT + "\n\nShare this page. Leave a reply.", "near"),
        ("\n\n".join(TEXT.split("\n\n")[2:]), "near"),
        (new_numbers(TEXT, 1), "near"),
        (spin(TEXT, 1, 0.05), "spun"),
        (spin(TEXT, 1, 0.5), "spun"),
        (shuffled(spin(TEXT, 1, 0.4)), "spun"),
        ("\n\n".join(TEXT.split("\n\n")[:3]), "partial"),
        (story(7, 20) + "\n\n" + "\n\n".join(TEXT.split("\n\n")[3:6]), "partial"),
        (story(2, 20), "distinct"),
        ("", "distinct"),
    ],
)
def test_each_kind_of_copy_is_named(other: str, expected: str) -> None:
    assert kind(TEXT, other) == kind(other, TEXT) == expected


def test_one_form_filled_in_twice_is_a_template() -> None:
    one = NOTICE.format("2.31", "1.17", "312.5", "9,411", "4-3/4", "March 15")
    other = NOTICE.format("0.98", "3.02", "77.1", "8,230", "5-1/8", "April 30")
    assert kind(one, other) == "template"


def test_a_shared_quote_makes_no_partial_copy() -> None:
    words = " ".join(story(40, 4).replace(".", ",").split()[:70])
    quote = f" “{words}” "
    assert kind(story(41) + quote + story(42), story(43) + quote + story(44)) == "distinct"
    assert kind(story(41) + words + story(42), story(43) + words + story(44)) == "partial"


def test_a_shorter_passage_counts_where_the_caller_says_so() -> None:
    passage = " ".join(story(50, 3).split()[:35])
    one, other = story(51) + "\n" + passage, story(52) + "\n" + passage
    assert kind(one, other) == "distinct"
    assert kind(one, other, CopyOptions(partial_tokens=25)) == "partial"


def test_one_changed_spelling_is_an_edit_not_a_swap() -> None:
    words = TEXT.split()
    long = [i for i, word in enumerate(words) if len(word) > 6 and word.islower()][:6]
    for i in long:
        words[i] = words[i][:3] + "x" + words[i][4:]
    assert kind(TEXT, " ".join(words)) == "near"


@given(st.integers(0, 500), st.integers(0, 500), st.floats(0, 1))
@settings(max_examples=30, deadline=None)
def test_the_kind_does_not_depend_on_which_text_comes_first(
    one: int, other: int, rate: float
) -> None:
    a, b = prepare(story(one, 6)), prepare(spin(story(other % 3 + one, 6), other, rate))
    assert judge(a, b) == judge(b, a)
    assert 0 <= judge(a, b).score <= 1
