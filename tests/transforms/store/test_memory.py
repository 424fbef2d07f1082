"""What a run knows of earlier runs follows from the lake's tables alone."""

from pathlib import Path
from typing import Any

import pytest
from lake_samples import (
    DAY,
    FEED,
    NOW,
    article,
    correction,
    fingerprint,
    identity,
    letter,
    outcome,
    poll,
    rows_of_run,
    store,
)

from transforms import fingerprint as fingerprints
from transforms.fingerprint import revision_hash
from transforms.records import Article, Fingerprint
from transforms.store.lake import Lake
from transforms.store.letters import BACKOFF_MS
from transforms.store.seen import GONE, RETRY, SEEN, Known, SeenIndex
from transforms.store.window import read_window


def lookup(lake: Lake, *numbers: int, now: int = NOW) -> list[Known | None]:
    index = SeenIndex.open(lake.seen_index("next", now))
    return index.lookup([identity(number) for number in numbers])


def states(lake: Lake, *numbers: int, now: int = NOW) -> list[str | None]:
    return [known.state if known else None for known in lookup(lake, *numbers, now=now)]


def lake_of(tmp_path: Path, *runs: dict[str, list[Any]]) -> Lake:
    for number, tables in enumerate(runs):
        store(str(tmp_path), f"run{number}", tables)
    return Lake(str(tmp_path))


def signed_anew(row: Article) -> Fingerprint:
    return fingerprints.fingerprint(row, b"new:" + row.text.encode()[:6], b"keys")


def test_stored_waiting_and_unknown_urls(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, rows_of_run(0, 5))
    assert lookup(lake, 4)[0] == Known(1, fingerprint(4).content_hash, "e4.1", NOW, SEEN)
    assert lookup(lake, 5)[0] == Known(0, "", "e5", 0, RETRY)
    assert lookup(lake, 6) == [None]


def test_the_newest_revision_stands_with_the_first_time_it_was_seen(tmp_path: Path) -> None:
    lake = lake_of(
        tmp_path,
        {"fingerprints": [fingerprint(1, at=NOW - DAY)]},
        {"fingerprints": [fingerprint(1, 3, at=NOW - DAY)]},
        {"fingerprints": [fingerprint(1, 2, at=NOW - DAY)]},
    )
    assert lookup(lake, 1) == [Known(3, fingerprint(1, 3).content_hash, "e1.3", NOW - DAY, SEEN)]


@pytest.mark.parametrize(
    ("reason", "state"),
    [("too_short", GONE), ("consent", GONE), ("too_old", None), ("over_limit", None),
     ("entries_over_cap", None), ("deferred", None)],
)  # fmt: skip
def test_rejected_urls_are_gone_unless_another_run_would_take_them(
    tmp_path: Path, reason: str, state: str | None
) -> None:
    lake = lake_of(tmp_path, {"outcomes": [outcome(1, "rejected", reason)]})
    assert states(lake, 1) == [state]


def test_what_failed_for_good_is_gone(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, {"dead_letters": [letter(1, "not_found"), letter(2, attempt=5)]})
    assert states(lake, 1, 2) == [GONE, GONE]
    assert lake.retry_entries(NOW + 9 * DAY) == []


def test_urls_older_than_the_window_are_known_while_a_feed_lists_them(tmp_path: Path) -> None:
    old = NOW - 90 * DAY
    lake = lake_of(
        tmp_path,
        {"fingerprints": [fingerprint(n, at=old) for n in (1, 2)]},
        {"polls": [poll(2, at=NOW - 60 * DAY, listed=[1, 2])]},
        {"polls": [poll(1, at=NOW - 30 * DAY, listed=[1])]},
        {"polls": [poll(1, at=NOW - DAY, listed=None)]},
    )
    assert lookup(lake, 1, 2) == [Known(1, fingerprint(1).content_hash, "e1.1", old, SEEN), None]


def test_a_due_entry_comes_back_once_and_until_settled(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, {"dead_letters": [letter(1), letter(2), letter(3)]})
    later = NOW + BACKOFF_MS[0]
    assert lake.retry_entries(later - 1) == []
    back = lake.retry_entries(later)
    assert sorted(entry.url for entry in back) == [f"https://news.example/{n}" for n in (1, 2, 3)]
    assert {entry.attempt for entry in back} == {1}
    store(str(tmp_path), "again", {
        "outcomes": [outcome(1, at=later), outcome(2, "rejected", "too_short", at=later)],
        "dead_letters": [letter(3, at=later, attempt=1)],
    })  # fmt: skip
    assert lake.retry_entries(later) == []
    (third,) = lake.retry_entries(later + BACKOFF_MS[1])
    assert (third.id, third.attempt) == (identity(3), 2)


