"""The generated pages in docs/ are those that the code makes."""

from pathlib import Path

import pytest

from pipeline.commands.docs import pages
from pipeline.reference import keys

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", list(pages()))
def test_the_page_is_up_to_date(name: str) -> None:
    written = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert written == pages()[name], "run `make docs`"


def test_every_key_has_a_sentence() -> None:
    assert [row.name for row in keys() if not row.text.endswith(".")] == []
