"""`Lake`: the storage and what it remembers for the next run.

Seen URLs, old signatures, feed validators and the retry list are all read back from the tables
(`transforms.store.memory`, `window`); nothing is kept that couldn't be derived again.
"""

from collections.abc import Iterable, Sequence

from transforms.records import Entry, Poll
from transforms.store import feedstate, memory, window
from transforms.store.storage import Recovery, Storage, check_versions
from transforms.store.window import Signer

__all__ = ["Lake", "Recovery"]


class Lake(Storage):
    """A lake at `root`, a folder of this machine or a path such as gs://bucket/lake.

    The order of a run: `check_writable`, `with lock(now)`, `recover`, `check_versions`, then
    what the run has to know (`feed_states`, `retry_entries`, `seen_index`, `signature_window`),
    the graph, at the end `clean_up`.
    """

    def check_versions(self) -> None:
        """LakeError when a table was written by a newer crisiswire than this."""
        check_versions(self)

    def seen_index(self, run_id: str, now: int, window_days: int = 14) -> str:
        """Build the index of known URLs for one run; returns its path for `SeenIndex.open`.

        In it: URLs first seen within the window, older ones that a feed still lists, and those
        on the retry list or gone for good.
        """
        return memory.seen_index(self, run_id, now, window_days)

    def feed_states(self, urls: Iterable[str], now: int) -> dict[str, Poll]:
        """The last poll of each feed; `listed` is that of the last poll that changed it.

        Feeds never polled are left out; polls dated more than a day after `now` don't count.
        """
        return feedstate.feed_states(self, set(urls), now)

    def retry_entries(self, now: int, window_days: int = 14) -> list[Entry]:
        """Entries whose dead letters are due, oldest first; what was settled since is not."""
        return memory.retry_entries(self, now, window_days)

    def signature_window(
        self, run_id: str, now: int, window_days: int = 14, signer: Signer | None = None
    ) -> str:
        """Write the window's fingerprints, newest revision each, to one Arrow IPC file.

        Its columns are those of `fingerprints`, sorted by id; read it with
        `transforms.store.window.read_window`. `signer` makes the fingerprint of an
        article where its file was damaged and had to be rebuilt (without signature otherwise).
        """
        return window.signature_window(self, run_id, now, window_days, signer)

    def article_texts(
        self, ids: Sequence[str], since: int | None = None, until: int | None = None
    ) -> dict[str, str]:
        """Texts of the newest revisions of `ids`; `since`/`until` (first seen, UTC ms) prune."""
        return window.article_texts(self, ids, since, until)
