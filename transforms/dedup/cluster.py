"""Verified pairs → clusters with an identity, a canonical member and a verdict for each article.

Exact, near and spun pairs merge, partial and template never do. A cluster is a connected
component; its id is the smallest id of its members, or the id it already has from an earlier run
(the smallest of them where clusters turn out to be one). The canonical member is the earliest
that is no spun side of any pair. Everything here depends on the set of members and pairs alone,
not on their order.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from transforms.dedup.verify import EXACT, MERGING, NEAR, PARTIAL, SPUN, TEMPLATE
from transforms.records import CopyVerdict

NONE = "none"
_RANK = {EXACT: 0, NEAR: 1, SPUN: 2}
_LATER = 1 << 62
MANY = 3  # spun pairs of a host from which its share of spun sides says something


class Member(NamedTuple):
    """What clustering needs to know of an article; times in UTC ms.

    cut: its title ends in an ellipsis. old: it is from an earlier run, with the verdict it had.
    """

    id: str
    host: str = ""
    published_at: int | None = None
    first_seen_at: int = 0
    words: int = 0
    cut: bool = False
    title: str | None = None
    old: CopyVerdict | None = None


class Pair(NamedTuple):
    """A verified pair with a < b."""

    a: str
    b: str
    kind: str
    score: float


def is_cut(title: str | None) -> bool:
    """Whether a title ends in an ellipsis."""
    return bool(title) and str(title).rstrip().endswith(("…", "..."))


def components(ids: Iterable[str], links: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Each id → the smallest id of its component."""
    parent = {identity: identity for identity in ids}

    def find(item: str) -> str:
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    for a, b in links:
        if a in parent and b in parent:
            low, high = sorted((find(a), find(b)))
            parent[high] = low
    return {identity: find(identity) for identity in parent}


def spun_sides(members: Mapping[str, Member], pairs: Sequence[Pair]) -> set[str]:
    """The side of each spun pair that was spun.

    It is the one published later; where a date is missing, the one with the cut title, then on
    the host whose members are spun more often, then less like the other copies (they agree with
    the original more than with each other), on the busier host, seen later, with fewer words,
    with the larger id.
    """
    spun = [p for p in pairs if p.kind == SPUN and p.a in members and p.b in members]
    likeness = _likeness(members, pairs)
    hosts: dict[str, set[str]] = defaultdict(set)
    for pair in spun:
        for identity in pair[:2]:
            hosts[members[identity].host].add(identity)
    first = {_later(pair, members, likeness, hosts, {}) for pair in spun}
    shares = {host: len(ids & first) / len(ids) for host, ids in hosts.items() if len(ids) >= MANY}
    return {_later(pair, members, likeness, hosts, shares) for pair in spun}


def _later(
    pair: Pair,
    members: Mapping[str, Member],
    likeness: Mapping[str, float],
    hosts: Mapping[str, set[str]],
    shares: Mapping[str, float],
) -> str:
    """The id of the side that was spun; between two old articles what an earlier run said holds."""
    sides = members[pair.a], members[pair.b]
    for side, other in (sides, sides[::-1]):
        said = side.old if other.old is not None else None
        if said is not None and said.dup_kind == SPUN and said.dup_of == other.id:
            return side.id
    dated = all(side.published_at is not None for side in sides)
    same = sides[0].host == sides[1].host

    def key(m: Member) -> tuple[float | str, ...]:
        return (
            float(m.published_at or 0) if dated else 0.0,
            float(m.cut),
            0.0 if same else shares.get(m.host, 0.5),
            -likeness.get(m.id, 0.0),
            0.0 if same else float(len(hosts[m.host])),
            float(m.first_seen_at),
            float(-m.words),
            m.id,
        )

    return max(sides, key=key).id


def _likeness(members: Mapping[str, Member], pairs: Sequence[Pair]) -> dict[str, float]:
    """The sum of the scores of each member's pairs; pairs of two old members don't count."""
    scores: dict[str, float] = defaultdict(float)
    for pair in sorted(pairs):
        ends = [members[i] for i in pair[:2] if i in members]
        if len(ends) == 2 and any(end.old is None for end in ends):
            for end in ends:
                scores[end.id] += pair.score
    return {identity: round(total, 6) for identity, total in scores.items()}


def canonical(members: Sequence[Member], spun: set[str]) -> Member:
    """The earliest credible original: not spun while another remains, then earliest published,
    longest, smallest id."""
    return min(
        members,
        key=lambda m: (
            m.id in spun,
            m.published_at if m.published_at is not None else m.first_seen_at or _LATER,
            -m.words,
            m.id,
        ),
    )