def test_a_clock_that_went_back_does_not_bring_stored_entries_again(tmp_path: Path) -> None:
    lake = lake_of(
        tmp_path,
        {"dead_letters": [letter(1), letter(2, revision=1)]},
        {"outcomes": [outcome(1, at=NOW - DAY), outcome(2, "revision", at=NOW - DAY)],
         "fingerprints": [fingerprint(1, at=NOW - DAY), fingerprint(2, 2, at=NOW - DAY)]},
    )  # fmt: skip
    assert lake.retry_entries(NOW + BACKOFF_MS[0]) == []


def test_a_letter_with_a_damaged_entry_is_noted_and_the_others_come(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, {"dead_letters": [letter(1)._replace(entry="{"), letter(2)]})
    (entry,) = lake.retry_entries(NOW + BACKOFF_MS[0])
    assert entry.id == identity(2)
    assert "not tried again" in lake.problems[0]
    assert states(lake, 1) == [RETRY]


def test_the_last_poll_of_a_feed_with_the_last_listing(tmp_path: Path) -> None:
    other = "https://other.example/feed"
    lake = lake_of(
        tmp_path,
        {"polls": [poll(2, at=NOW - 3 * DAY, listed=[1, 2]), poll(0, at=NOW, url=other)]},
        {"polls": [poll(0, at=NOW - DAY, listed=None)]},
        {"polls": [poll(9, at=NOW - 2 * DAY, listed=None)]},
    )
    for _ in range(2):  # the second time from the derived file
        found = lake.feed_states([FEED, "https://never.example/"], NOW)
        assert list(found) == [FEED]
        assert found[FEED].polled_at == NOW - DAY
        assert found[FEED].listed == [identity(1), identity(2)]
        assert lake.feed_states([other], NOW)[other].listed == []


def test_polls_from_the_far_future_do_not_count(tmp_path: Path) -> None:
    lake = lake_of(
        tmp_path,
        {"polls": [poll(1, at=NOW), poll(1, at=NOW + 40 * DAY), poll(1, at=NOW + 2 * DAY)]},
    )
    for _ in range(2):
        assert lake.feed_states([FEED], NOW)[FEED].polled_at == NOW
    assert lake.feed_states([FEED], NOW + 3 * DAY)[FEED].polled_at == NOW + 2 * DAY


