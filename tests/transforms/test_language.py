"""Languages are named right, or not at all; the same under threads and in every process."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from transforms.language import MIN_SCORE, UNKNOWN, Language, declared_code, detect

TEXTS: dict[str, str] = yaml.safe_load(
    Path(__file__).with_name("language_texts.yaml").read_text("utf-8")
)
ENGLISH = TEXTS["en"]


@pytest.mark.parametrize(("code", "text"), TEXTS.items(), ids=list(TEXTS))
def test_a_text_of_two_lines_is_named(code: str, text: str) -> None:
    found = detect(text)
    assert found.code == code
    assert found.score is not None
    assert MIN_SCORE <= found.score <= 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Gaza",
        "12345 " * 30,
        "https://example.org/a/long/address?with=many&parts=in&it " * 30,
        "🔥 🚀 😀 " * 30,
        "The council met on Tuesday evening.",
        "... --- !!! " * 30,
        "@someone #tag " * 30,
    ],
)
def test_too_short_or_wordless_texts_stay_unnamed(text: str) -> None:
    assert detect(text) == Language(UNKNOWN, None)


def test_twenty_words_are_the_least() -> None:
    parts = ENGLISH.split()
    assert detect(" ".join(parts[:19])).code == UNKNOWN
    assert detect(" ".join(parts[:20])).code == "en"


def test_a_jumble_of_letters_is_left_open_whatever_is_declared() -> None:
    jumble = "qzx vvbn jjkl wqrt ppfg zzxc mnbv lkjh gfds qwzx " * 4
    for declared in (None, "fi"):
        found = detect(jumble, declared)
        assert found.code == UNKNOWN or (found.score or 0) >= MIN_SCORE


def test_a_declaration_settles_what_is_open_and_nothing_else() -> None:
    either = (
        "Banka je zatvorena, a direktor je u zatvoru. On kaže da ne zna ništa o tome i da novac "
        "nije kod njega. Policija traži novac i dokumente u kući i u banci."
    )
    assert detect(either, "bs").code == "bs"
    assert detect(either, "hr").code == "hr"
    assert detect(TEXTS["de"], "en").code == "de"


def test_only_the_first_thousand_characters_are_read() -> None:
    assert detect(ENGLISH * 6 + TEXTS["ru"] * 50) == detect(ENGLISH * 6)


def test_a_page_in_ten_languages_is_named_by_none_and_lists_the_large_ones() -> None:
    pieces = [TEXTS[c][:100] for c in ("en", "de", "fr", "es", "pl", "ru", "tr", "sv", "it", "nl")]
    assert detect("\n".join(pieces)).code == UNKNOWN


def test_a_page_in_two_languages_is_named_by_the_larger_share() -> None:
    found = detect(TEXTS["de"] * 3 + "\n" + TEXTS["fr"])
    assert (found.code, found.also) == ("de", ("fr",))


def test_a_foreign_quotation_does_not_rename_a_text() -> None:
    quoted = f"{ENGLISH} He said: „{TEXTS['de'][:90]}“. {ENGLISH}"
    assert detect(quoted).code == "en"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (("en-GB",), "en"),
        (("", "pt_BR"), "pt"),
        (("no",), "nb"),
        (("nb-NO",), "nb"),
        (("iw",), "he"),
        (("x-default", "de"), "de"),
        (("de, en",), "de"),
        (("", "english"), None),
        ((), None),
    ],
)
def test_declarations_are_read_as_iso_639_1(said: tuple[str, ...], code: str | None) -> None:
    assert declared_code(*said) == code


def test_threads_and_repeats_never_change_an_answer() -> None:
    hard = [text[:130] for text in TEXTS.values()] * 3
    alone = [detect(text) for text in hard]
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(detect, hard)) == alone
    assert [detect(text) for text in reversed(hard)] == alone[::-1]


@given(st.text(max_size=300), st.sampled_from([None, "en", "bs", "xx"]))
def test_any_text_gives_a_code_and_a_score(text: str, declared: str | None) -> None:
    found = detect(text * 3, declared)
    assert found.code == UNKNOWN or len(found.code) == 2
    assert found.score is None or 0 <= found.score <= 1
