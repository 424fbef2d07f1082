"""The retry list waits, comes back and gives up."""

import pytest
from lake_samples import NOW, letter

from transforms.outcomes import TRANSIENT, Reason
from transforms.records import Entry
from transforms.store.letters import (
    BACKOFF_MS,
    MAX_ATTEMPTS,
    due,
    entry_from_json,
    entry_to_json,
    retry_at,
    revived,
)

ENTRY = Entry(
    "https://f.example/", "Feed", "https://a.example/1", title="Ой \ud83d", authors=["A", "B"],
    tags=[], flags=["date_odd"], published_at=5, attempt=2,
)  # fmt: skip


def test_an_entry_survives_as_json() -> None:
    assert entry_from_json(entry_to_json(ENTRY)) == ENTRY


def test_unknown_fields_are_ignored_and_missing_ones_take_defaults() -> None:
    entry = entry_from_json('{"feed_url": "f", "feed_title": "t", "url": "u", "later": 1}')
    assert entry == Entry("f", "t", "u")


@pytest.mark.parametrize("text", ["", "{", "[]", "7", "null", '{"feed_url": "f"}', '"x"'])
def test_what_is_no_entry_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):
        entry_from_json(text)


def test_each_wait_is_longer_until_there_are_no_more_tries() -> None:
    waits = [retry_at(Reason.SERVER_ERROR, attempt, NOW) for attempt in range(MAX_ATTEMPTS + 2)]
    assert waits == [*(NOW + wait for wait in BACKOFF_MS), None, None]
    assert sorted(set(BACKOFF_MS)) == list(BACKOFF_MS)


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason not in TRANSIENT])
def test_what_waiting_cannot_mend_is_not_tried_again(reason: Reason) -> None:
    assert retry_at(reason, 0, NOW) is None


def test_a_letter_is_due_from_its_time_on() -> None:
    waiting = letter(1)
    assert not due(waiting, NOW)
    assert due(waiting, NOW + BACKOFF_MS[0])
    assert not due(waiting._replace(item="feed"), NOW + BACKOFF_MS[0])
    assert not due(waiting._replace(entry=None), NOW + BACKOFF_MS[0])
    assert not due(letter(1, "not_found"), NOW + BACKOFF_MS[-1])


def test_a_revived_entry_is_one_attempt_older() -> None:
    assert revived(letter(1, attempt=3)).attempt == 4