@pytest.mark.parametrize("damage", ["gone", "cut", "flipped", "garbage", "empty"])
def test_the_derived_file_is_made_again_when_it_is_damaged(tmp_path: Path, damage: str) -> None:
    lake = lake_of(tmp_path, {"polls": [poll(2, listed=[1, 2])]})
    before = lake.feed_states([FEED], NOW)
    path = tmp_path / "_cache" / "polls.arrow"
    content = bytearray(path.read_bytes())
    if damage == "gone":
        path.unlink()
    else:
        content[len(content) // 2] ^= 1
        path.write_bytes(
            {"cut": content[:100], "flipped": content, "garbage": b"x" * 99, "empty": b""}[damage]
        )
    assert Lake(str(tmp_path)).feed_states([FEED], NOW) == before


def test_a_poll_file_that_is_removed_is_forgotten(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, {"polls": [poll(1, at=NOW - DAY)]}, {"polls": [poll(1, at=NOW)]})
    assert lake.feed_states([FEED], NOW)[FEED].polled_at == NOW
    Path(lake.files("polls")[0]).unlink()
    assert lake.feed_states([FEED], NOW)[FEED].polled_at == NOW - DAY


def test_the_signature_window_has_one_row_an_article(tmp_path: Path) -> None:
    lake = lake_of(
        tmp_path,
        {"fingerprints": [fingerprint(n, at=NOW - DAY) for n in range(3)]},
        {"fingerprints": [fingerprint(1, 2), fingerprint(9, at=NOW - 20 * DAY)]},
    )
    data = read_window(lake.signature_window("next", NOW))
    ids = data.column("id").to_pylist()
    assert ids == sorted(identity(n) for n in range(3))
    assert data.column("revision").to_pylist()[ids.index(identity(1))] == 2
    assert len(data.column("signature")[0].as_py()) == 320


def test_later_verdicts_hold_in_the_signature_window(tmp_path: Path) -> None:
    lake = lake_of(
        tmp_path,
        {"fingerprints": [fingerprint(n)._replace(run_id="r") for n in range(3)]},
        {
            "corrections": [
                correction(1, 2, run_id="s"),
                correction(1, 0, run_id="r"),
                correction(0, 2, run_id="q"),
            ]
        },
    )
    data = read_window(lake.signature_window("next", NOW))
    found = dict(zip(data.column("id").to_pylist(), data.column("dup_of").to_pylist(), strict=True))
    assert found == {identity(0): None, identity(1): identity(2), identity(2): None}


def test_texts_of_the_newest_revisions(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, {"articles": [article(1), article(2)]}, {"articles": [article(1, 2)]})
    found = lake.article_texts([identity(1), identity(2), identity(3)])
    assert found == {identity(1): article(1, 2).text, identity(2): article(2).text}
    assert lake.article_texts([]) == {}
    assert lake.article_texts([identity(1)], since=NOW + DAY) == {}


@pytest.mark.parametrize("damage", ["flipped", "replaced", "cut"])
def test_a_poisoned_fingerprint_file_is_said_and_rebuilt_from_articles(
    tmp_path: Path, damage: str
) -> None:
    lake = lake_of(tmp_path, rows_of_run(0, 5), rows_of_run(100, 5), rows_of_run(200, 3))
    before = read_window(lake.signature_window("before", NOW)).to_pylist()
    first = Path(lake.files("fingerprints")[-1])
    content = bytearray(first.read_bytes())
    content[len(content) // 2] ^= 1
    first.write_bytes(
        {
            "flipped": content,
            "replaced": Path(lake.files("fingerprints")[0]).read_bytes(),
            "cut": content[:200],
        }[damage]
    )
    fresh = Lake(str(tmp_path))
    numbers = [*range(5), *range(100, 105), *range(200, 203)]
    assert set(states(fresh, *numbers)) == {SEEN}
    assert any("set aside" in line for line in fresh.problems)
    assert any("rebuilt from 5 articles" in line for line in fresh.problems)
    again = Lake(str(tmp_path))
    assert set(states(again, *numbers)) == {SEEN}
    signed = again.signature_window("after", NOW, signer=signed_anew)
    after = read_window(signed).to_pylist()
    assert [row["id"] for row in after] == [row["id"] for row in before]
    made = [row for row in after if row["signature"].startswith(b"new:")]
    assert {row["sentence_keys"] for row in made} == {b"keys"}
    assert {row["content_hash"] for row in made} == {revision_hash(article(n)) for n in range(5)}
    assert all(row["content_hash"] for row in after)
    same = ("revision", "entry_hash", "first_seen_at", "canonical_url", "url_hash")
    for old, new in zip(before, after, strict=True):
        assert [old[name] for name in same] == [new[name] for name in same]


def test_a_lost_index_is_built_again_and_is_the_same(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, rows_of_run(0, 50))
    path = Path(lake.seen_index("next", NOW))
    content = path.read_bytes()
    path.unlink()
    assert Path(lake.seen_index("next", NOW)).read_bytes() == content
    lake.clean_up("next")
    assert not path.exists()


def test_an_empty_lake_knows_nothing(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path / "lake"))
    assert lake.feed_states([FEED], NOW) == {}
    assert lake.retry_entries(NOW) == []
    assert lookup(lake, 1) == [None]
    assert read_window(lake.signature_window("next", NOW)).num_rows == 0
    assert lake.runs() == []


def test_an_article_found_unchanged_keeps_its_signature_and_takes_the_new_entry_hash(
    tmp_path: Path,
) -> None:
    again = fingerprint(1)._replace(signature=b"", entry_hash="changed")
    lake = lake_of(tmp_path, {"fingerprints": [fingerprint(1)]}, {"fingerprints": [again]})
    (row,) = read_window(lake.signature_window("next", NOW)).to_pylist()
    assert row["signature"] == fingerprint(1).signature
    (known,) = lookup(lake, 1)
    assert known is not None
    assert known.entry_hash == "changed"