def _trails(start: str, edges: Mapping[str, list[tuple[str, str, float]]]) -> dict[str, Pair]:
    """For each member reached from `start`: the worst kind and score on the shortest way."""
    found = {start: Pair(start, start, EXACT, 1.0)}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        for other, kind, score in sorted(edges.get(here, [])):
            if other in found:
                continue
            way = found[here]
            worst = max(kind, way.kind, key=_RANK.__getitem__)
            found[other] = Pair(start, other, worst, min(score, way.score))
            queue.append(other)
    return found


def _side_links(pairs: Sequence[Pair]) -> dict[str, list[tuple[int, float, str]]]:
    """For each id its partial and template links: (partial first, -score, other)."""
    out: dict[str, list[tuple[int, float, str]]] = defaultdict(list)
    for pair in pairs:
        if pair.kind in (PARTIAL, TEMPLATE):
            rank = int(pair.kind == TEMPLATE)
            out[pair.a].append((rank, -pair.score, pair.b))
            out[pair.b].append((rank, -pair.score, pair.a))
    return out


def _age(member: Member) -> tuple[int, int, str]:
    seen = member.first_seen_at
    return member.published_at if member.published_at is not None else seen, seen, member.id


def verdicts(members: Mapping[str, Member], pairs: Sequence[Pair]) -> list[CopyVerdict]:
    """One verdict a member, sorted by id; for old members only where it differs from the old."""
    merging = [p for p in pairs if p.kind in MERGING]
    links = [(p.a, p.b) for p in merging] + _old_links(members)
    roots = components(members, links)
    spun = spun_sides(members, merging)
    edges: dict[str, list[tuple[str, str, float]]] = defaultdict(list)
    for pair in merging:
        edges[pair.a].append((pair.b, pair.kind, pair.score))
        edges[pair.b].append((pair.a, pair.kind, pair.score))
    groups: dict[str, list[Member]] = defaultdict(list)
    for identity, root in roots.items():
        groups[root].append(members[identity])
    beside = _side_links(pairs)
    out: list[CopyVerdict] = []
    for root in sorted(groups):
        out += _of_cluster(groups[root], spun, edges, beside, members)
    return sorted((v for v in out if _news(members[v.id], v)), key=lambda v: v.id)


def _old_links(members: Mapping[str, Member]) -> list[tuple[str, str]]:
    """Links between old members of one earlier cluster."""
    first: dict[str, str] = {}
    out = []
    for identity in sorted(members):
        old = members[identity].old
        if old is not None and old.dup_cluster_id:
            out.append((first.setdefault(old.dup_cluster_id, identity), identity))
    return out


def _of_cluster(
    group: list[Member],
    spun: set[str],
    edges: Mapping[str, list[tuple[str, str, float]]],
    beside: Mapping[str, list[tuple[int, float, str]]],
    members: Mapping[str, Member],
) -> list[CopyVerdict]:
    earlier = [m.old.dup_cluster_id for m in group if m.old and m.old.dup_cluster_id]
    cluster_id = min(earlier) if earlier else min(m.id for m in group)
    best = canonical(group, spun)
    trails = _trails(best.id, edges)
    inside = {m.id for m in group}
    out = []
    for member in sorted(group):
        side = _beside(member, beside, inside, members)
        if member.id == best.id:
            out.append(side._replace(dup_cluster_id=cluster_id))
            continue
        way = trails.get(member.id)
        if way is None and member.old is not None:
            kind, score = member.old.dup_kind, member.old.dup_score
        else:
            kind, score = (way.kind, way.score) if way else (NEAR, 0.0)
        kind = kind if kind in MERGING else NEAR
        title = best.title if kind == SPUN and member.cut and not best.cut else None
        out.append(CopyVerdict(member.id, kind, best.id, cluster_id, score, False, title))
    return out


def _beside(
    member: Member,
    beside: Mapping[str, list[tuple[int, float, str]]],
    inside: set[str],
    members: Mapping[str, Member],
) -> CopyVerdict:
    """The verdict of a member that is no copy: with the strongest link to something earlier."""
    for rank, minus_score, other in sorted(beside.get(member.id, [])):
        older = members.get(other)
        if other not in inside and older is not None and _age(older) < _age(member):
            kind = TEMPLATE if rank else PARTIAL
            return CopyVerdict(member.id, kind, other, None, -minus_score, True)
    if member.old is not None and member.old.dup_kind in (PARTIAL, TEMPLATE):
        return member.old
    return CopyVerdict(member.id)


def _news(member: Member, verdict: CopyVerdict) -> bool:
    """Whether the verdict says anything that the lake doesn't."""
    if member.old is None:
        return True
    return verdict._replace(title=None, dup_score=None) != member.old._replace(
        title=None, dup_score=None
    )
