"""Dead letters of entries: the reason, and what a later run needs to take the entry up again."""

import json

import zstandard

from transforms.outcomes import TRANSIENT, Reason, Stage
from transforms.records import DeadLetter, Entry, RunContext

FAILED_FETCH_BYTES = 2048
MAX_ATTEMPTS = 5
FIRST_BACKOFF_MS = 3_600_000
MAX_BACKOFF_MS = 86_400_000


def entry_to_json(entry: Entry) -> str:
    """The entry as the retry list keeps it."""
    return json.dumps(entry._asdict(), ensure_ascii=False, sort_keys=True)


def entry_from_json(text: str) -> Entry:
    """The entry that `entry_to_json` wrote; fields added since take their defaults."""
    fields = json.loads(text)
    return Entry(**{name: fields[name] for name in Entry._fields if name in fields})


def retry_time(reason: Reason, attempt: int, now: int) -> int | None:
    """When to try again (UTC ms), doubling from an hour to a day; None when it is no use."""
    if reason not in TRANSIENT or attempt >= MAX_ATTEMPTS:
        return None
    return now + min(FIRST_BACKOFF_MS << attempt, MAX_BACKOFF_MS)


def entry_letter(
    ctx: RunContext,
    entry: Entry,
    stage: Stage,
    reason: Reason,
    detail: str = "",
    *,
    body: bytes = b"",
    whole: bool = True,
    final_url: str = "",
    http_status: int | None = None,
    retry_at: int | None = None,
) -> DeadLetter:
    """A dead letter for `entry`; `body` is kept whole, or its first 2 KiB, zstd-compressed."""
    kept = body if whole else body[:FAILED_FETCH_BYTES]
    return DeadLetter(
        run_id=ctx.run_id,
        stage=stage.value,
        reason=reason.value,
        item="entry",
        id=entry.id,
        url=entry.url,
        final_url=final_url or None,
        feed_url=entry.feed_url,
        http_status=http_status,
        detail=detail,
        payload=zstandard.ZstdCompressor(level=3).compress(kept) if kept else b"",
        payload_bytes=len(kept),
        payload_whole=len(kept) == len(body),
        entry=entry_to_json(entry),
        attempt=entry.attempt,
        retry_at=retry_at,
        recorded_at=ctx.started_at,
    )
