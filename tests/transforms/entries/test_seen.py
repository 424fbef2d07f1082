"""What the index knows decides whether an entry is fetched."""

import pytest

from transforms.entries.seen import judge
from transforms.records import Entry
from transforms.store.seen import Known

NOW = 1_700_000_000_000
ENTRY = Entry("http://f/", "", "http://x/1", id="0" * 32, entry_hash="new")
STORED = Known(2, "content", "new", NOW - 5, "seen")


@pytest.mark.parametrize(
    ("entry", "known", "fetched"),
    [
        (ENTRY, None, True),
        (ENTRY, STORED, False),
        (ENTRY, STORED._replace(entry_hash="old"), True),
        (ENTRY, STORED._replace(entry_hash=""), False),
        (ENTRY, Known(0, "", "", NOW - 5, "retry"), False),
        (ENTRY._replace(attempt=1), Known(0, "", "", NOW - 5, "retry"), True),
        (ENTRY, Known(0, "", "old", NOW - 5, "gone"), False),
    ],
    ids=[
        "never seen",
        "stored and unchanged",
        "stored, entry changed since",
        "stored before hashes were kept",
        "waits on the retry list",
        "brought back by the retry list",
        "failed for good",
    ],
)
def test_an_entry_is_fetched_only_when_it_is_news(
    entry: Entry, known: Known | None, fetched: bool
) -> None:
    assert (judge(entry, known, NOW) is not None) is fetched


def test_a_changed_entry_knows_its_earlier_revision() -> None:
    kept = judge(ENTRY, STORED._replace(entry_hash="old"), NOW)
    assert kept is not None
    assert (kept.revision, kept.known_content_hash, kept.first_seen_at) == (2, "content", NOW - 5)


def test_a_new_entry_is_first_seen_now() -> None:
    kept = judge(ENTRY, None, NOW)
    assert kept is not None
    assert kept.first_seen_at == NOW
