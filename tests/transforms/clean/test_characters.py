"""Characters: hyphens at line ends, white space, mojibake; twice is once (see faults/test_text)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.clean.body import clean_body
from transforms.clean.bounds import MAX_CUT_SHARE
from transforms.clean.characters import MENDED, join_hyphens, mend, normalise


@pytest.mark.parametrize(
    ("raw", "joined"),
    [
        ("an exam-\nple of it", "an example of it"),
        ("Hafen\u2010\narbeiter", "Hafenarbeiter"),
        ("до-\nкеры", "докеры"),
        ("Rhine-\nWestphalia", "Rhine-\nWestphalia"),
        ("two - \nthree", "two - \nthree"),
        ("1914-\n1918", "1914-\n1918"),
        ("a list:\n- one\n- two", "a list:\n- one\n- two"),
        ("well-known", "well-known"),
        ("end-\n", "end-\n"),
    ],
)
def test_words_parted_at_line_ends_are_joined(raw: str, joined: str) -> None:
    assert join_hyphens(raw) == joined


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  a \t b  \n\n  c ", "a b\n\nc"),
        ("a\r\nb\rc\x0bd\x0ce", "a\nb\nc\nd\ne"),
        ("a\u00a0\u2003b", "a b"),
        ("plain ascii\x01 text", "plain ascii text"),
        ("", ""),
        ("\u200b\u200b", ""),
    ],
)
def test_white_space_is_single_and_lines_are_trimmed(raw: str, clean: str) -> None:
    assert normalise(raw) == clean


@given(st.text(max_size=200))
def test_what_is_normal_is_composed_and_stays(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\r" not in once
    assert once == once.strip()


@given(st.text(max_size=120))
def test_a_repaired_text_needs_no_second_repair(text: str) -> None:
    broken = text.encode("utf-8", "replace").decode("latin-1")
    once, _ = mend(broken)
    assert mend(once)[0] == once


def test_a_cut_of_more_than_the_share_is_refused_and_says_so() -> None:
    story = "The ferry stood still for a third day on Monday, the port said."
    furniture = "\n".join(["Read more", "Share this article", "Subscribe to our newsletter"] * 9)
    cleaned = clean_body(f"{story}\n{furniture}", [])
    assert len(furniture) > MAX_CUT_SHARE * (len(story) + len(furniture))
    assert cleaned.removed == []
    assert "cleaning_refused" in cleaned.flags
    assert story in cleaned.text
    assert "Read more" in cleaned.text


def test_a_feeds_mojibake_is_repaired_and_flagged() -> None:
    text = "Der Bürgermeister öffnete die Brücke über den Fluss für alle Fußgänger."
    cleaned = clean_body(text.encode().decode("cp1252"), [])
    assert (cleaned.text, cleaned.flags) == (text, [MENDED])
