"""What earlier runs left that the next one has to know, derived from the lake's tables.

The index of known URLs and the retry list. Answers depend on the tables alone.
"""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.outcomes import Outcome, Reason
from transforms.records import DeadLetter, Entry
from transforms.store import feedstate, letters, seen
from transforms.store.manifest import state_path
from transforms.store.rows import from_table
from transforms.store.storage import DAY_MS, Storage, schema_of
from transforms.store.window import fingerprints

# How far back the fingerprint of a URL that a feed still lists is looked for.
LOOKBACK_DAYS = 400

SETTLED = (Outcome.ARTICLE, Outcome.REVISION, Outcome.UNCHANGED, Outcome.REJECTED)
# Rejections that depend on how a run was started; they don't settle anything.
PASSING = (Reason.TOO_OLD, Reason.OVER_LIMIT, Reason.ENTRIES_OVER_CAP, Reason.DEFERRED)

_KEYS = ("id", "revision", "content_hash", "entry_hash", "first_seen_at")


# -- known URLs ------------------------------------------------------------------------------


def seen_index(lake: Storage, run_id: str, now: int, window_days: int) -> str:
    """Build and save the index of known URLs; returns its path."""
    since = now - window_days * DAY_MS
    known = fingerprints(lake, _KEYS, since, None)
    listed = feedstate.listed_ids(lake, now)
    missing = pc.filter(listed, pc.invert(pc.is_in(listed, known.column("id"))))
    known = pa.concat_tables([known, _older(lake, missing, since)])
    stored = _columns(known, seen.SEEN)
    failed = _failed(lake, since, known.column("id"))
    index = seen.build(
        stored["id"] + failed["id"],
        {name: [*stored[name], *failed[name]] for name in stored if name != "id"},
    )
    return seen.save(state_path(lake.root, run_id, "seen.arrow"), index)


def _columns(known: pa.Table, state: str) -> dict[str, Any]:
    at = known.column("first_seen_at").cast(pa.int64()).to_numpy()
    return {
        "id": known.column("id").to_pylist(),
        "revision": known.column("revision").to_numpy(),
        "first_seen_at": at,
        "content_hash": known.column("content_hash").to_pylist(),
        "entry_hash": known.column("entry_hash").to_pylist(),
        "state": np.full(len(known), seen.state_number(state), dtype=np.uint8),
    }


def _older(lake: Storage, ids: pa.Array, since: int) -> pa.Table:
    """Keys of `ids` in fingerprints from before the window, newest dates first, until found."""
    kept = [schema_of("fingerprints", _KEYS).empty_table()]
    for path in lake.files("fingerprints", since - LOOKBACK_DAYS * DAY_MS, since - DAY_MS):
        if len(ids) == 0:
            break
        data = lake.read_file("fingerprints", path, _KEYS)
        if data is not None:
            found = data.filter(pc.is_in(data.column("id"), ids))
            kept.append(found)
            ids = pc.filter(ids, pc.invert(pc.is_in(ids, found.column("id"))))
    return pa.concat_tables(kept, promote_options="default")


def _failed(lake: Storage, since: int, stored: pa.ChunkedArray) -> dict[str, Any]:
    """Index rows of URLs that are not stored but settled or waiting."""
    rows: dict[str, tuple[str, str]] = {}
    for identity, (letter, settled) in _fates(lake, since, stored).items():
        if not identity:
            continue
        waiting = letter is not None and letter.retry_at is not None and not settled
        entry_hash = _entry_hash(letter) if letter is not None else ""
        rows[identity] = (seen.RETRY if waiting else seen.GONE, entry_hash)
    ids = sorted(rows)
    return {
        "id": ids,
        "revision": [0] * len(ids),
        "first_seen_at": [0] * len(ids),
        "content_hash": [""] * len(ids),
        "entry_hash": [rows[identity][1] for identity in ids],
        "state": [seen.state_number(rows[identity][0]) for identity in ids],
    }


def _entry_hash(letter: DeadLetter) -> str:
    try:
        return letters.entry_from_json(letter.entry or "").entry_hash
    except ValueError:
        return ""


