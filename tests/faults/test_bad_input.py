"""One run over every bad input beside healthy feeds, which lose nothing by it."""

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import zstandard

from pipeline.newsroom.stories import Story, stories
from tests.kit import assert_balanced, crisiswire, rows, run, write_config
from tests.serve import HTML, RSS, Serve, item, page, rss

OVER_CAP = 10_000
MAX_ENTRIES = 30
RUSSIAN = (
    "Старый железный мост закрыли на ремонт до конца сентября, сообщила городская администрация. "
    "Машины перевозит паром, пешеходы идут по временному переходу. Рыбаки остались довольны: у "
    "третьей опоры по-прежнему хорошо берёт судак, и никто его не распугивает."
)


@dataclass(frozen=True)
class Done:
    """The run and its lake."""

    serve: Serve
    lake: Path
    result: dict[str, Any]
    feeds: dict[str, str]
    healthy: dict[str, Story]

    def outcomes(self, feed: str) -> list[dict[str, Any]]:
        url = self.feeds[feed]
        return [row for row in rows(self.lake, "outcomes") if row["feed_url"] == url]

    def letters(self, feed: str) -> list[dict[str, Any]]:
        url = self.feeds[feed]
        return [row for row in rows(self.lake, "dead_letters") if row["feed_url"] == url]

    def articles(self, feed: str) -> list[dict[str, Any]]:
        url = self.feeds[feed]
        return [row for row in rows(self.lake, "articles") if row["feed_url"] == url]


def own(serve: Serve, name: str) -> str:
    """A page that nothing is wrong with, its text like no other's."""
    story = list(stories(1).values())[len(serve.pages) % 40]
    return page(f"{name}: {story.title}", story.text)


def feed_of(serve: Serve, name: str, body: str | bytes, number: int = 1) -> str:
    """A feed whose one entry leads to a page with `body`."""
    link = serve.put(f"/{name}.html", body, number=number)
    return rss(item(link, f"Entry of {name}"))


def many_entries(serve: Serve) -> str:
    dated = []
    for index in range(OVER_CAP):
        link = f"{serve.root(2)}/many/{index}.html"
        day = f"<pubDate>Mon, 05 Jan 2026 {index // 3600:02d}:{index // 60 % 60:02d}:"
        dated.append(item(link, f"Entry {index}", f"{day}{index % 60:02d} GMT</pubDate>"))
    for index in range(OVER_CAP - MAX_ENTRIES, OVER_CAP):
        text = " ".join(
            f"Sentence {n} of entry {index} tells of day {n * index}." for n in range(40)
        )
        serve.put(f"/many/{index}.html", page(f"Entry {index}", text), number=2)
    return rss(*dated)


def put_feeds(serve: Serve) -> dict[str, str]:
    """Every bad feed of the table, by name, with its address."""
    attributes = " ".join(f"a{n}=''" for n in range(100_000))
    surrogate = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "S",
        "items": [{"id": "1", "url": f"{serve.root(1)}/surrogate.html", "title": "Half \ud83d"}],
    }
    serve.put("/surrogate.html", own(serve, "surrogate"), number=1)
    old = serve.put("/old.html", own(serve, "old"), number=1)
    late = serve.put("/late.html", own(serve, "late"), number=1)
    pdf = serve.put("/pdf.html", b"%PDF-1.7\n" + bytes(range(256)) * 40, "application/pdf", 1)
    bodies: dict[str, str | bytes] = {
        "empty": b"",
        "no_entries": rss(),
        "html": page("Front page", "We have moved our feeds. Please look around."),
        "many": many_entries(serve),
        "no_link": rss(item(None, "Neither link nor guid", "<description>x</description>")),
        "dates": rss(
            item(old, "Old", "<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>"),
            item(late, "Late", "<pubDate>Thu, 01 Jan 2099 00:00:00 GMT</pubDate>"),
        ),
        "charset": feed_of(serve, "charset", page("Мост", RUSSIAN).encode("windows-1251")),
        "big_page": feed_of(serve, "big_page", page("Big", "word " * 4_000_000)),
        "empty_page": feed_of(serve, "empty_page", b""),
        "hang": feed_of(
            serve, "hang", f"<html><body><p {attributes}>{RUSSIAN * 5}</p></body></html>"
        ),
        "pdf": rss(item(pdf, "A document")),
        "torn_xml": feed_of(serve, "torn_xml", own(serve, "torn"))[:-25],
        "surrogate": json.dumps(surrogate),
        "control": feed_of(serve, "control", own(serve, "con\x00trol").replace(".", "\x0b.")),
    }
    types = {"html": HTML, "surrogate": "application/feed+json"}
    return {
        name: serve.put(f"/feeds/{name}", body, types.get(name, RSS))
        for name, body in bodies.items()
    }


