"""Clusters: who is the original, and what the others are to it."""

import pytest

from transforms.dedup.cluster import Member, Pair, is_cut, verdicts
from transforms.records import CopyVerdict


def told(members: list[Member], pairs: list[Pair]) -> dict[str, tuple[str, str | None]]:
    found = verdicts({m.id: m for m in members}, pairs)
    return {v.id: (v.dup_kind, v.dup_of) for v in found}


@pytest.mark.parametrize(
    ("left", "right", "spun"),
    [
        (Member("a", published_at=2), Member("b", published_at=1), "a"),
        (Member("a", cut=True), Member("b"), "a"),
        (Member("a", published_at=1, cut=True), Member("b"), "a"),
        (Member("a", first_seen_at=9), Member("b", first_seen_at=3), "a"),
        (Member("a", words=10), Member("b", words=20), "a"),
        (Member("a"), Member("b"), "b"),
    ],
)
def test_the_spun_side_is_the_later_or_the_poorer(left: Member, right: Member, spun: str) -> None:
    other = {"a": "b", "b": "a"}[spun]
    assert told([left, right], [Pair("a", "b", "spun", 0.9)]) == {
        spun: ("spun", other),
        other: ("none", None),
    }


def test_a_host_of_many_spun_copies_is_the_spinner() -> None:
    members = [Member(i, host) for i, host in zip("abcdef", "sxsysz", strict=True)]
    pairs = [Pair("a", "b", "spun", 1.0), Pair("c", "d", "spun", 1.0), Pair("e", "f", "spun", 1.0)]
    assert [i for i, (kind, _) in told(members, pairs).items() if kind == "spun"] == list("ace")


def test_a_spun_copy_is_not_canonical_however_early_it_claims_to_be() -> None:
    members = [Member("a", published_at=5), Member("b", published_at=9), Member("c")]
    pairs = [Pair("a", "b", "spun", 0.8), Pair("b", "c", "near", 0.9)]
    assert told(members, pairs)["a"] == ("none", None)
    late = [Member("a", published_at=15), *members[1:]]
    assert told(late, pairs)["a"][0] == "spun"


def test_the_worst_step_on_the_way_names_the_kind() -> None:
    members = [Member(i, published_at=n) for n, i in enumerate("abcd")]
    pairs = [
        Pair("a", "b", "near", 0.9), Pair("b", "c", "exact", 1.0), Pair("c", "d", "spun", 0.7),
    ]  # fmt: skip
    assert told(members, pairs) == {
        "a": ("none", None), "b": ("near", "a"), "c": ("near", "a"), "d": ("spun", "a"),
    }  # fmt: skip


def test_partial_and_template_pairs_link_without_merging() -> None:
    members = [Member(i, published_at=n) for n, i in enumerate("abc")]
    found = verdicts(
        {m.id: m for m in members},
        [Pair("a", "b", "partial", 0.4), Pair("b", "c", "template", 0.9)],
    )
    assert [(v.dup_kind, v.dup_of, v.dup_cluster_id, v.is_canonical) for v in found] == [
        ("none", None, "a", True),
        ("partial", "a", "b", True),
        ("template", "b", "c", True),
    ]


def test_a_cut_title_of_a_spun_copy_is_taken_from_the_original() -> None:
    members = {
        "a": Member("a", published_at=1, title="The whole title"),
        "b": Member("b", published_at=2, title="The wh…", cut=True),
        "c": Member("c", published_at=3, title="Another title"),
    }
    pairs = [Pair("a", "b", "spun", 0.9), Pair("a", "c", "spun", 0.9)]
    assert [v.title for v in verdicts(members, pairs)] == [None, "The whole title", None]


def old(identity: str, kind: str, of: str | None, cluster: str) -> Member:
    verdict = CopyVerdict(identity, kind, of, cluster, None, of is None)
    return Member(identity, published_at=int(identity[1:]), old=verdict)


def test_old_verdicts_that_stand_are_not_told_again() -> None:
    members = {m.id: m for m in (old("m1", "none", None, "m1"), old("m2", "near", "m1", "m1"))}
    members["a3"] = Member("a3", published_at=3)
    pairs = [Pair("m1", "m2", "near", 1.0), Pair("a3", "m2", "near", 0.9)]
    assert verdicts(members, pairs) == [CopyVerdict("a3", "near", "m1", "m1", 0.9, False)]


def test_two_old_clusters_that_become_one_take_the_smaller_id() -> None:
    members = {m.id: m for m in (old("m1", "none", None, "m1"), old("p2", "none", None, "p2"))}
    members["a3"] = Member("a3", published_at=3)
    pairs = [Pair("a3", "m1", "near", 0.9), Pair("a3", "p2", "near", 0.9)]
    found = {v.id: v.dup_cluster_id for v in verdicts(members, pairs)}
    assert found == {"a3": "m1", "p2": "m1"}


@pytest.mark.parametrize(
    ("title", "cut"),
    [("Talks go on…", True), ("Talks ...", True), ("Talks.", False), (None, False)],
)
def test_a_cut_title_ends_in_an_ellipsis(title: str | None, cut: bool) -> None:
    assert is_cut(title) is cut


def test_without_dates_the_original_is_what_the_copies_have_in_common() -> None:
    members = [Member(i, f"{i}.example") for i in "abc"]
    pairs = [Pair("a", "b", "spun", 0.5), Pair("a", "c", "spun", 0.8), Pair("b", "c", "spun", 0.7)]
    assert told(members, pairs) == {"a": ("spun", "c"), "b": ("spun", "c"), "c": ("none", None)}


def test_a_host_that_is_mostly_spun_is_spun_in_a_doubtful_pair_too() -> None:
    members = [Member(f"{i}{n}", f"{i}.example") for i in "os" for n in range(4)]
    members += [Member(f"t{n}", f"t{n}.example") for n in range(3)]
    pairs = [Pair(f"o{n}", f"s{n}", "spun", 0.8) for n in range(4)]
    pairs += [Pair(f"o{n}", f"t{n}", "spun", 0.8) for n in range(3)]
    found = told(members, pairs)
    assert {i for i, (kind, _) in found.items() if kind == "none"} == {"o0", "o1", "o2", "o3"}
