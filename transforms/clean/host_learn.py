"""What a host repeats: sentences, lines and ends of titles that stand in different articles of it.

Five *different* articles make a sentence the host's own, not five copies of one story: an article
counts as one divided by the number of articles of its host that say most of what it says. Beyond
that the place decides how common a sentence must be: house notes stand at the end of the articles,
advertising lines between paragraphs; "No one was hurt." stands anywhere in a few of very many.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from transforms.clean.host_cut import AS_LEAD, AS_LINE, AS_SENTENCE, AS_TITLE, AT_END
from transforms.clean.host_text import ANYWHERE, FRAME, KIND_BITS, NEAR_END, TITLE

Words32 = npt.NDArray[np.uint32]
Floats = npt.NDArray[np.float64]

Furniture = tuple[bytes, bytes]
"""What one host repeats: hashes (4 bytes each, ascending), and what each is known for (1 byte)."""

Seen = tuple[int, str, bytes]
"""One article of a host: when it was seen (UTC ms), its id, its hashes (`packed`)."""

MAX_ARTICLES = 5000
MAX_CODES = 400
OWN_PART = 6  # an article is a copy of others when less than one in six of its sentences is rare
MIN_FRAMES = 4
END_SHARE = 0.005
LINE_SHARE = 0.02
SENTENCE_SHARE = 0.1
LEAD_SHARE = 0.5
TITLE_SHARE = 0.3
MOSTLY = 2 / 3
_EPSILON = 1e-6
_HASH = np.uint32(0xFFFFFFFF ^ KIND_BITS)
_KIND = np.uint32(KIND_BITS)


def packed(codes: Sequence[int]) -> bytes:
    """Hashes as bytes, each once, ascending; of very many the first 100 and the last 300."""
    if len(codes) > MAX_CODES:
        codes = [*codes[: MAX_CODES // 4], *codes[-MAX_CODES * 3 // 4 :]]
    return np.unique(np.array(codes, dtype="<u4")).tobytes()


def learn(articles: Iterable[Seen], enough: int = 5) -> Furniture | None:
    """What at least `enough` different articles of one host repeat; None when there is nothing.

    The newest 5,000 count, each once: the order in which they are given is of no matter.
    """
    rows = sorted({row[1]: row for row in sorted(articles)}.values())[-MAX_ARTICLES:]
    parts = [np.frombuffer(row[2], "<u4") for row in rows]
    if enough < 1 or len(parts) < enough:
        return None
    codes, places, counts = np.unique(
        np.concatenate(parts), return_inverse=True, return_counts=True
    )
    if not len(counts) or counts.max() < enough:
        return None
    weights = _weights(parts, codes, counts)
    lengths = [len(part) for part in parts]
    totals = np.bincount(places, np.repeat(weights, lengths), len(codes)) + _EPSILON
    known = _known(codes, totals, float(weights.sum()))
    known[totals < enough] = 0
    found = known > 0
    if not found.any():
        return None
    return codes[found].astype("<u4").tobytes(), known[found].tobytes()


def _weights(parts: Sequence[Words32], codes: Words32, counts: npt.NDArray[np.intp]) -> Floats:
    """For each article, one divided by how many articles say most of what it says."""
    out = np.ones(len(parts))
    for number, part in enumerate(parts):
        said = part[part & _KIND == FRAME]
        if len(said) < MIN_FRAMES:
            said = part[part & _KIND == ANYWHERE]
        if len(said):
            shared = np.sort(counts[np.searchsorted(codes, said)])
            out[number] = 1.0 / shared[(len(said) - 1) // OWN_PART]
    return out


def _known(codes: Words32, totals: npt.NDArray[Any], articles: float) -> npt.NDArray[np.uint8]:
    """What each hash is known for, by how common it is among the articles and where it stands."""
    kinds, share = codes & _KIND, totals / max(articles, 1.0)
    known = np.zeros(len(codes), dtype=np.uint8)
    plain = kinds == ANYWHERE
    for bit, least in (
        (AS_LINE, LINE_SHARE), (AS_SENTENCE, SENTENCE_SHARE), (AS_LEAD, LEAD_SHARE),
    ):  # fmt: skip
        known[plain & (share >= least)] |= bit
    known[(kinds == TITLE) & (share >= TITLE_SHARE)] |= AS_TITLE
    ends = np.flatnonzero(kinds == NEAR_END)
    base = np.searchsorted(codes, codes[ends] & _HASH)
    mostly = (totals[ends] >= MOSTLY * totals[base]) & (share[ends] >= END_SHARE)
    known[base[mostly]] |= AT_END
    return known


@lru_cache(maxsize=2048)
def table(furniture: Furniture) -> Mapping[int, int]:
    """Hash → what it is known for."""
    codes, known = furniture
    return dict(zip(np.frombuffer(codes, "<u4").tolist(), known, strict=True))
