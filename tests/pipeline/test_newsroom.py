"""The newsroom is what it says: real sites, real feeds, real HTTP, and a script that fits them."""

import gzip
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import feedparser
import lxml.html
import pytest
import trafilatura
import yaml

from pipeline.config import Config
from pipeline.newsroom import Newsroom, newsroom_config
from pipeline.newsroom.answers import answers
from pipeline.newsroom.sites import sites
from pipeline.newsroom.stories import stories

BASE = datetime(2026, 2, 5, 12, 0, tzinfo=UTC)
CATEGORIES = {"CONF", "MIL", "THR", "DIP", "SAN", "COUP", "PRO", "TER", "CYB", "NUC", "TERR", "HUM"}


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with Newsroom(BASE) as room:
        yield room


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        return None


def get(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    opener = urllib.request.build_opener(NoRedirect, urllib.request.ProxyHandler({}))
    request = urllib.request.Request(
        url, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )
    try:
        with opener.open(request, timeout=10) as answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()


def test_enough_stories_sites_languages_and_feed_forms() -> None:
    assert len(stories(1)) >= 40
    assert len(sites()) >= 8
    assert {site.language for site in sites()} >= {"en", "de", "fr", "es", "ru", "ar", "zh"}
    assert {spec.kind for site in sites() for spec in site.feeds} == {"rss", "atom", "rdf", "json"}


def test_every_story_has_an_answer_and_every_answer_a_story() -> None:
    assert set(answers()) == set(stories(2))
    originals = {slug for answer in answers().values() for slug in answer.dup_of}
    assert originals <= set(stories(2))


def test_script_covers_every_category_and_kind_of_copy() -> None:
    codes = {code for answer in answers().values() for code in answer.categories}
    assert codes == CATEGORIES
    kinds = {answer.dup_kind for answer in answers().values()}
    assert kinds == {"none", "exact", "near", "spun", "partial", "template"}


def test_feeds_list_all_stories_of_a_poll(newsroom: Newsroom) -> None:
    for phase in (1, 2):
        newsroom.phase = phase
        listed = set()
        for feed in newsroom.feeds[:-1]:
            status, headers, body = get(feed["url"])
            assert status == 200
            if "json" in headers["content-type"]:
                links = [item["url"] for item in json.loads(body)["items"]]
            else:
                parsed = feedparser.parse(BytesIO(body))
                assert not parsed.bozo
                links = [entry.link for entry in parsed.entries]
            assert links
            listed |= {link.partition("?")[0] if "utm" in link else link for link in links}
        for slug, story in stories(phase).items():
            moved = f"{newsroom.roots[story.site]}/go/{slug}"
            assert (moved if story.kind == "redirect" else newsroom.url_of(slug)) in listed
    newsroom.phase = 1


def test_pages_hold_the_whole_story_in_their_charset(newsroom: Newsroom) -> None:
    encodings = {site.key: site.encoding for site in sites()}
    for slug, story in stories(1).items():
        status, _, body = get(newsroom.url_of(slug))
        assert status == (404 if story.kind == "missing" else 200)
        if story.kind == "missing":
            continue
        page = lxml.html.fromstring(
            body.decode(encodings[story.site]).encode("utf-8"),
            parser=lxml.html.HTMLParser(encoding="utf-8"),
        )
        words = " ".join(page.text_content().split())
        for paragraph in story.text.split("\n"):
            assert " ".join(paragraph.split()) in words, slug


def test_pages_carry_furniture_that_an_extractor_must_leave_out(newsroom: Newsroom) -> None:
    for slug, story in stories(1).items():
        if story.kind != "article":
            continue
        _, _, body = get(newsroom.url_of(slug))
        page = lxml.html.fromstring(body)
        assert len(page.text_content()) > len(story.text) * 1.15, slug
        assert len(page.findall(".//a")) >= 10
        text = trafilatura.extract(body, include_comments=False)
        assert text, slug
        assert len(text) > 0.7 * len(story.text), slug


def test_a_second_request_with_validators_is_answered_304(newsroom: Newsroom) -> None:
    url = newsroom.feeds[0]["url"]
    _, headers, _ = get(url)
    assert get(url, If_None_Match=headers["etag"])[0] == 304
    assert get(url, If_Modified_Since=headers["last-modified"])[0] == 304
    assert get(url, If_None_Match='"other"')[0] == 200


def test_second_poll_changes_the_corrected_story_and_its_feed(newsroom: Newsroom) -> None:
    feed = next(f for f in newsroom.feeds if f["url"].endswith("/rss/world.xml"))
    _, headers, _ = get(feed["url"])
    page = get(newsroom.url_of("kharkiv-shelling"))[2]
    newsroom.phase = 2
    try:
        assert get(feed["url"], If_None_Match=headers["etag"])[0] == 200
        after = get(newsroom.url_of("kharkiv-shelling"))[2]
        assert b"killing 14 people" in page
        assert b"killing 19 people" in after
    finally:
        newsroom.phase = 1


def test_gzip_only_where_the_client_asks(newsroom: Newsroom) -> None:
    url = newsroom.url_of("border-talks")
    _, plain_headers, plain = get(url)
    _, headers, body = get(url, Accept_Encoding="gzip")
    assert "content-encoding" not in plain_headers
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == plain


def test_redirect_leads_to_the_story(newsroom: Newsroom) -> None:
    root = newsroom.roots["harbour"]
    status, headers, _ = get(f"{root}/go/moved-lighthouse")
    assert status == 301
    assert root + headers["location"] == newsroom.url_of("moved-lighthouse")


def test_dead_feed_refuses_connections(newsroom: Newsroom) -> None:
    with pytest.raises(urllib.error.URLError, match="refused"):
        get(newsroom.dead_feed)


def test_requests_are_logged_with_host_time_and_headers(newsroom: Newsroom) -> None:
    newsroom.clear_log()
    url = newsroom.url_of("border-talks")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: get(url, X_Number=str(n)), range(8)))
    log = newsroom.requests()
    assert sorted(line.headers["x-number"] for line in log) == sorted("01234567")
    assert {line.host for line in log} == {url.split("/")[2]}
    assert all(line.started <= line.ended for line in log)


def test_configuration_is_accepted_as_it_is(newsroom: Newsroom) -> None:
    text = yaml.safe_dump(newsroom_config(newsroom, "/tmp/lake"), allow_unicode=True)
    config = Config.model_validate(yaml.safe_load(text))
    assert len(config.feeds) == sum(len(site.feeds) for site in sites()) + 1
    assert set(config.fetch.allow_hosts) == set(newsroom.hosts)


def test_configuration_shipped_is_that_of_the_default_ports() -> None:
    shipped = (Path(__file__).parents[2] / "configs/demo.yaml").read_text("utf-8")
    with Newsroom(BASE) as room:
        made = newsroom_config(room, "./demo-lake")
        hosts = set(room.hosts)
    text = yaml.safe_dump(made, allow_unicode=True)
    for index, host in enumerate(made["fetch"]["allow_hosts"]):
        text = text.replace(host, f"{host.partition(':')[0]}:{8801 + index}")
    # Each site has an address of its own; the system may well give two of them the same port.
    assert len(hosts) == len(made["fetch"]["allow_hosts"])
    assert yaml.safe_load(shipped) == yaml.safe_load(text)


def test_same_base_same_bytes() -> None:
    def bodies() -> list[bytes]:
        with Newsroom(BASE) as room:
            return [get(room.roots[site.key] + "/")[2] for site in sites()]

    assert bodies() == bodies()
