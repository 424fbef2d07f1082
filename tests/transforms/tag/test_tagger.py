"""The tagger on odd input, its events and its explanation."""

import time
import unicodedata
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.tag.automaton import Automaton, Listed
from transforms.tag.explain import explain_lines
from transforms.tag.normalise import fold, squeeze
from transforms.tag.tagger import MAX_CHARS, Tagger

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


HARD = [
    "Rebels shelled Aleppo", "Syria", "12 people were killed", "Bürgerkrieg", "sanctions",
    "İstanbul'da", "Київ", "обстрел Харькова", "والتفجير في سوريا", "停火", "叙利亚", "Tbilisi",
    "Guinea-Bissau", "U.S.", "Paris, Texas", "\x00", "\u00ad", "\u0301", "\u200d", "\u200f",
    "\u202e", "\u064b", "\ufeff", "\U0001f525", "\U00020000", "\ud83d", "\ufb01", "e\u0301",
    "\u0640", " ", "  ", "\n", ". ", ", ", "-", "'s ", "\u2019", " (", ") ", "\t", "\u00a0",
]  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.sampled_from(HARD), max_size=25).map("".join),
    st.lists(st.sampled_from(HARD), max_size=6).map("".join),
    st.sampled_from(["", "en", "de", "ar", "zh", "ru", "tr"]),
)
def test_every_span_is_the_stored_text_it_names(text: str, title: str, language: str) -> None:
    analysis = tagger().analyse(title, text, language, None)
    tags, fields = analysis.tags, {"title": title, "text": text}
    spans = [e for c in tags.categories for e in c.evidence]
    spans += [c.evidence for c in tags.casualties] + [a.evidence for a in tags.acts]
    for e in spans:
        assert fields[e.field][e.start : e.end].replace("\n", " ") == e.text.replace("\n", " ")
        assert e.text
    for place in tags.places:
        assert fields[place.field][place.start : place.end].replace("\n", " ") == place.name
    for cue in analysis.doc.cues:
        assert 0 <= cue.start < cue.end <= len(title) + 1 + len(text)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(HARD), max_size=25).map("".join))
def test_every_hit_folds_to_its_pattern(text: str) -> None:
    patterns = ["shell*", "killed", "*krieg", "sanctions", "київ*", "обстрел", "تفجير", "سوريا"]
    patterns += ["停火", "叙利亚", "guinea bissau", "u s", "paris texas", "istanbul"]
    for start, end, number in Automaton(Listed(patterns)).scan(fold(text)):
        core = patterns[number].strip("*")
        found = squeeze(fold(text[start:end]))[0]
        letters = "".join(c if unicodedata.category(c)[0] in "LNM" else " " for c in found)
        assert core in " ".join(letters.split())


@pytest.mark.parametrize("opening", ["", "\x00" * 50, "\u202e", "\ufeff", "\u0301" * 9, "😀" * 20])
@pytest.mark.parametrize("closing", ["", "\x00", "\u0301", "\u200f", "\ud83d"])
def test_evidence_at_both_ends_beside_odd_signs(opening: str, closing: str) -> None:
    text = f"{opening}Air strikes hit Syria as rebels answer with shelling{closing}"
    spans = [e for c in tagger().tag("", text, "en", None).categories for e in c.evidence]
    assert {"Air strikes", "shelling"} <= {text[e.start : e.end].strip(closing) for e in spans}


@pytest.mark.parametrize("sort", ["story", "capitals", "cues", "one word", "no blanks", "one line"])
def test_five_megabytes_cost_no_more_than_the_part_that_is_read(sort: str) -> None:
    unit = {
        "story": STORY + "\n", "capitals": "Paris London Jordan Smith Lake Victoria ",
        "cues": "killed wounded 12 troops attack rebels sanctions in 1999, ",
        "one word": "Georgia ", "no blanks": "ParisLondonwar", "one line": "12 killed, ",
    }[sort]  # fmt: skip
    text = unit * (5_000_000 // len(unit))
    begun = time.process_time()
    tags = tagger().tag(text[:1_000_000], text, "en", None)
    assert time.process_time() - begun < 2
    assert all(place.end <= MAX_CHARS for place in tags.places)


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


@pytest.mark.parametrize(
    ("language", "level"), [("en", 2), ("uk", 2), ("ca", 1), ("af", 1), ("fi", 0), ("xx", 0)]
)
def test_tags_say_how_well_the_language_is_known(language: str, level: int) -> None:
    tags = tagger().tag("", "Nokia opened a plant in Tampere.", language, None)
    assert tags.lexicon_level == level
