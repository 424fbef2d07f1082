"""An address spells a title, however its accents are written."""

import pytest

from transforms.clean.sitename import words
from transforms.clean.slug import slug_words, spelled


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://x.example/a/ferry-strike_day-3.html", {"ferry", "strike", "day", "3", "html"}),
        ("https://x.example/a/ferry-strike/?page=2", {"ferry", "strike"}),
        ("https://x.example/f%C3%A4hre", {"fähre"}),
        ("https://x.example/", set()),
        ("http://[broken", set()),
    ],
)
def test_the_words_of_an_address_are_those_of_its_last_part(url: str, found: set[str]) -> None:
    assert slug_words(url) == found


@pytest.mark.parametrize(
    ("title", "slug", "share"),
    [
        ("Fähre läuft wieder aus", "faehre-laeuft-wieder-aus", 1),
        ("Fähre läuft wieder aus", "fahre-lauft-wieder-aus", 1),
        ("Señal de vida", "senal-de-vida", 1),
        ("Ferry strike ends", "ferry-strike-goes-on", 2 / 3),
        ("Паром стоит", "parom-stoit", 0),
        ("", "ferry", 0),
    ],
)
def test_the_share_of_a_title_that_an_address_spells(title: str, slug: str, share: float) -> None:
    known = slug_words(f"https://x.example/{slug}")
    assert spelled(words(title), known) == pytest.approx(share)
