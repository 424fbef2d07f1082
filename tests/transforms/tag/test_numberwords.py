"""Numbers in words: what is added, what multiplied, what stands first."""

import re

import pytest

from transforms.tag.normalise import fold
from transforms.tag.tollwords import words_of


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "twenty-three", (23, 23)),
        ("en", "a hundred", (100, 100)),
        ("en", "two hundred and twelve", (212, 212)),
        ("en", "dozens", (24, 99)),
        ("fr", "dix-sept", (17, 17)),
        ("fr", "vingt et un", (21, 21)),
        ("fr", "quatre-vingt-dix-neuf", (99, 99)),
        ("fr", "deux cents", (200, 200)),
        ("de", "einundzwanzig", (21, 21)),
        ("es", "cuarenta y cinco", (45, 45)),
        ("pt", "vinte e dois", (22, 22)),
        ("it", "ventisette", (27, 27)),
        ("nl", "zesenvijftig", (56, 56)),
        ("ru", "тридцать два", (32, 32)),
        ("ar", "ثلاثة وأربعين", (43, 43)),
        ("tr", "elli dört", (54, 54)),
        ("sw", "ishirini na watatu", (23, 23)),
    ],
)
def test_number_in_words_has_its_value(language: str, text: str, value: tuple[int, int]) -> None:
    words = words_of(language)
    assert words is not None
    match = re.fullmatch(words.numbers.pattern, fold(text))
    assert match is not None
    assert words.numbers.value(match.group()) == value


def test_word_that_is_no_number_has_no_value() -> None:
    words = words_of("en")
    assert words is not None
    assert words.numbers.value("soldiers") is None
