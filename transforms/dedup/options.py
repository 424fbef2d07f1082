"""What the search for copies may be told; every value pickles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class CopyOptions:
    """Settings of the search.

    window_days: how long an article is remembered. min_tokens: texts below it merge only when
    equal. host_sentences: documents of one host that must share a sentence for it to count as the
    host's furniture. bucket: documents in one band above which only the smallest id is paired.
    partial_tokens: copied tokens outside quotation marks that make a partial copy.
    """

    window_days: int = 14
    min_tokens: int = 30
    host_sentences: int = 5
    bucket: int = 64
    partial_tokens: int = 60


class TextSource(Protocol):
    """Where the texts of earlier articles are read from, by id; unknown ids are left out."""

    def article_texts(self, ids: Sequence[str]) -> Mapping[str, str]:
        """{id: text} for those of `ids` that are known."""
        ...


@dataclass(frozen=True)
class CopyWindow:
    """What earlier runs have left: `path` of an Arrow IPC file with the columns of
    `records.Fingerprint` (empty: nothing), and where the texts are (None: the lake of the run)."""

    path: str = ""
    texts: TextSource | None = None
