"""The site's name in titles, where the host is known to put it."""

import pytest

from transforms.clean.host_cut import AS_TITLE
from transforms.clean.host_title import BEFORE, BEHIND, part_code, strip_host, title_codes

KNOWN = {
    part_code("The Harbour Post", BEHIND): AS_TITLE,
    part_code("World", BEHIND): AS_TITLE,
    part_code("Harbour TV", BEFORE): AS_TITLE,
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
        part_code("World", BEHIND),
        part_code("The Harbour Post", BEHIND),
        part_code("Ferry runs again", BEFORE),
        part_code("World", BEFORE),
    }
    assert title_codes(["Ferry: runs again"]) == []