# -- the retry list --------------------------------------------------------------------------


def retry_entries(lake: Storage, now: int, window_days: int) -> list[Entry]:
    """Entries to be tried again now; the newest letter of each decides, whatever the clock did."""
    since = now - window_days * DAY_MS
    due = [
        letter
        for letter, settled in _fates(lake, since, None).values()
        if letter is not None and not settled and letters.due(letter, now)
    ]
    stored = _stored_revisions(lake, [letter.id for letter in due], since)
    entries = []
    for letter in sorted(due, key=lambda item: (item.retry_at or 0, item.id)):
        try:
            entry = letters.revived(letter)
        except ValueError as error:
            lake.problems.append(f"dead letter of {letter.url}: {error}; not tried again")
            continue
        if stored.get(entry.id, 0) <= entry.revision:
            entries.append(entry)
    return entries


def _stored_revisions(lake: Storage, ids: list[str], since: int) -> dict[str, int]:
    """Id → highest revision stored, for those of `ids` that are stored."""
    if not ids:
        return {}
    keys = fingerprints(lake, ("id", "revision"), since, None)
    kept = keys.filter(pc.is_in(keys.column("id"), pa.array(ids)))
    best = kept.group_by("id").aggregate([("revision", "max")])
    pairs = zip(best.column("id").to_pylist(), best.column("revision_max").to_pylist(), strict=True)
    return dict(pairs)


def _fates(
    lake: Storage, since: int, stored: pa.ChunkedArray | None
) -> dict[str, tuple[DeadLetter | None, bool]]:
    """For each entry id: its newest dead letter, and whether anything settled it since.

    A rejection without a letter gives (None, True). With `stored` ids these are left out, without
    it those that have no letter: most of a lake, which need not be grouped then.
    """
    names = [name for name in DeadLetter._fields if name != "payload"]
    newest: dict[str, DeadLetter] = {}
    for letter in from_table("dead_letters", lake.read("dead_letters", names, since)):
        if letter.item != "entry":
            continue
        old = newest.get(letter.id)
        if old is None or _age(old) < _age(letter):
            newest[letter.id] = letter
    if stored is None:
        settled = _settled(lake, since, pa.array(newest, type=pa.string()), among=True)
    else:
        settled = _settled(lake, since, stored, among=False)
        known = pc.is_in(pa.array(newest, type=pa.string()), stored).to_pylist()
        newest = {i: newest[i] for i, is_known in zip(newest, known, strict=True) if not is_known}
    fates: dict[str, tuple[DeadLetter | None, bool]] = {
        identity: (letter, settled.get(identity, -1) >= letter.recorded_at)
        for identity, letter in newest.items()
    }
    for identity in settled.keys() - newest.keys():
        fates[identity] = (None, True)
    return fates


def _age(letter: DeadLetter) -> tuple[int, int, str]:
    return letter.recorded_at, letter.attempt, letter.run_id


def _settled(
    lake: Storage, since: int, ids: pa.Array | pa.ChunkedArray, among: bool
) -> dict[str, int]:
    """Entry id → when (UTC ms) it was last stored, found unchanged, or rejected for good.

    Only of entries that are among `ids`, or only of those that aren't.
    """
    names = ["item", "id", "outcome", "reason", "recorded_at"]
    data = lake.read("outcomes", names, since)
    asked = pc.is_in(data.column("id"), ids)
    data = data.filter(asked if among else pc.invert(asked))
    kept = data.filter(
        pc.and_(
            pc.and_(
                pc.equal(data.column("item"), "entry"),
                pc.is_in(data.column("outcome"), pa.array([o.value for o in SETTLED])),
            ),
            pc.invert(pc.is_in(data.column("reason"), pa.array([r.value for r in PASSING]))),
        )
    )
    last = kept.group_by("id").aggregate([("recorded_at", "max")])
    times = last.column("recorded_at_max").cast(pa.int64()).to_pylist()
    return dict(zip(last.column("id").to_pylist(), times, strict=True))
