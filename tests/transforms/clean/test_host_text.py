"""Sentences as hashes."""

import pytest

from transforms.clean.host_text import NEAR_END, code_of, codes_of, lines_of, tail_start

STORY = "\n".join(
    f"The council of the town met for the {n}th time and spoke at length about the bridge over "
    f"the river, which {n * 7} people cross on every single morning of the week."
    for n in range(1, 8)
)
NOTE = "Write to our newsroom and tell us your story."


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
