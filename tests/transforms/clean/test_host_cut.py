"""What is cut of a text whose host is known to repeat itself."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.clean.host_cut import (
    AS_LEAD,
    AS_LINE,
    AS_SENTENCE,
    AT_END,
    BLOCK,
    SENTENCE,
    Cut,
    cut,
)
from transforms.clean.host_text import code_of, codes_of, lines_of

STORY = "\n".join(
    f"The council of the town met for the {n}th time and spoke at length about the bridge over "
    f"the river, which {n * 7} people cross on every single morning of the week."
    for n in range(1, 8)
)
NOTE = "Write to our newsroom and tell us your story."


def cut_of(text: str, known: Mapping[int, int]) -> Cut:
    return cut(text, lines_of(text), known)


@pytest.mark.parametrize(
    ("note", "where", "what", "gone"),
    [
        (NOTE, "end", AT_END, True),
        (NOTE, "middle", AT_END, False),
        (NOTE, "middle", AS_LINE, False),
        (NOTE, "middle", AS_SENTENCE, True),
        ("Advertisement", "middle", AS_LINE, True),
        ("Advertisement", "middle", AT_END, False),
        ("KYIV", "start", AS_LINE | AS_SENTENCE, False),
        ("KYIV", "start", AS_LEAD, True),
        ("This article is more than a year old", "start", AS_LINE, True),
    ],
)
def test_how_well_a_line_must_be_known_depends_on_its_place(
    note: str, where: str, what: int, gone: bool
) -> None:
    rows = STORY.split("\n")
    rows.insert({"start": 0, "middle": 1, "end": len(rows)}[where], note)
    found = cut_of("\n".join(rows), {code_of(note): what})
    assert found == (Cut(STORY, [(BLOCK, len(note))]) if gone else Cut("\n".join(rows), []))


def test_the_first_paragraph_goes_only_when_most_articles_begin_with_it() -> None:
    lead = STORY.split("\n")[0]
    assert cut_of(STORY, {code_of(lead): AS_SENTENCE | AT_END}).gone == []
    assert cut_of(STORY, {code_of(lead): AS_LEAD}).text == STORY.partition("\n")[2]


def test_a_sentence_goes_out_of_its_paragraph() -> None:
    text = f"{STORY} {NOTE}"
    assert cut_of(text, {code_of(NOTE): AT_END}) == Cut(STORY, [(SENTENCE, len(NOTE))])


def test_short_calls_go_with_the_note_that_they_stand_in() -> None:
    note = f"Seen something? {NOTE}"
    found = cut_of(f"{STORY}\n{note}", {code_of(NOTE): AT_END})
    assert found == Cut(STORY, [(BLOCK, len(note))])


def test_blank_lines_of_the_story_stay() -> None:
    text = f"{STORY}\n{NOTE}".replace("\n", "\n\n")
    assert cut_of(text, {code_of(NOTE): AT_END}).text == STORY.replace("\n", "\n\n")


WORDS = st.sampled_from(
    ["river", "bridge", "council", "town.", "morning,", "“quoted”", "said.", "橋。", "…\n", "\n\n"]
)


@given(st.lists(WORDS, max_size=60), st.randoms(use_true_random=False))
def test_nothing_but_what_is_known_goes_and_the_rest_keeps_its_order(words, rng) -> None:  # type: ignore[no-untyped-def]
    text = " ".join(words)
    lines = lines_of(text)
    codes = [code for code in codes_of(lines) if rng.random() < 0.5]
    known = dict.fromkeys(codes, AS_LEAD | AS_SENTENCE | AS_LINE | AT_END)
    rest, gone = cut(text, lines, known)
    left = iter(text)
    assert all(char in left for char in rest)
    lost = len("".join(text.split())) - len("".join(rest.split()))
    assert lost <= sum(chars for _, chars in gone)
    assert (rest == text) == (not gone)


BACKGROUND = "The bridge over the river was closed by the council in the morning of 3 May."


@pytest.mark.parametrize(
    ("sentence", "what", "stays"),
    [
        (BACKGROUND, AS_SENTENCE | AT_END, True),
        (BACKGROUND, AS_SENTENCE | AT_END | AS_LEAD, False),
        (BACKGROUND.removesuffix("."), AS_LINE, False),
        ("Subscribe to our weekly letter about gardens and markets.", AT_END, False),
    ],
)
def test_background_that_is_told_in_many_stories_stays(
    sentence: str, what: int, stays: bool
) -> None:
    found = cut_of(f"{STORY}\n{sentence}", {code_of(sentence): what})
    assert found.text == (f"{STORY}\n{sentence}" if stays else STORY)
    assert bool(found.gone) != stays


def test_a_note_of_several_sentences_is_no_background_of_itself() -> None:
    first = "Readers of our gazette support gardens and markets with letters."
    second = "Support gardens and markets with letters, readers of our gazette!"
    found = cut_of(f"{STORY}\n{first} {second}", {code_of(s): AT_END for s in (first, second)})
    assert found.text == STORY