def put_healthy(serve: Serve) -> tuple[dict[str, str], dict[str, Story]]:
    """Three feeds with four stories each, and the stories by address."""
    told = [
        s for s in stories(1).values() if s.kind == "article" and s.site in ("meridian", "harbour")
    ]
    told = [s for s in told if "odesa" not in s.slug][:12]
    feeds, by_url = {}, {}
    for number in range(3):
        items = []
        for story in told[number * 4 : number * 4 + 4]:
            link = serve.put(f"/{story.slug}", page(story.title, story.text), number=3 + number)
            by_url[link] = story
            items.append(item(link, story.title))
        feeds[f"healthy{number}"] = serve.put("/rss", rss(*items), RSS, number=3 + number)
    return feeds, by_url


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    folder = tmp_path_factory.mktemp("bad")
    with Serve(6) as serve, socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        down = f"127.0.0.1:{closed.getsockname()[1]}"
        feeds = put_feeds(serve)
        healthy_feeds, healthy = put_healthy(serve)
        feeds |= healthy_feeds | {"down": f"http://{down}/rss"}
        config = {
            "lake": str(folder / "lake"),
            "feeds": [{"url": url, "name": name} for name, url in feeds.items()],
            "fetch": {
                "delay_s": 0,
                "contact": "a@example.org",
                "allow_hosts": [*serve.hosts, down],
            },
            "poll": {"max_entries": MAX_ENTRIES, "parse_timeout_s": 60},
            "extract": {"timeout_s": 3},
            "run": {"max_failed_share": 1},
        }
        result = run(write_config(folder / "config.yaml", config))
        yield Done(serve, folder / "lake", result, feeds, healthy)


def test_the_books_balance(done: Done) -> None:
    assert_balanced(done.result)


def test_healthy_feeds_give_their_full_rows(done: Done) -> None:
    found = {r["url"]: r for n in range(3) for r in done.articles(f"healthy{n}")}
    assert set(found) == set(done.healthy)
    for url, story in done.healthy.items():
        assert found[url]["title"] == story.title
        assert story.paragraphs[-1] in found[url]["text"]


@pytest.mark.parametrize(
    ("feed", "stage", "reasons"),
    [
        ("empty", "ParseFeed", {"parse_failed"}),
        ("html", "ParseFeed", {"wrong_type"}),
        ("down", "FetchFeed", {"connect_failed"}),
    ],
)
def test_a_bad_feed_is_a_dead_letter_of_the_feed(
    done: Done, feed: str, stage: str, reasons: set[str]
) -> None:
    (letter,) = done.letters(feed)
    assert letter["item"] == "feed"
    assert letter["reason"] in reasons
    assert letter["stage"] in (stage, "FetchFeed")
    assert letter["detail"]
    (outcome,) = done.outcomes(feed)
    assert (outcome["item"], outcome["outcome"]) == ("feed", "dead_letter")


def test_what_stood_where_a_feed_was_is_kept_for_the_replay(done: Done) -> None:
    (letter,) = done.letters("html")
    assert b"We have moved our feeds" in zstandard.decompress(letter["payload"])


@pytest.mark.parametrize(
    ("feed", "stages", "reasons"),
    [
        ("no_link", {"ParseFeed", "CanonicalUrl"}, {"no_link"}),
        ("big_page", {"FetchArticle"}, {"too_large"}),
        ("empty_page", {"FetchArticle", "Extract"}, {"extract_empty", "wrong_type"}),
        ("hang", {"Extract"}, {"extract_timeout"}),
        ("pdf", {"FetchArticle", "Extract"}, {"wrong_type"}),
    ],
)
def test_a_bad_entry_is_a_dead_letter_of_the_entry(
    done: Done, feed: str, stages: set[str], reasons: set[str]
) -> None:
    (letter,) = done.letters(feed)
    assert letter["item"] == "entry"
    assert letter["stage"] in stages
    assert letter["reason"] in reasons
    entries = [row for row in done.outcomes(feed) if row["item"] == "entry"]
    assert [row["outcome"] for row in entries] == ["dead_letter"]
    assert not done.articles(feed)


