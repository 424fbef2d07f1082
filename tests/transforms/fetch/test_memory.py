"""robots.txt is remembered within a run and, with its age, across runs."""

import pickle
from pathlib import Path

import pytest

from transforms.fetch.manners import manners_of
from transforms.fetch.memory import RobotsBook, RobotsRow, decode, encode, load
from transforms.fetch.policy import FetchPolicy
from transforms.fetch.robots import DAY_MS, Rules, expiry_ms, parsed

NOW = 1_750_000_000_000
ROW = RobotsRow("https://news.example", NOW, NOW + DAY_MS, "User-agent: *\nDisallow: /x\n")


def test_rows_survive_the_file_newest_of_each_origin_only() -> None:
    older = ROW._replace(fetched_at=NOW - 5, text="old")
    none = RobotsRow("http://a.example", NOW, NOW + 1, "")
    assert decode(encode([ROW, older, none])) == [none, ROW]
    assert encode([none, ROW]) == encode([ROW, none])


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b'{"origin": 1}', b"\xff\xfe", b"null"])
def test_lines_that_are_no_rows_are_left_out(line: bytes) -> None:
    assert decode(line + b"\n" + encode([ROW])) == [ROW]


def test_files_are_loaded_as_far_as_they_may_still_serve(tmp_path: Path) -> None:
    path = tmp_path / "robots.jsonl"
    ancient = ROW._replace(origin="http://old.example", fetched_at=NOW - 31 * DAY_MS)
    future = ROW._replace(origin="http://future.example", fetched_at=NOW + DAY_MS)
    path.write_bytes(encode([ROW, ancient, future]))
    assert load(str(path), NOW) == [ROW]
    assert load(str(tmp_path / "none"), NOW) == []
    assert load(None, NOW) == []


def test_a_known_file_serves_until_it_expires() -> None:
    book = RobotsBook("crisiswire", [ROW])
    assert book.get(ROW.origin, NOW + DAY_MS) is None
    rules = book.get(ROW.origin, NOW + DAY_MS - 1)
    assert rules is not None
    assert rules.text == ROW.text
    assert book.learned() == []


def test_what_is_learnt_is_given_out_once_and_only_of_hosts_that_answered() -> None:
    book = RobotsBook("crisiswire")
    book.put("http://a", parsed("User-agent: *", "crisiswire", NOW, NOW + 1))
    book.put("http://b", Rules("no_rules", fetched_at=NOW, expires_at=NOW + 1))
    book.put("http://c", Rules("unreachable", fetched_at=NOW))
    assert [row.origin for row in book.learned()] == ["http://a", "http://b"]
    assert book.learned() == []


@pytest.mark.parametrize(
    ("header", "hours"),
    [
        ("", 24),
        ("max-age=60", 1),
        ("public, Max-Age=7200", 2),
        ("max-age=999999", 24),
        ("no-store", 24),
    ],
)
def test_expiry_lies_between_an_hour_and_a_day(header: str, hours: int) -> None:
    assert expiry_ms(header) == hours * 3_600_000


def test_the_stages_of_a_run_share_their_manners() -> None:
    policy = FetchPolicy(allow_hosts=("127.0.0.1:1",))
    same = pickle.loads(pickle.dumps(policy))
    assert manners_of("run a", policy, NOW) is manners_of("run a", same, NOW)
    assert manners_of("run a", policy, NOW) is not manners_of("run b", policy, NOW)
