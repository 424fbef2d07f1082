"""Bodies without junk: what is cut, what stays, and that every cut is on record."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.clean.body import clean_body
from transforms.clean.bounds import KEPT_WHOLE
from transforms.clean.headline import headlines
from transforms.clean.lines import cut_point, weights
from transforms.clean.phrases import kinds_of
from transforms.clean.tail import cut_tail

ROOT = Path(__file__).resolve().parents[3]

STORY = [
    "The harbour council voted on Tuesday to rebuild the northern mole before the winter storms.",
    "Engineers had warned since May that the old stones were shifting under the weight of cranes.",
    "Work begins in April and will take two summers, the mayor said after the meeting.",
]


@pytest.mark.parametrize(
    "junk",
    [
        "Click: See details",
        "Leave a Reply",
        "Read more: The mole that moved",
        "Sign up for our newsletter",
        "Lesen Sie auch: Die Mole, die wanderte",
        "Lire aussi : la jetée qui marche",
        "Читайте также: мол, который сдвинулся",
        "Share this article",
    ],
)
def test_junk_at_the_end_is_cut_and_recorded(junk: str) -> None:
    cleaned = clean_body("\n".join([*STORY, junk]), [])
    assert cleaned.text.split("\n") == STORY
    assert sum(cut.chars for cut in cleaned.removed) == len(junk)


@pytest.mark.parametrize(
    "last",
    [
        "“We read more than we write,” she said.",
        "Reuters reported that twelve ships had left the port.",
        "The European Commission declined to comment on the subscription model.",
        "At least 12 dead, 30 injured",
        "Will the mole hold?",
        "CORRECTION: an earlier version said 12 had died.",
    ],
)
def test_what_a_story_may_say_stays(last: str) -> None:
    assert clean_body("\n".join([*STORY, last]), []).text.split("\n") == [*STORY, last]


def test_junk_in_the_middle_is_not_the_tail_s_business() -> None:
    lines = [STORY[0], "Leave a Reply", STORY[1]]
    assert cut_tail(lines)[0] == lines


@pytest.mark.parametrize(
    ("first", "cut"),
    [
        ("Council votes to rebuild northern mole", True),
        ("HARBOUR Council votes to rebuild northern mole", True),
        (
            "Council votes to rebuild northern mole, and nobody who was there will soon forget how",
            False,
        ),
        ("The harbour was quiet.", False),
    ],
    ids=["the headline", "with a kicker", "goes on as a sentence", "another line"],
)
def test_the_headline_at_the_top_is_no_body(first: str, cut: bool) -> None:
    found = headlines([first, *STORY], ["Council votes to rebuild northern mole"])
    assert found == ([0] if cut else [])


def test_a_rule_that_would_take_most_of_a_body_takes_nothing_and_says_so() -> None:
    text = "\n".join(["Short news.", *["Read more about our subscription offers today"] * 12])
    cleaned = clean_body(text, [])
    assert cleaned.text == text
    assert cleaned.flags == [KEPT_WHOLE]
    assert cleaned.removed == []


@given(st.lists(st.text(max_size=60), max_size=12))
def test_cleaning_a_clean_text_again_changes_nothing(lines: list[str]) -> None:
    once = clean_body("\n".join(lines), []).text
    again = clean_body(once, []).text
    assert clean_body(again, []).text == again


@given(st.lists(st.tuples(st.floats(-5, 5), st.integers(0, 80)), max_size=40))
def test_the_tail_never_takes_more_than_its_share(lines: list[tuple[float, int]]) -> None:
    scores, sizes = [s for s, _ in lines], [n for _, n in lines]
    cut = cut_point(scores, sizes)
    assert sum(sizes[cut:]) <= 0.4 * sum(sizes)
    assert cut >= min(1, len(lines))


def test_every_weight_is_of_a_sign_that_the_code_can_give() -> None:
    code = "".join(
        (ROOT / "transforms" / f"{name}.py").read_text(encoding="utf-8")
        for name in ("clean/signs", "extract/roles")
    )
    families = (
        *("in_", "role_", "above_", "says_", "kin_", "far_kin_", "up_", "down_", "below_title_"),
    )
    for table in weights().values():
        for sign in table.signs:
            assert sign.startswith(families) or f'"{sign}"' in code, sign


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("The exami-\nnation took a day.", "The examination took a day."),
        ("In 2019-\n2020 it rained.", "In 2019-\n2020 it rained."),
        ("He waited -\nand waited.", "He waited -\nand waited."),
    ],
)
def test_words_parted_at_a_line_s_end_are_joined(text: str, joined: str) -> None:
    assert clean_body(text, []).text == joined


def test_a_long_line_names_no_kind() -> None:
    assert kinds_of("Read more " + "and more " * 100) == []
