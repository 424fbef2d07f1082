"""Languages on the sentences that lie beside the repository: floors, not goals."""

from pathlib import Path

import pytest

from benchmarks.languages import measure, sentences, stage, texts


@pytest.mark.parametrize(
    ("length", "common", "everything", "wrong"),
    [(200, 0.99, 0.972, 0.02), (400, 0.99, 0.975, 0.015), (1000, 0.995, 0.98, 0.015)],
)
def test_texts_of_two_hundred_characters_are_named_right(
    shared: Path, length: int, common: float, everything: float, wrong: float
) -> None:
    got = measure(stage, list(texts(sentences(shared), length)))
    assert got.common >= common
    assert got.all >= everything
    assert got.wrong <= wrong