def test_a_page_that_hangs_the_extractor_is_kept_whole(done: Done) -> None:
    (letter,) = done.letters("hang")
    whole = done.serve.pages[(1, "/hang.html")].body
    assert letter["payload_whole"]
    assert zstandard.decompress(letter["payload"]) == whole


def test_an_entry_without_an_address_keeps_what_the_feed_said(done: Done) -> None:
    (letter,) = done.letters("no_link")
    assert "Neither link nor guid" in letter["entry"]


@pytest.mark.parametrize("feed", ["big_page", "pdf"])
def test_a_payload_that_was_cut_says_so(done: Done, feed: str) -> None:
    (letter,) = done.letters(feed)
    assert not letter["payload_whole"]
    assert len(zstandard.decompress(letter["payload"])) == 2048


def test_a_feed_without_entries_is_polled_and_no_failure(done: Done) -> None:
    assert [row["outcome"] for row in done.outcomes("no_entries")] == ["polled"]
    assert not done.letters("no_entries")


def test_a_feed_of_ten_thousand_entries_gives_its_newest_and_counts_the_rest(done: Done) -> None:
    numbers = {int(row["url"].rpartition("/")[2][:-5]) for row in done.articles("many")}
    assert numbers == set(range(OVER_CAP - MAX_ENTRIES, OVER_CAP))
    (poll,) = [p for p in rows(done.lake, "polls") if p["feed_url"] == done.feeds["many"]]
    assert poll["entries"] == OVER_CAP
    assert poll["articles"] == MAX_ENTRIES
    assert poll["rejected"] == OVER_CAP - MAX_ENTRIES


def test_impossible_dates_are_left_empty_and_flagged_never_now(done: Done) -> None:
    found = done.articles("dates")
    assert len(found) == 2
    for row in found:
        assert row["published_at"] is None
        assert "date_odd" in row["flags"]


def test_a_lying_charset_is_seen_through(done: Done) -> None:
    (row,) = done.articles("charset")
    assert "Рыбаки остались довольны" in row["text"]
    assert row["language"] == "ru"


def test_entries_before_a_tear_are_kept(done: Done) -> None:
    kept = [row["outcome"] for row in done.outcomes("torn_xml") if row["item"] == "entry"]
    assert kept == ["article"]


def test_half_a_character_does_not_stop_the_run(done: Done) -> None:
    (row,) = done.articles("surrogate")
    row["title"].encode("utf-8")


def test_control_characters_do_not_reach_rows(done: Done) -> None:
    (row,) = done.articles("control")
    for text in (row["title"], row["text"]):
        assert not [c for c in text if ord(c) < 32 and c not in "\n\t"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lake: ./lake\nfeds: []\n", ["line 2", "feds", "feeds"]),
        ("lake: ./lake\nfetch: {delay_s: soon}\n", ["line 2", "fetch.delay_s"]),
        ("lake: ./lake\nfeeds:\n- {url: ftp://a.example/x}\n", ["line 3", "http"]),
        ("lake: ./lake\nfeed_lists: [nowhere.opml]\n", ["nowhere.opml"]),
    ],
)
def test_a_bad_configuration_ends_with_2_and_one_line(
    tmp_path: Path, text: str, words: list[str]
) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(text, encoding="utf-8")
    ended = crisiswire("run", str(config))
    assert ended.returncode == 2
    faults = [line for line in ended.stderr.splitlines() if not line.startswith("warning")]
    assert len(faults) == 1
    assert all(word in faults[0] for word in words), faults[0]


def test_a_missing_configuration_ends_with_2(tmp_path: Path) -> None:
    ended = crisiswire("run", str(tmp_path / "none.yaml"))
    assert ended.returncode == 2
    assert "none.yaml" in ended.stderr
