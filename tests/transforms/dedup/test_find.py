"""find_copies: what is a copy of what, whatever the order."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.dedup.stories import spin, story
from transforms.dedup.find import Copies, Doc, find_copies


def by_id(copies: Copies) -> dict[str, tuple[str, str | None, bool]]:
    return {v.id: (v.dup_kind, v.dup_of, v.is_canonical) for v in copies.verdicts}


@pytest.fixture(scope="module")
def newsroom() -> list[Doc]:
    """An original, its copies of every kind, and stories that stand alone."""
    one, two = story(1), story(2)
    return [
        Doc("a-original", one, "a.example", published_at=1000),
        Doc("b-exact", one.replace(" ", "  "), "b.example", published_at=2000),
        Doc("c-near", "VELMORA, June 3 (Wire) - " + one, "c.example", published_at=3000),
        Doc("d-spun", spin(one), "d.example", published_at=4000),
        Doc("e-alone", two, "e.example", published_at=100),
        Doc("f-teaser", "\n\n".join(two.split("\n\n")[:2]), "f.example", published_at=5000),
        Doc("g-alone", story(3), "g.example", published_at=6000),
        Doc("h-short", "Three words only", "h.example"),
        Doc("i-empty", "", "i.example"),
    ]


def test_each_kind_is_named_and_points_to_the_original(newsroom: list[Doc]) -> None:
    assert by_id(find_copies(newsroom)) == {
        "a-original": ("none", None, True),
        "b-exact": ("exact", "a-original", False),
        "c-near": ("near", "a-original", False),
        "d-spun": ("spun", "a-original", False),
        "e-alone": ("none", None, True),
        "f-teaser": ("partial", "e-alone", True),
        "g-alone": ("none", None, True),
        "h-short": ("none", None, True),
        "i-empty": ("none", None, True),
    }


@given(st.randoms(use_true_random=False))
@settings(max_examples=8, deadline=None)
def test_the_order_of_the_documents_makes_no_difference(
    newsroom: list[Doc], rng: random.Random
) -> None:
    shuffled = list(newsroom)
    rng.shuffle(shuffled)
    assert find_copies(shuffled) == find_copies(newsroom)


def test_two_workers_answer_as_one(newsroom: list[Doc]) -> None:
    assert find_copies(newsroom, workers=2) == find_copies(newsroom)


@pytest.mark.parametrize("rate", [0.05, 0.1, 0.3, 0.5])
def test_a_spun_copy_is_found_at_every_rate(rate: float) -> None:
    docs = []
    for seed in range(10, 16):
        docs.append(Doc(f"{seed}-a", story(seed), published_at=1))
        docs.append(Doc(f"{seed}-b", spin(story(seed), seed, rate), published_at=2))
    found = by_id(find_copies(docs))
    for seed in range(10, 16):
        assert found[f"{seed}-b"] == ("spun", f"{seed}-a", False)


def test_texts_below_thirty_tokens_merge_only_when_equal() -> None:
    short = "The council of Tarsk will meet again on Friday to vote on the new harbour law."
    docs = [
        Doc("a", short),
        Doc("b", short.replace(" will", "  will")),
        Doc("c", short.replace("Friday", "Monday")),
    ]
    assert by_id(find_copies(docs)) == {
        "a": ("none", None, True),
        "b": ("exact", "a", False),
        "c": ("none", None, True),
    }


def test_sentences_that_a_host_puts_everywhere_make_no_copies() -> None:
    frame = "Subscribe to our letter and never miss what happens in the valley and beyond it. "
    frame += "All material on this site belongs to the publishing house and may not be reprinted. "
    docs = [Doc(str(n), frame + story(100 + n, 4) + "\n" + frame, "one.example") for n in range(6)]
    assert all(kind == "none" for kind, _, _ in by_id(find_copies(docs)).values())


BAD = {
    "empty": "",
    "three words": "one two three",
    "one word often": "word " * 100_000,
    "long": "\n".join(story(seed) for seed in range(1500)),
    "numbers": " ".join(str(n) for n in range(5000)),
    "two scripts": ("новости города и мира news of the town 新闻报道" * 40),
    "marks": "!?… — “”" * 500,
    "surrogate": "broken \ud83d text " * 50,
    "zero width": "\u200b\u00ad" * 100,
    "thai": "ข่าวด่วนวันนี้ที่กรุงเทพมหานคร" * 60,
}


def test_bad_texts_get_verdicts_of_their_own_and_match_their_own_copies() -> None:
    docs = [Doc(f"{name} {side}", text) for name, text in BAD.items() for side in "ab"]
    found = by_id(find_copies(docs))
    for name in BAD:
        silent = name in ("empty", "marks", "zero width")
        expected = ("none", None, True) if silent else ("exact", f"{name} a", False)
        assert found[f"{name} b"] == expected, name
