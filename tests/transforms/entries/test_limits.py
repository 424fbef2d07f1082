"""Lookback and limit."""

import pytest

from transforms.entries.limits import HOUR_MS, newest_first, too_old
from transforms.records import Entry

NOW = 1_700_000_000_000
ENTRY = Entry("http://f/", "", "http://x/1")


@pytest.mark.parametrize(
    ("published", "updated", "hours", "old"),
    [
        (NOW - 3 * HOUR_MS, None, 2, True),
        (NOW - 1 * HOUR_MS, None, 2, False),
        (NOW - 3 * HOUR_MS, None, None, False),
        (None, NOW - 3 * HOUR_MS, 2, True),
        (None, None, 2, False),
    ],
)
def test_an_entry_is_too_old_by_its_own_date_only(
    published: int | None, updated: int | None, hours: float | None, old: bool
) -> None:
    entry = ENTRY._replace(published_at=published, updated_at=updated)
    assert too_old(entry, NOW, hours) is old


def test_the_limit_takes_the_newest_and_leaves_undated_for_last() -> None:
    dated = [ENTRY._replace(id=str(n), published_at=NOW + n) for n in range(3)]
    undated = ENTRY._replace(id="u")
    assert [e.id for e in sorted([undated, *dated], key=newest_first)] == ["2", "1", "0", "u"]
