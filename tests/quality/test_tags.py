"""The tagger on the reference article that lies beside the repository."""

from pathlib import Path

import pytest

from transforms.tag.tagger import Tagger


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger()


def test_reference_article_is_tagged_as_the_design_says(shared: Path, tagger: Tagger) -> None:
    path = shared / "data" / "reference" / "ukraine_standoff_spun.txt"
    title, _, text = path.read_text(encoding="utf-8").partition("\n")
    tags = tagger.tag(title, text, "en", None)
    roles = {c.alpha3: c.role for c in tags.countries}
    assert tags.is_crisis
    assert {c.code for c in tags.categories} == {"DIP", "MIL", "THR", "SAN"}
    assert {c for c, role in roles.items() if role == "party"} == {"UKR", "RUS", "USA"}
    assert roles.get("CHE") == "place"
    assert set(tags.organisations) == {"NATO", "OSCE"}
    assert list(tags.crises) == ["russia-ukraine"]
    assert tags.severity == 2
    assert (tags.dead_min, tags.injured_min) == (None, None)
