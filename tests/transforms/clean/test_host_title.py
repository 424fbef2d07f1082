"""The site's name in titles, where the host is known to put it."""

import pytest

from transforms.clean.host_text import AS_TITLE, TITLE_END, TITLE_START, code_of
from transforms.clean.host_title import strip_host, title_codes

KNOWN = {
    code_of("The Harbour Post", TITLE_END): AS_TITLE,
    code_of("World", TITLE_END): AS_TITLE,
    code_of("Harbour TV", TITLE_START): AS_TITLE,
}


@pytest.mark.parametrize(
    ("title", "stripped"),
    [
        ("Ferry runs again | The Harbour Post", "Ferry runs again"),
        ("Ferry runs again - World - The Harbour Post", "Ferry runs again"),
        ("Ferry runs again – THE HARBOUR POST", "Ferry runs again"),
        ("Harbour TV | Ferry runs again", "Ferry runs again"),
        ("The Harbour Post: Ferry runs again", "The Harbour Post: Ferry runs again"),
        ("The Harbour Post | Ferry runs again", "The Harbour Post | Ferry runs again"),
        ("Ferry runs again | Harbour TV", "Ferry runs again | Harbour TV"),
        ("Ferry | The Harbour Post", "Ferry | The Harbour Post"),
        ("World-The Harbour Post", "World-The Harbour Post"),
        ("Ferry runs - again", "Ferry runs - again"),
        ("", ""),
    ],
)
def test_only_known_parts_at_the_ends_go(title: str, stripped: str) -> None:
    assert strip_host(title, KNOWN) == stripped


def test_parts_beside_separators_are_hashed_by_their_side() -> None:
    codes = title_codes(["Ferry runs again | World | The Harbour Post", None, "Ferry runs again"])
    assert set(codes) == {
        code_of("World", TITLE_END),
        code_of("The Harbour Post", TITLE_END),
        code_of("Ferry runs again", TITLE_START),
        code_of("World", TITLE_START),
    }
    assert title_codes(["Ferry: runs again"]) == []
