"""Close relatives are told apart by their words; what the detector is sure of stands."""

import pytest

from transforms.kindred import Ranked, settle

DOUBT: Ranked = [("id", 0.55), ("ms", 0.45)]


def first(ranked: Ranked, text: str) -> str:
    return settle(ranked, text)[0][0]


@pytest.mark.parametrize(
    ("ranked", "text", "code"),
    [
        (DOUBT, "Polis berkata kerajaan mahu mangsa dibantu kerana hujan lebat.", "ms"),
        (DOUBT, "Polisi mengatakan pemerintah ingin korban dibantu karena hujan lebat.", "id"),
        ([("nb", 0.6), ("nn", 0.4)], "Eg veit ikkje kva dei gjer heile dagen.", "nn"),
        ([("nn", 0.6), ("nb", 0.4)], "Jeg vet ikke hva de gjør hele dagen.", "nb"),
        ([("nb", 0.6), ("da", 0.4)], "Jeg ved ikke, hvad nogle af dem siger efter mødet.", "da"),
        (
            [("hr", 0.6), ("bs", 0.4)],
            "Tačno u januaru je kancelarija primila hiljadu pisama.",
            "bs",
        ),
        ([("bs", 0.6), ("hr", 0.4)], "Točno u siječnju je ured primio tisuću pisama.", "hr"),
        ([("mk", 0.6), ("sr", 0.4)], "Они који су ту нису више деца, већ људи.", "sr"),
        ([("sk", 0.6), ("cs", 0.4)], "Starosta rekl, ze ktery most opravi, jeste nevi.", "cs"),
        ([("cs", 0.6), ("sk", 0.4)], "Starosta povedal, že ktorý most opravia, ešte nevie.", "sk"),
        ([("xh", 0.6), ("zu", 0.4)], "Umnyango uthe ngezinsuku ezimbili, washo lapha.", "zu"),
        ([("zu", 0.6), ("xh", 0.4)], "Urhulumente kunye namapolisa bathi ixesha lifikile.", "xh"),
    ],
)
def test_words_of_one_relative_outweigh_a_doubt(ranked: Ranked, text: str, code: str) -> None:
    assert first(ranked, text) == code


def test_a_language_that_the_detector_takes_for_its_twin_begins_beside_it() -> None:
    sure: Ranked = [("nso", 0.96), ("st", 0.04)]
    assert first(sure, "Batho botlhe ba ne ba re ga go a siama fa motse o tshuba.") == "tn"
    assert first(sure, "Batho ba bangwe ba re ga go a loka eupša goba bjalo.") == "nso"


def test_words_that_say_nothing_change_nothing() -> None:
    known = [(code, 0.0) for code in ("nso", "st", "sn", "ln", "ki", "ff", "lv")]
    for ranked in (DOUBT, [("xh", 0.886), ("zu", 0.114), *known]):
        settled = dict(settle(ranked, "Gaza, Kyiv, Goma"))
        for code, chance in ranked:
            assert settled[code] == pytest.approx(chance, abs=0.06)


def test_a_language_without_relatives_or_beyond_doubt_stands() -> None:
    assert settle([("hu", 0.6), ("fi", 0.4)], "kerana") == [("hu", 0.6), ("fi", 0.4)]
    assert settle([("id", 0.98), ("ms", 0.02)], "kerana kerana") == [("id", 0.98), ("ms", 0.02)]
