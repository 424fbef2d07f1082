"""Dead letters of entries: the reason, and what a later run needs to take the entry up again."""

import zstandard

from transforms.outcomes import Reason, Stage
from transforms.records import DeadLetter, Entry, RunContext
from transforms.store.letters import entry_to_json

FAILED_FETCH_BYTES = 2048


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
        payload_whole=whole and bool(kept),
        entry=entry_to_json(entry),
        attempt=entry.attempt,
        retry_at=retry_at,
        recorded_at=ctx.started_at,
    )
