"""Scores and gates: what counts in full, what is held down, what is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.tag.gates import disaster_gate, numbers
from transforms.tag.score import Scores, curve, held_sentences, points, shown
from transforms.tag.tagger import Analysis, Tagger

FRONT = "Rebels shelled the capital of Sudan and the army repelled the assault. "
FILLER = "The market sold onions, lamps and cloth that day as on every other. " * 30


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger()


def analysed(tagger: Tagger, text: str, title: str = "") -> Analysis:
    return tagger.analyse(title, text, "en", None)


def test_what_opens_a_text_weighs_more_than_what_ends_it(tagger: Tagger) -> None:
    early = analysed(tagger, FRONT + FILLER).scores
    late = analysed(tagger, FILLER + FRONT).scores
    assert early.sums["CONF"] > 1.7 * late.sums["CONF"] > 0


def test_repeating_one_sentence_adds_little(tagger: Tagger) -> None:
    once = analysed(tagger, FILLER[:400] + FRONT).scores.sums["CONF"]
    often = analysed(tagger, FILLER[:400] + FRONT * 4).scores.sums["CONF"]
    assert once < often < 2.5 * once


def test_another_topic_holds_words_of_war_down(tagger: Tagger) -> None:
    plain = "Rebels lay siege to the town."
    sport = "The striker lay siege to the goal and the goalkeeper saved a penalty for the league."
    assert analysed(tagger, plain).scores.context == 1.0
    gated = analysed(tagger, sport).scores
    assert gated.context < 0.6
    assert gated.leading_context == "ctx_sport"


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("Soldiers of Chad fought rebels.", 1.0, 1.0),
        ("Rebels fought soldiers near Burnley.", 0.8, 0.95),
        ("They fought over nothing.", 0.0, 0.4),
    ],
)
def test_story_without_state_or_group_is_held_down(
    tagger: Tagger, text: str, least: float, most: float
) -> None:
    assert least <= analysed(tagger, text).scores.anchor <= most


def test_topic_named_in_the_title_weighs_most(tagger: Tagger) -> None:
    text = "Rebels shelled the town and its league was shelled too."
    named = analysed(tagger, text, "Football").scores.context
    assert named < analysed(tagger, text, "Shells").scores.context


def test_results_count_as_words_of_sport_beside_one_only(tagger: Tagger) -> None:
    sport = "Their bombardment won the match {}."
    assert (
        analysed(tagger, sport.format("3-1, then 2-0")).scores.context
        < analysed(tagger, sport.format("at last")).scores.context
    )
    assert analysed(tagger, "They voted 3-1 on the bombardment.").scores.context == 1.0


def test_words_an_act_is_told_with_are_no_other_topic(tagger: Tagger) -> None:
    told = analysed(tagger, "Norway closed its airport after drones were seen over the runway.")
    assert told.doc.contexts["ctx_business"]
    assert told.scores.context == 1.0


def test_title_and_first_sentence_are_aside_together(tagger: Tagger) -> None:
    text = "FIFA said so. Peru watched.\n\nIts army shelled rebels."
    doc = analysed(tagger, text, "Sanctions on Mali lifted").doc
    first = doc.sentences.of(doc.shift)
    assert held_sentences(doc, first, "aside") == {0, first}
    doc = analysed(tagger, "Peru watched. FIFA said so.", "Sanctions on Mali lifted").doc
    assert held_sentences(doc, first, "aside") == {first + 1}


def test_relief_after_a_flood_counts_less_than_in_a_war(tagger: Tagger) -> None:
    flood = analysed(tagger, "Floods and a storm displaced families; refugees wait for food aid.")
    war = analysed(tagger, "Shelling displaced families; refugees wait for food aid.")
    assert disaster_gate(flood.doc, 0.0) < disaster_gate(war.doc, 0.0) == 1.0
    assert disaster_gate(flood.doc, 5.0) == 1.0


def test_armies_without_an_act_are_no_military_story(tagger: Tagger) -> None:
    idle = analysed(tagger, "The army of Ghana and its soldiers and the navy were named.").scores
    moved = analysed(tagger, "The army of Ghana deployed troops along the border.").scores
    assert "MIL" in idle.without_act
    assert "MIL" not in moved.without_act
    assert idle.categories["MIL"] < 0.5 < moved.categories["MIL"]


def test_sentence_of_remembrance_weighs_little(tagger: Tagger) -> None:
    now = "Shelling killed soldiers of Mali in the battle."
    then = "The anniversary of the shelling that killed soldiers of Mali in the battle."
    assert analysed(tagger, then).scores.sums["CONF"] < analysed(tagger, now).scores.sums["CONF"]


def test_crisis_story_always_shows_a_category() -> None:
    scores = Scores(crisis=0.7, categories={"CONF": 0.4, "DIP": 0.3}, sums={"CONF": 1, "DIP": 1})
    assert list(shown(scores, True)) == ["CONF"]


def test_crisis_story_shows_the_categories_that_are_strong() -> None:
    scores = Scores(crisis=0.9, categories={"CONF": 0.8, "DIP": 0.3}, sums={"CONF": 3, "DIP": 1})
    assert list(shown(scores, True)) == ["CONF"]


def test_crisis_story_lacks_categories_of_a_small_share_but_for_those_it_tells_of() -> None:
    sums = {"CONF": 9.0, "SAN": 1.0, "THR": 1.0}
    strengths = {"CONF": 0.9, "SAN": 0.6, "THR": 0.6}
    scores = Scores(0.9, strengths, sums=sums, told=frozenset({"SAN"}))
    assert list(shown(scores, True)) == ["CONF", "SAN"]


@pytest.mark.parametrize(("troops", "codes"), [(1.5, ["CONF"]), (3.0, ["CONF", "MIL"])])
def test_troops_in_a_war_story_need_a_larger_share(troops: float, codes: list[str]) -> None:
    sums = {"CONF": 4.0, "MIL": troops}
    assert list(shown(Scores(0.9, {"CONF": 0.9, "MIL": 0.8}, sums=sums), True)) == codes


def test_category_scores_by_its_share_of_the_evidence() -> None:
    alone = Scores(crisis=0.8, categories={"SAN": 0.9}, sums={"SAN": 2.0, "THR": 0.0})
    beside = Scores(crisis=0.8, categories={"SAN": 0.9, "THR": 0.9}, sums={"SAN": 2, "THR": 3})
    assert shown(alone, True) == {"SAN": 0.8}
    assert 0 < shown(beside, True)["SAN"] < shown(beside, True)["THR"] < 0.8


def test_categories_of_other_stories_are_as_likely_as_a_crisis_at_most() -> None:
    sums = {"SAN": 9.0, "THR": 0.2, "DIP": 0.001}
    weak = shown(Scores(0.4, dict.fromkeys(sums, 0.1), sums=sums), False)
    assert list(weak) == ["SAN", "THR"]
    assert 0 < weak["THR"] < weak["SAN"] <= 0.4


@given(st.floats(0, 50), st.floats(0, 50))
def test_curve_rises_from_nothing_towards_one(x: float, more: float) -> None:
    low, high = curve(x, 1.5, 2.0), curve(x + more, 1.5, 2.0)
    assert 0 <= low <= high < 1
    assert curve(1.5, 1.5, 2.0) == pytest.approx(0.5)


def test_heavier_cues_are_worth_more() -> None:
    worth = [points(weight) for weight in (1, 1.5, 2, 2.5, 3)]
    assert worth == sorted(worth)
    assert worth[-1] == 1.0
    assert worth[0] == numbers()["points_1"]


def test_two_teams_are_no_parties(tagger: Tagger) -> None:
    tail = " in the match, the coach said after the goal that took the team to the final."
    sport = analysed(tagger, "Morocco bombarded Bahrain" + tail)
    assert sport.scores.context < 0.5


def test_strike_that_is_only_threatened_is_less_of_a_protest(tagger: Tagger) -> None:
    held = analysed(tagger, "Teachers in Chad held a general strike against the government.").scores
    said = "Teachers in Chad threatened a general strike against the government."
    assert analysed(tagger, said).scores.sums["PRO"] < 0.7 * held.sums["PRO"]


def test_threats_about_duties_are_no_threats_of_force(tagger: Tagger) -> None:
    force = analysed(tagger, "Japan threatened retaliation. China warned of severe consequences.")
    duties = "Japan threatened retaliation over tariffs. China warned of severe consequences."
    assert analysed(tagger, duties).scores.sums["THR"] < 0.5 * force.scores.sums["THR"]


def test_sanctions_count_in_full_beside_a_sentence_about_duties(tagger: Tagger) -> None:
    text = "The EU imposed sanctions on Belarus."
    beside = analysed(tagger, "Tariffs rose in Peru. " + text).scores.sums["SAN"]
    assert beside > 0.8 * analysed(tagger, "Prices rose in Peru. " + text).scores.sums["SAN"]
