"""Folding keeps every offset and brings one spelling about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.tag.normalise import IGNORED, fold, squeeze


@given(st.text())
def test_one_code_point_in_one_out(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    seen = fold(text).replace(IGNORED, "")
    assert fold(seen) == seen


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Überfall", "uberfall"),
        ("İstanbul ılık", "istanbul ilik"),
        ("Straße", "straße"),
        ("cease\u2011fire — now", "cease-fire - now"),
        ("“Peace” isn’t", '"peace" isn\'t'),
        ("a\u00a0b\nc", "a b c"),
        ("إسرائيل", "اسراييل"),
        ("Ёлка", "елка"),
        ("Київ", "київ"),
        ("戰爭", "战争"),
        ("١٢", "12"),
        ("ＮＡＴＯ", "nato"),
        ("a\x00b\ud800c", "a b c"),
    ],
)
def test_folds(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.lists(st.text(min_size=1), min_size=1, max_size=4))
def test_a_long_text_is_folded_as_its_characters_are(texts: list[str]) -> None:
    for text in (text * (240 // len(text) + 1) for text in texts):
        assert fold(text) == "".join(map(fold, text))


def test_texts_of_many_scripts_in_turn_are_folded_alike() -> None:
    alphabets = [(0xC0, 0x17F), (0x400, 0x4FF), (0x600, 0x6FF), (0x370, 0x3FF), (0x900, 0x97F)]
    alphabets += [(0x5D0, 0x5EA), (0x4E00, 0x4EFF), (0x1F300, 0x1F340), (0xFFF0, 0xFFFF)]
    texts = ["Ab “c” " + "".join(map(chr, range(*ends))) * 4 for ends in alphabets]
    for text in texts * 2:
        assert fold(text) == "".join(map(fold, text))


def test_squeeze_drops_the_unseen_and_keeps_the_way_back() -> None:
    text = "e\u0301toile so\u00adft"
    squeezed, offsets = squeeze(fold(text))
    assert squeezed == "etoile soft"
    assert offsets is not None
    assert text[offsets[7]] == "s"
    assert offsets[-1] == len(text)


def test_squeeze_leaves_plain_text_alone() -> None:
    assert squeeze("plain") == ("plain", None)
