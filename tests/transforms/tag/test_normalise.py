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


def test_squeeze_drops_the_unseen_and_keeps_the_way_back() -> None:
    text = "e\u0301toile so\u00adft"
    squeezed, offsets = squeeze(fold(text))
    assert squeezed == "etoile soft"
    assert offsets is not None
    assert text[offsets[7]] == "s"
    assert offsets[-1] == len(text)


def test_squeeze_leaves_plain_text_alone() -> None:
    assert squeeze("plain") == ("plain", None)
