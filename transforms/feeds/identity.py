"""What makes an entry the same, and what makes it a corrected one.

An entry is its canonical URL (`urls.article_id`); a guid only helps: it changes on some feeds at
every poll and names two entries on others. `entry_hash` tells a corrected entry from an old one.
"""

from collections.abc import Iterable
from hashlib import blake2b

from transforms.feeds.text import plain_summary


def entry_hash(title: str, summary: str, updated_at: int | None) -> str:
    """128-bit hash of what a correction changes: title, words of the summary, date of update.

    Markup, image addresses, guid and link are left out: they change without a correction.
    """
    words = "\x1f".join((title, plain_summary(summary), str(updated_at or "")))
    return _digest(words)


def listed_hash(ids: Iterable[str]) -> str:
    """128-bit hash of the set of entry ids that a document lists; order doesn't matter."""
    return _digest("\n".join(sorted(set(ids))))


def body_hash(body: bytes) -> str:
    """128-bit hash of a document's bytes."""
    return blake2b(body, digest_size=16).hexdigest()


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()
