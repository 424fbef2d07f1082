"""What a host repeats: in different articles, not in copies of one."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.dedup.stories import spin, story
from transforms.clean.host_cut import AS_LEAD, AS_LINE, AS_SENTENCE, AS_TITLE, AT_END
from transforms.clean.host_learn import MAX_CODES, Furniture, Seen, learn, packed, table
from transforms.clean.host_text import code_of, codes_of, lines_of
from transforms.clean.host_title import BEFORE, BEHIND, part_code, title_codes

NOTE = "Write to our newsroom and tell us your story."


def seen(identity: str, text: str, title: str = "", at: int = 0) -> Seen:
    return at, identity, packed([*title_codes([title]), *codes_of(lines_of(text))])


def known(found: Furniture | None, text: str, side: str = "") -> int:
    code = part_code(text, side) if side else code_of(text)
    return table(found).get(code, 0) if found else 0


def stories(count: int, note: str = NOTE, first: int = 0) -> list[Seen]:
    return [seen(f"n{n}", f"{story(n)}\n{note}") for n in range(first, first + count)]


@pytest.mark.parametrize(("count", "learned"), [(0, False), (4, False), (5, True), (9, True)])
def test_five_different_articles_make_a_sentence_the_hosts_own(count: int, learned: bool) -> None:
    assert bool(known(learn(stories(count)), NOTE)) == learned


def test_the_number_can_be_set_and_none_at_all() -> None:
    assert known(learn(stories(3), enough=3), NOTE)
    assert learn(stories(9), enough=0) is None


def test_copies_of_one_story_are_one_article() -> None:
    copies = [seen(f"c{n}", f"{story(1)}\n{NOTE}") for n in range(9)]
    assert learn(copies) is None
    updated = [seen(f"c{n}", f"{story(1, 14 + n)}\n{NOTE}") for n in range(9)]
    assert learn(updated) is None
    assert known(learn([*copies, *stories(4, first=50)]), NOTE)
    assert not known(learn([*copies, *stories(3, first=50)]), NOTE)


@pytest.mark.parametrize("count", [6, 20])
@pytest.mark.parametrize("rate", [0.03, 0.1, 0.3, 0.5])
def test_spun_copies_of_one_story_are_one_article(count: int, rate: float) -> None:
    copies = [seen(f"c{n}", f"{spin(story(1, 30), n, rate)}\n{NOTE}") for n in range(count)]
    assert learn(copies) is None
    assert known(learn([*copies, *stories(5, first=50)]), NOTE)


def test_articles_that_are_mostly_frame_are_still_different() -> None:
    frame = story(900, 8)
    found = learn(seen(f"n{n}", f"{frame}\n{story(n, 3)}") for n in range(6))
    assert known(found, frame.split("\n\n")[0])


def test_a_revision_counts_once() -> None:
    rows = stories(4)
    again = [(at + 9, identity, keys) for at, identity, keys in rows]
    assert learn([*rows, *again]) is None


def test_a_quote_that_many_articles_share_is_no_furniture() -> None:
    quote = "“We will rebuild every house of this town before the winter comes,” the mayor said."
    assert learn(stories(9, note=quote)) is None


def host(notes: int, others: int, note: str, at_end: bool) -> Furniture | None:
    rows = []
    for n in range(notes + others):
        text = story(n)
        if n < notes:
            head, _, tail = text.partition("\n")
            text = f"{text}\n{note}" if at_end else f"{head}\n{note}\n{tail}"
        rows.append(seen(f"n{n:04}", text))
    return learn(rows)


@pytest.mark.parametrize(
    ("notes", "others", "at_end", "what"),
    [
        (6, 0, True, AT_END | AS_LINE | AS_SENTENCE | AS_LEAD),
        (6, 30, True, AT_END | AS_LINE | AS_SENTENCE),
        (6, 100, True, AT_END | AS_LINE),
        (6, 400, True, AT_END),
        (6, 0, False, AS_LINE | AS_SENTENCE | AS_LEAD),
        (6, 30, False, AS_LINE | AS_SENTENCE),
        (6, 100, False, AS_LINE),
        (6, 400, False, 0),
    ],
)
def test_what_a_sentence_is_known_for(notes: int, others: int, at_end: bool, what: int) -> None:
    assert known(host(notes, others, NOTE, at_end), NOTE) == what


def titled(count: int, others: int, title: str) -> Furniture | None:
    rows = [seen(f"t{n}", story(n), title.format(n)) for n in range(count)]
    rows += [seen(f"o{n}", story(1000 + n), f"Other {n}") for n in range(others)]
    return learn(rows)


@pytest.mark.parametrize(
    ("count", "others", "title", "side", "what"),
    [
        (5, 0, "Headline {} | The Post", BEHIND, AS_TITLE),
        (5, 10, "Headline {} | The Post", BEHIND, AS_TITLE),
        (5, 30, "Headline {} | The Post", BEHIND, 0),
        (4, 0, "Headline {} | The Post", BEHIND, 0),
        (5, 0, "The Post | Headline {}", BEFORE, AS_TITLE),
        (5, 19, "The Post | Headline {}", BEFORE, 0),
    ],
)
def test_the_sites_name_in_titles(
    count: int, others: int, title: str, side: str, what: int
) -> None:
    assert known(titled(count, others, title), "The Post", side) == what


def test_very_many_hashes_are_bounded_and_keep_head_and_tail() -> None:
    codes = [4 * n for n in range(3000)]
    kept = packed(codes)
    assert len(kept) <= 4 * MAX_CODES
    assert packed([0, 4, 11996]) == packed([11996, 4, 0, 4])
    assert kept.startswith(packed(codes[:100]))
    assert kept.endswith(packed(codes[-300:]))


ROWS = stories(7) + [seen(f"c{n}", f"{story(1)}\n{NOTE}") for n in range(4)]


@given(st.permutations(ROWS), st.lists(st.sampled_from(ROWS), max_size=5))
def test_order_and_repetition_are_of_no_matter(rows: list[Seen], again: list[Seen]) -> None:
    assert learn([*rows, *again]) == learn(ROWS)


def test_ties_at_the_limit_do_not_depend_on_sums_of_floats() -> None:
    thirds = [seen(f"c{n}", f"{story(1)}\n{NOTE}") for n in range(3)]
    rows = [*thirds, *stories(4, first=20)]
    random.Random(3).shuffle(rows)
    assert known(learn(rows), NOTE)
