"""The one pass: word boundaries in every script, languages, longest match, bounded work."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.tag.automaton import Automaton, Hit, Listed, longest
from transforms.tag.normalise import fold


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("air strike", "An air-strike hit", ["air-strike"]),
        ("cease-fire", "the cease fire", ["cease fire"]),
        ("war", "warm warfare war", ["war"]),
        ("терорист*", "терористів спіймали", ["терористів"]),
        ("*krieg", "im Bürgerkrieg", ["Bürgerkrieg"]),
        ("umstrittene* gebiet*", "in umstrittenen Gebieten", ["umstrittenen Gebieten"]),
        ("تفجير", "والتفجير وقع", ["تفجير"]),
        ("停火", "双方同意停火协议", ["停火"]),
    ],
)
def test_automaton_keeps_to_word_boundaries(pattern: str, text: str, found: list[str]) -> None:
    hits = Automaton(Listed([pattern])).scan(fold(text))
    assert [text[start:end] for start, end, _ in hits] == found


@pytest.mark.parametrize(
    ("language", "found"), [("de", [0, 2]), ("en", [1, 2]), ("", [0, 1, 2]), ("sv", [2])]
)
def test_patterns_count_in_their_languages(language: str, found: list[int]) -> None:
    automaton = Automaton(
        Listed(["war", "war", "nato"], [frozenset({"de"}), frozenset({"en"}), None])
    )
    assert [pattern for _, _, pattern in automaton.scan("war nato", language)] == found


def test_hits_are_handed_out_by_the_layer_of_their_pattern() -> None:
    automaton = Automaton(
        Listed(["war", "cold war"]), Listed(["bonn", "cold war"], None, 9, "names")
    )
    layers = automaton.layers("bonn in the cold war", "en")
    assert layers == {"": [(12, 20, 1), (17, 20, 0)], "names": [(0, 4, 9), (12, 20, 10)]}


def test_phrases_that_begin_with_one_stem_are_told_apart_by_what_follows() -> None:
    patterns = ["kein* hinweis*", "kein*", "kein* an* krieg", "kein* U-Boot", "kein* hinweise"]
    automaton = Automaton(Listed(patterns))
    for text, found in (
        ("keine hinweise darauf", [(0, 5, 1), (0, 14, 0), (0, 14, 4)]),
        ("keinen anderen krieg", [(0, 6, 1), (0, 20, 2)]),
        ("kein u boot, kein u", [(0, 4, 1), (0, 11, 3), (13, 17, 1)]),
        ("kein hin", [(0, 4, 1)]),
    ):
        assert automaton.scan(fold(text)) == found


def test_offsets_are_those_of_the_text_with_unseen_signs() -> None:
    text = "a so\u00adft e\u0301lan\u200d here"
    hits = Automaton(Listed(["soft", "elan here"])).scan(fold(text))
    assert [text[a:b] for a, b, _ in hits] == ["so\u00adft", "e\u0301lan\u200d here"]


@pytest.mark.parametrize(
    ("hits", "chosen"),
    [
        ([(0, 3, 1), (0, 9, 2), (4, 9, 3)], [(0, 9, 2)]),
        ([(0, 9, 1), (0, 9, 2), (9, 12, 3)], [(0, 9, 1), (0, 9, 2), (9, 12, 3)]),
        ([(0, 5, 1), (3, 20, 2), (6, 8, 3)], [(0, 5, 1), (6, 8, 3)]),
        ([], []),
    ],
)
def test_the_longest_at_the_leftmost_place_wins(hits: list[Hit], chosen: list[Hit]) -> None:
    assert longest(hits) == chosen


_SPANS = st.tuples(st.integers(0, 20), st.integers(1, 6), st.integers(0, 3))


@given(st.lists(_SPANS, max_size=12))
def test_chosen_hits_are_equal_or_apart(spans: list[tuple[int, int, int]]) -> None:
    hits = sorted({(start, start + size, pattern) for start, size, pattern in spans})
    chosen = longest(hits)
    assert set(chosen) <= set(hits)
    for a, b in pairwise(chosen):
        assert a[:2] == b[:2] or a[1] <= b[0]
    for start, end, _ in hits:
        assert any(a < end and start < b for a, b, _ in chosen)


@pytest.mark.parametrize(
    "text", ["والتفجير" * 20_000, "krieg" * 30_000, "停火" * 50_000, "ab" * 80_000]
)
def test_text_without_blanks_takes_linear_time(text: str) -> None:
    automaton = Automaton(Listed(["تفجير", "*krieg", "停火", "ab*"]))
    begun = time.process_time()
    automaton.scan(text)
    assert time.process_time() - begun < 2
