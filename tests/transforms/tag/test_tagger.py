"""The tagger on odd input, its events and its explanation."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.tag.explain import explain_lines
from transforms.tag.tagger import Tagger

STORY = (
    "Rebels shelled the market of Aleppo in Syria on Monday, killing at least 12 people. "
    "The government condemned the attack and called for an emergency meeting of the Security "
    "Council. Thousands fled the fighting."
)


@cache
def tagger() -> Tagger:
    return Tagger()


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "\n\n", "a" * 5_000_000, "\ud800", "\u200f\u202e", "🔥" * 40]
)
def test_odd_text_is_no_crisis_and_no_error(text: str) -> None:
    tags = tagger().tag("", text, "", None)
    assert not tags.is_crisis
    assert tags.severity == 0


@pytest.mark.parametrize("junk", ["\x00", "\u00ad", "\u0301", "🔥", "\u200d"])
def test_offsets_stay_exact_behind_unseen_signs(junk: str) -> None:
    text = f"{junk}{junk} " + STORY.replace(
        "shelled", f"shel{junk}led" if junk != "🔥" else "shelled"
    )
    tags = tagger().tag("", text, "en", None)
    assert tags.is_crisis
    for category in tags.categories:
        for e in category.evidence:
            assert text[e.start : e.end] == e.text


def test_evidence_may_start_the_text_and_end_it() -> None:
    text = "Air strikes in Syria: rebels answer with shelling"
    spans = [e for c in tagger().tag("", text, "en", None).categories for e in c.evidence]
    assert any(e.start == 0 for e in spans)
    assert any(e.end == len(text) for e in spans)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=60))
def test_any_text_gives_evidence_that_is_in_it(text: str, title: str) -> None:
    tags = tagger().tag(title, f"{text} {STORY}", "en", None)
    fields = {"title": title, "text": f"{text} {STORY}"}
    for category in tags.categories:
        for e in category.evidence:
            assert fields[e.field].replace("\n", " ")[e.start : e.end] == e.text.replace("\n", " ")


def test_same_text_same_tags() -> None:
    assert tagger().tag("", STORY, "en", None) == Tagger().tag("", STORY, "en", None)


def test_explanation_shows_evidence_rules_and_gates() -> None:
    lines = explain_lines(tagger(), "Price war and shelling in Syria", STORY, "en", None)
    text = "\n".join(lines)
    assert "crisis: yes" in text
    assert "⟦" in text
    assert "blocked:" in text
    assert "gates:" in text
