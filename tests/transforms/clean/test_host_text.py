"""Sentences as hashes, and what is cut of a text whose host is known to repeat itself."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.clean.host_text import (
    AS_LEAD,
    AS_LINE,
    AS_SENTENCE,
    AT_END,
    BLOCK,
    NEAR_END,
    SENTENCE,
    Cut,
    code_of,
    codes_of,
    cut,
    lines_of,
    tail_start,
)

STORY = "\n".join(
    f"The council of the town met for the {n}th time and spoke at length about the bridge over "
    f"the river, which {n * 7} people cross on every single morning of the week."
    for n in range(1, 8)
)
NOTE = "Write to our newsroom and tell us your story."


def cut_of(text: str, known: Mapping[int, int]) -> Cut:
    return cut(text, lines_of(text), known)


def test_a_hash_is_that_of_the_words_whatever_their_case_and_marks() -> None:
    assert code_of("Read MORE:") == code_of("read  more") != code_of("read most")
    assert code_of("Caf\u00e9 open") == code_of("Cafe\u0301 open")
    assert code_of("***") == 0


def test_lines_hold_their_sentences_and_their_places() -> None:
    text = (
        "One line\n\n  The first sentence is long enough here. He said so. And a third one, longer."
    )
    first, second = lines_of(text)
    assert text[first.whole.start : first.whole.end] == "One line"
    assert first.parts == []
    assert not first.whole.stop
    assert second.whole.stop
    shown = [text[p.start : p.end].strip() for p in second.parts]
    assert shown == [
        "The first sentence is long enough here.", "He said so.", "And a third one, longer.",
    ]  # fmt: skip
    assert [bool(p.code) for p in second.parts] == [True, False, False]


@pytest.mark.parametrize(
    "quoted",
    [
        "“We will not give up this town,” the mayor said.",
        "«Nous ne quitterons pas cette ville», a dit le maire.",
        "„Wir geben diese Stadt nicht auf“, sagte er.",
        '"We will not give up this town," she said.',
        "「私たちはこの町を離れません」と市長は述べた。",
        "“A quotation that goes on in the next paragraph.",
    ],
)
def test_what_is_quoted_has_no_hash(quoted: str) -> None:
    assert codes_of(lines_of(quoted)) == []


@pytest.mark.parametrize(("count", "start"), [(0, 0), (1, 1), (4, 2), (12, 6), (40, 34)])
def test_the_end_is_six_lines_and_no_more_than_half(count: int, start: int) -> None:
    assert tail_start(count) == start


def test_lines_near_the_end_have_a_second_hash() -> None:
    codes = codes_of(lines_of(f"{STORY}\n{NOTE}"))
    assert code_of(NOTE) in codes
    assert code_of(NOTE) | NEAR_END in codes
    first = code_of(STORY.split("\n")[0])
    assert first in codes
    assert first | NEAR_END not in codes


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
