"""Capitalised runs: what joins words, what parts them, where capitals say nothing."""

import pytest

from transforms.tag.normalise import fold
from transforms.tag.runs import Run, find_runs


def runs(text: str) -> list[Run]:
    return find_runs(text, fold(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We saw New York and Rio de Janeiro.", ["New York", "Rio Janeiro"]),
        ("They met John F. Kennedy here.", ["John F Kennedy"]),
        ("Stratford-upon-Avon is old", ["Stratford Avon"]),
        ("Russia's Army and Queen Anne's County", ["Russia", "Queen Anne County"]),
        ("St. John's is wet", ["St John"]),
        ("Ядро Москвы и Ōsaka", ["Ядро Москвы", "Ōsaka"]),
        ("He said the Minister saw Lavrov", ["Lavrov"]),
        ("no capitals at all", []),
        ("", []),
    ],
)
def test_words_side_by_side_or_by_a_particle_are_one_run(text: str, found: list[str]) -> None:
    assert [" ".join(text[t.start : t.end] for t in run.tokens) for run in runs(text)] == found


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("The army left Kabul for Herat after a long fight.", [True, True]),
        ("ARMY LEAVES KABUL AFTER FIGHT", [False]),
        ("Army Leaves Kabul After Long Fight", [False]),
        (
            "ARMY LEAVES KABUL AFTER\\nIn Herat it left Kabul.".replace("\\n", "\n"),
            [False, True, True],
        ),
    ],
)
def test_lines_of_capitals_are_marked(text: str, plain: list[bool]) -> None:
    assert [run.plain for run in runs(text)] == plain


def test_soft_tells_where_a_particle_stands() -> None:
    (run,) = runs("University of South Wales")
    assert run.soft == (True, False)
