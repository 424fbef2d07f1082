"""Who is a party to a story and who only looks on."""

import pytest

from transforms.tag.options import TagOptions
from transforms.tag.roles import (
    ACTING,
    ELSEWHERE,
    LOOKING_ON,
    NOTHING_TOLD,
    UNTOLD,
    CountryMention,
    Telling,
    country_roles,
)
from transforms.tag.tagger import Tagger, shared_tagger


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return shared_tagger(TagOptions())


@pytest.mark.parametrize(
    ("language", "title", "text", "party", "aside"),
    [
        (
            "en",
            "Myanmar army and rebels agree to truce",
            "Myanmar's army and Kachin rebels agreed to a cease-fire on Monday after heavy "
            "fighting. Thailand and India welcomed the talks.",
            {"MMR"},
            {"THA", "IND"},
        ),
        (
            "zh",
            "缅甸军方与克钦武装停火",
            "缅甸军方和克钦武装星期一宣布停火，双方在边境激烈交火数周。泰国和印度对会谈表示欢迎。",
            {"MMR"},
            {"THA", "IND"},
        ),
        (
            "es",
            "Protestas en Bolivia dejan tres muertos",
            "La policía de Bolivia dispersó con gases lacrimógenos a los manifestantes en La Paz. "
            "Perú y Argentina recomendaron a sus ciudadanos no viajar.",
            {"BOL"},
            {"PER", "ARG"},
        ),
        (
            "de",
            "Israel greift Ziele im Libanon an",
            "Die israelische Luftwaffe hat bei einem Luftangriff im Libanon vier Menschen getötet. "
            "Kanada sprach eine Reisewarnung aus.",
            {"ISR", "LBN"},
            {"CAN"},
        ),
        (
            "ar",
            "قصف إسرائيلي على لبنان",
            "قتل أربعة أشخاص في غارة إسرائيلية على جنوب لبنان. ورحبت مصر بدعوة إلى هدنة.",
            {"ISR", "LBN"},
            {"EGY"},
        ),
        (
            "en",
            "Houthi missile sets tanker on fire off Yemen",
            "A Greek-owned tanker was set ablaze by a missile fired from Yemen, the navy said.",
            {"YEM"},
            {"GRC"},
        ),
    ],
)
def test_who_welcomes_warns_or_owns_is_no_party(
    tagger: Tagger, language: str, title: str, text: str, party: set[str], aside: set[str]
) -> None:
    roles = {c.alpha3: c.role for c in tagger.tag(title, text, language, None).countries}
    assert {a for a, role in roles.items() if role == "party"} == party
    assert {roles.get(alpha3) for alpha3 in aside} == {"mentioned"}


def test_attacker_named_twice_beside_acts_is_a_party(tagger: Tagger) -> None:
    text = (
        "Artillery shells struck a block of flats in Ukraine, killing 14, the Ukrainian governor "
        "said. Rescue teams dug all night in Ukraine's second city.\n\nUkraine said the fire came "
        "from Russian batteries. Moscow denied that its army was shelling Ukraine."
    )
    roles = {c.alpha3: c.role for c in tagger.tag("Ukraine counts its dead", text, "en", None)[3]}
    assert roles == {"UKR": "party", "RUS": "party"}


def test_sentences_with_acts_count_more_only_where_some_have_none() -> None:
    mentions = [CountryMention(0, 5, "AAA", "country"), CountryMention(40, 45, "BBB", "country")]
    assert [c.role for c in country_roles(mentions, 0, NOTHING_TOLD)] == ["party", "party"]
    told = Telling(" " * 60, [(0, 20)])
    assert told.stance(0, 5) == ACTING
    assert told.stance(40, 45) == ELSEWHERE


def test_word_of_a_bystander_reaches_back_within_its_sentence() -> None:
    folded = "chad. niger welcomed it"
    telling = Telling(folded, bystanders=[(12, 20)])
    assert telling.stance(6, 11) == LOOKING_ON
    assert telling.stance(0, 4) == UNTOLD
