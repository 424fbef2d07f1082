"""The retry list: dead letters that may succeed later, and the entry each keeps for that.

A letter waits 15 min, 1 h, 4 h, 12 h, then 24 h; after `MAX_ATTEMPTS` it stays for
`crisiswire replay`. `Entry.attempt` counts the tries before this one, `DeadLetter.attempt` is
that of the entry that failed.
"""

import json
from typing import Any

from transforms.outcomes import TRANSIENT
from transforms.records import DeadLetter, Entry

MAX_ATTEMPTS = 5
BACKOFF_MS = tuple(minutes * 60_000 for minutes in (15, 60, 240, 720, 1440))


def entry_to_json(entry: Entry) -> str:
    """What `DeadLetter.entry` keeps; lone surrogates survive as escapes."""
    return json.dumps(entry._asdict(), sort_keys=True)


def entry_from_json(text: str) -> Entry:
    """The entry kept by a dead letter; fields that it lacks take their defaults.

    ValueError when the text isn't an entry.
    """
    try:
        kept: Any = json.loads(text)
        known = {name: value for name, value in kept.items() if name in Entry._fields}
        return Entry(**known)
    except (TypeError, AttributeError) as error:
        raise ValueError(f"not an entry: {error}") from error


def retry_at(reason: str, attempt: int, now: int) -> int | None:
    """When (UTC ms) an entry that failed for `reason` on try `attempt` (0 first) is due again.

    None when it can't get better by waiting or has had its tries.
    """
    if reason not in TRANSIENT or attempt >= MAX_ATTEMPTS:
        return None
    return now + BACKOFF_MS[attempt]


def due(letter: DeadLetter, now: int) -> bool:
    """Whether a letter's time has come."""
    return (
        letter.item == "entry"
        and letter.entry is not None
        and letter.retry_at is not None
        and letter.retry_at <= now
        and letter.attempt < MAX_ATTEMPTS
    )


def revived(letter: DeadLetter) -> Entry:
    """The entry of a due letter, one attempt older."""
    return entry_from_json(letter.entry or "")._replace(attempt=letter.attempt + 1)
