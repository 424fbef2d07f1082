"""The two decisions that need all articles of a run at once, without their texts.

`plan`: which pairs deserve to be compared, among the new and with the old. `settle`: from the
pairs compared, the verdict on every new article and on each old one whose verdict changes.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from transforms.dedup.candidates import candidates, candidates_with
from transforms.dedup.cluster import Member, Pair, is_cut, verdicts
from transforms.dedup.find import equal_texts
from transforms.dedup.options import CopyOptions
from transforms.dedup.signature import from_bytes
from transforms.dedup.verify import EXACT, MERGING
from transforms.dedup.window import OldCopies
from transforms.records import CopyVerdict, Fingerprint


class Sighting(NamedTuple):
    """A new article's fingerprint (without verdict), the hash of its tokens, their number."""

    fingerprint: Fingerprint
    stream: bytes
    tokens: int


def _groups(new: Iterable[Sighting]) -> dict[str, list[str]]:
    return equal_texts({s.fingerprint.id: int.from_bytes(s.stream) for s in new if s.tokens})


def plan(
    new: Sequence[Sighting], old: OldCopies, options: CopyOptions
) -> list[tuple[str, str, bool]]:
    """Pairs to compare as (new id, other id, whether the other is old), sorted.

    Of new articles with equal texts only the first stands for all. An article that comes as a
    new revision is not compared with its own earlier one.
    """
    by_id = {s.fingerprint.id: s.fingerprint for s in new}
    kept = sorted(_groups(new))
    if not kept:
        return []
    matrix = from_bytes([by_id[i].signature for i in kept])
    inside = [(kept[i], kept[j], False) for i, j in candidates(matrix, options.bucket).tolist()]
    if not len(old):
        return inside
    known = old.matrix
    revised = old.rows_of(list(by_id))
    if len(revised):
        known = known.copy()
        known[revised] = 0
    pairs = candidates_with(matrix, known, options.bucket)
    names = old.ids(pairs[:, 1].tolist())
    across = [(kept[i], name, True) for i, name in zip(pairs[:, 0].tolist(), names, strict=True)]
    return inside + sorted(across)


def _member(fingerprint: Fingerprint, tokens: int) -> Member:
    return Member(
        fingerprint.id,
        fingerprint.host,
        fingerprint.published_at,
        fingerprint.first_seen_at,
        tokens,
        is_cut(fingerprint.title),
        fingerprint.title,
    )


def _remembered(
    old: OldCopies, judged: Iterable[Pair], new: Mapping[str, Member]
) -> dict[str, Member]:
    """The old articles that the pairs touch, with their clusters, and the original that a
    cluster names but the window has lost."""
    touched = {i for pair in judged for i in (pair.a, pair.b) if i not in new}
    members = {i: m for i, m in old.members(touched).items() if i not in new} if touched else {}
    for member in list(members.values()):
        of = member.old.dup_of if member.old and member.old.dup_kind in MERGING else None
        if of and of not in members and of not in new:
            cluster = member.old.dup_cluster_id if member.old else None
            lost = CopyVerdict(of, "none", None, cluster, None, True)
            members[of] = Member(of, first_seen_at=1, old=lost)
    return members


def settle(
    new: Sequence[Sighting], old: OldCopies, judged: Sequence[Pair]
) -> tuple[list[CopyVerdict], list[Fingerprint]]:
    """One verdict a new article, corrections of old ones, and the fingerprints of the new."""
    fresh = {s.fingerprint.id: _member(s.fingerprint, s.tokens) for s in new}
    earlier = _remembered(old, judged, fresh)
    members = {**earlier, **fresh}
    pairs = [pair for pair in judged if pair.a in members and pair.b in members]
    for first, group in _groups(new).items():
        pairs += [Pair(first, other, EXACT, 1.0) for other in group[1:]]
    for member in earlier.values():
        verdict = member.old
        if verdict and verdict.dup_of in members and verdict.dup_kind in MERGING:
            a, b = sorted((member.id, str(verdict.dup_of)))
            pairs.append(Pair(a, b, verdict.dup_kind, 1.0))
    found = verdicts(members, sorted(set(pairs)))
    by_id = {verdict.id: verdict for verdict in found}
    return found, [labelled(s.fingerprint, by_id[s.fingerprint.id]) for s in sorted(new)]


def labelled(fingerprint: Fingerprint, verdict: CopyVerdict) -> Fingerprint:
    """The fingerprint with its article's verdict."""
    return fingerprint._replace(
        dup_kind=verdict.dup_kind, dup_of=verdict.dup_of, dup_cluster_id=verdict.dup_cluster_id
    )
