"""One entry a URL, chosen without regard to the order of arrival."""

from hypothesis import given
from hypothesis import strategies as st

from transforms.entries.unique import choose
from transforms.records import Entry

entries = st.builds(
    Entry,
    feed_url=st.sampled_from(["http://a/", "http://b/"]),
    feed_title=st.just(""),
    url=st.sampled_from(["http://x/1", "http://x/1?utm_source=a"]),
    position=st.integers(0, 5),
    attempt=st.integers(0, 3),
    entry_hash=st.sampled_from(["p", "q"]),
)


@given(st.lists(entries, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_the_choice_does_not_depend_on_order(listed: list[Entry], random: object) -> None:
    shuffled = list(listed)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert choose(listed) == choose(shuffled)


@given(st.lists(entries, min_size=1, max_size=8))
def test_nothing_is_lost_in_the_choice(listed: list[Entry]) -> None:
    chosen, others = choose(listed)
    assert sorted(map(repr, [chosen, *others])) == sorted(map(repr, listed))


def test_a_retried_entry_keeps_its_count_of_tries() -> None:
    fresh = Entry("http://a/", "", "http://x/1")
    chosen, _ = choose([fresh, fresh._replace(attempt=2)])
    assert chosen.attempt == 2
