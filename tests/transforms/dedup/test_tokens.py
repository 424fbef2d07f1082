"""Tokens: what counts as one, its class, and where sentences start."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.dedup.language import CODES, function_language, is_function_word
from transforms.dedup.tokens import (
    CLASS_BITS,
    CONTENT,
    FUNCTION,
    NAME,
    NUMBER,
    count_tokens,
    forms,
    normalise,
    quoted,
    read,
    stream_hash,
)


def words(text: str) -> list[str]:
    reading = read(text)
    return [reading.word(i) for i in range(len(reading.hashes))]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("It rose 736.7 to 1,250 points.", ["It", "rose", "736.7", "to", "1,250", "points"]),
        ("A full-scale move; don't wait", ["A", "full", "scale", "move", "don", "t", "wait"]),
        ("bond at 7-1/4 pct", ["bond", "at", "7-1/4", "pct"]),
        ("新华社 news", ["新", "华", "社", "news"]),
        ("カナ文字", ["カ", "ナ", "文", "字"]),
        ("ที่นี่", ["ที่", "นี่"]),
        ("समाचार पत्र", ["समाचार", "पत्र"]),
        ("soft\u00adhyphen zero\u200bwidth", ["softhyphen", "zerowidth"]),
        ("cafe\u0301 Ｗｉｄｅ", ["café", "Wide"]),
        ("", []),
        ("… — “”", []),
    ],
)
def test_a_text_falls_into_tokens(text: str, tokens: list[str]) -> None:
    assert words(text) == tokens
    assert count_tokens(normalise(text)) == len(tokens)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Say “hello” there", 'Say "hello"  there'),
        ("It’s 1,000 days", "it's 1000 DAYS"),
        ("e\u0301te\u0301", "été"),
        ("مُحَمَّد", "محمد"),
        ("a\r\nb", "a b"),
    ],
)
def test_typography_makes_no_difference(one: str, other: str) -> None:
    assert stream_hash(read(one).hashes) == stream_hash(read(other).hashes)


def test_function_words_names_and_numbers_are_told_from_content() -> None:
    reading = read(
        "The minister told Ilka Ferrund in the town of Tarsk that 40 pumps had failed. Later."
    )
    kinds = (reading.hashes & CLASS_BITS).tolist()
    by_word = {reading.word(i): kind for i, kind in enumerate(kinds)}
    assert by_word["minister"] == by_word["pumps"] == by_word["Later"] == CONTENT
    assert by_word["The"] == by_word["that"] == FUNCTION
    assert by_word["Ilka"] == by_word["Tarsk"] == NAME
    assert by_word["40"] == NUMBER


def test_german_nouns_are_no_names() -> None:
    text = "Der Minister sagte in der Stadt, dass die Pumpen nicht mehr von der Firma sind."
    reading = read(text)
    assert reading.language == "de"
    assert NAME not in (reading.hashes & CLASS_BITS).tolist()


def test_shouted_texts_have_no_names() -> None:
    reading = read("THE MINISTER SAID IN THE TOWN THAT PUMPS HAD FAILED AGAIN BEFORE NOON")
    assert NAME not in (reading.hashes & CLASS_BITS).tolist()


def test_a_word_has_one_form_wherever_it_stands() -> None:
    reading = read("Pumps failed. The pumps of Pumps")
    codes = forms(reading.hashes)
    assert codes[0] == codes[3] == codes[5]


def test_sentences_start_where_punctuation_and_lines_say() -> None:
    reading = read("One ends here. Two asks?\nThree is a line\n\nFour。五六")
    assert reading.starts.tolist() == [0, 3, 5, 9, 10]


def test_quotes_are_marked_and_an_open_one_ends_with_its_line() -> None:
    text = 'He said “we will go” and "stay\nuntil" noon'
    assert quoted(text, 10).tolist() == [False] * 2 + [True] * 3 + [False] * 5


@given(st.text(max_size=300))
def test_any_text_is_read_the_same_twice(text: str) -> None:
    first, second = read(text), read(text)
    assert np.array_equal(first.hashes, second.hashes)
    assert len(first.places) == len(first.hashes)
    assert all(0 <= start < len(first.hashes) for start in first.starts)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("the man who was in the house with them", "en"),
        ("der Mann war mit ihnen in dem Haus und nicht bei uns", "de"),
        ("il a été avec eux dans la maison qui est la nôtre", "fr"),
        ("он был в доме с ними и не знал об этом", "ru"),
        ("kalomer tinsul drapevon garish", ""),
        ("", ""),
    ],
)
def test_the_function_words_of_a_text_tell_their_language(text: str, code: str) -> None:
    assert function_language(text.split()) == code


def test_without_a_list_short_words_count_as_function_words() -> None:
    assert is_function_word("ab", "")
    assert not is_function_word("kalomer", "")


def test_every_language_is_listed_once() -> None:
    assert len(set(CODES)) == len(CODES) >= 30
