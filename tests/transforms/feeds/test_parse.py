"""Documents to entries: forms, fallbacks of each field, caps, and what is refused."""

import pytest

from tests.transforms.feeds.kit import ATOM, item, parse, rss
from transforms.feeds.urls import article_id

RDF = b"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://rdf.example/"><title>RDF</title><link>https://rdf.example/</link></channel>
<item rdf:about="https://rdf.example/1"><title>One</title><link>https://rdf.example/1</link>
<dc:date>2024-05-01T10:00:00Z</dc:date><dc:creator>C. D.</dc:creator></item></rdf:RDF>"""

RSS_091 = b"""<rss version="0.91"><channel><title>Old</title><item><title>One</title>
<link>https://old.example/1</link></item></channel></rss>"""


@pytest.mark.parametrize(
    ("body", "kind", "title", "link"),
    [
        (ATOM, "atom10", "Atom", "https://atom.example/base/s/1"),
        (RDF, "rss10", "RDF", "https://rdf.example/1"),
        (RSS_091, "rss091u", "Old", "https://old.example/1"),
        (rss(item()), "rss20", "Example", "https://news.example/a"),
    ],
)
def test_every_form_gives_the_same_kind_of_entry(
    body: bytes, kind: str, title: str, link: str
) -> None:
    feed = parse(body)
    assert (feed.kind, feed.title) == (kind, title)
    assert feed.entries[0].url == link
    assert feed.entries[0].id == article_id(feed.entries[0].canonical_url)


def test_an_atom_entry_with_everything() -> None:
    entry = parse(ATOM).entries[0]
    assert entry.title == "Eins & zwei"
    assert entry.authors == ["Ada B."]
    assert entry.tags == ["Politik"]
    assert entry.summary == "kurz"
    assert entry.content == "<p>Der ganze Text</p>"
    assert entry.guid == "tag:atom.example,2024:1"
    assert entry.language == "de"
    assert entry.published_at == 1_714_550_400_000
    assert entry.updated_at == 1_714_644_000_000
    assert entry.date_source == "feed_published"


@pytest.mark.parametrize(
    ("fields", "url"),
    [
        ({"link": "/rel/1?x=1"}, "https://news.example/rel/1?x=1"),
        ({"link": "//other.example/1"}, "https://other.example/1"),
        ({"link": "a b"}, "https://news.example/feeds/ab"),
        ({"link": "", "guid": "https://news.example/g"}, "https://news.example/g"),
        ({"link": "https://news.example/l", "guid": "https://news.example/g"},
         "https://news.example/l"),
        ({"link": "http://count.example/r/1",
          "fb:origLink": "https://news.example/true"}, "https://news.example/true"),
        ({"link": "https://www.google.com/url?q=https://news.example/t&amp;ct=ga"},
         "https://news.example/t"),
    ],
)  # fmt: skip
def test_the_link_by_its_fallbacks(fields: dict[str, str], url: str) -> None:
    namespace = 'xmlns:fb="http://rssnamespace.org/feedburner/ext/1.0"'
    assert parse(rss(item(**fields), attributes=namespace)).entries[0].url == url


@pytest.mark.parametrize(
    "fields",
    [
        {"link": ""},
        {"link": "", "guid": "4711"},
        {"link": "javascript:void(0)"},
        {"link": "http://"},
        {"link": "http://[x"},
    ],
)
def test_an_entry_without_an_address_is_told_apart(fields: dict[str, str]) -> None:
    feed = parse(rss(item(**fields) + item(link="https://news.example/ok")))
    assert [entry.url for entry in feed.entries] == ["https://news.example/ok"]
    assert [entry.title for entry in feed.unlinked] == ["A title"]
    assert feed.listed == [feed.entries[0].id]


def test_a_guid_that_is_no_permalink_is_no_address() -> None:
    body = rss('<item><guid isPermaLink="false">https://news.example/g</guid></item>')
    assert parse(body).entries == []


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("<![CDATA[<b>Hi</b> &amp; <i>co</i>]]>", "Hi & co"),
        ("A &amp;amp; B", "A & B"),
        ("5 &amp;lt; 7 <![CDATA[<3]]>", "5 < 7 <3"),
        ("one\n   two\tthree", "one two three"),
        ("<![CDATA[a<br/>b]]>", "a b"),
        ("caf\u00e9 \u201cquoted\u201d", "caf\u00e9 \u201cquoted\u201d"),
        ("", ""),
    ],
)
def test_titles_are_plain_text(raw: str, title: str) -> None:
    assert parse(rss(item(title=raw))).entries[0].title == title


@pytest.mark.parametrize(
    ("fields", "source", "flags"),
    [
        ({"pubDate": "Wed, 01 May 2024 10:00:00 CEST"}, "feed_published", []),
        ({"dc:date": "2024-05-01T08:00:00Z"}, "feed_updated", []),
        ({"pubDate": "soon", "dc:date": "2024-05-01T08:00:00Z"}, "feed_updated", ["date_odd"]),
        ({"pubDate": "Thu, 01 Jan 1970 00:00:00 GMT"}, "", ["date_odd"]),
        ({"pubDate": "2099-01-01"}, "", ["date_odd"]),
        ({}, "", ["date_missing"]),
    ],
)
def test_dates_say_where_they_come_from(
    fields: dict[str, str], source: str, flags: list[str]
) -> None:
    body = rss(item(**fields), attributes='xmlns:dc="http://purl.org/dc/elements/1.1/"')
    entry = parse(body).entries[0]
    assert entry.date_source == source
    assert list(entry.flags) == flags
    assert entry.published_at == (1_714_550_400_000 if source else None)


def test_an_update_date_that_most_entries_share_is_the_documents() -> None:
    entry = "<entry><id>https://a.example/{0}</id><updated>2024-05-01T10:00:0{1}Z</updated></entry>"
    body = "".join(entry.format(n, 0 if n < 4 else n) for n in range(5))
    feed = parse(f'<feed xmlns="http://www.w3.org/2005/Atom">{body}</feed>'.encode())
    assert [entry.updated_at is None for entry in feed.entries] == [True] * 4 + [False]
    assert "feed_dates_equal" in feed.entries[0].flags


def test_language_and_name_come_from_the_feed_and_else_from_the_list() -> None:
    given = {"name": "Listed", "language": "fr"}
    own = parse(rss(item(), "<title>Own</title><language>en-us</language>"), **given)
    bare = parse(rss(item(), ""), **given)
    assert (own.entries[0].feed_title, own.entries[0].language) == ("Own", "en-us")
    assert (bare.entries[0].feed_title, bare.entries[0].language) == ("Listed", "fr")


@pytest.mark.parametrize(
    ("extra", "image"),
    [
        ('<media:thumbnail url="https://i.example/t.jpg"/>', "https://i.example/t.jpg"),
        ('<media:content url="/c.jpg" medium="image"/>', "https://news.example/c.jpg"),
        ('<media:content url="/v.mp4" type="video/mp4"/>', ""),
        ('<enclosure url="/e.png" type="image/png"/>', "https://news.example/e.png"),
        ("<description>&lt;p&gt;&lt;img src=\"/d.gif\"&gt;x&lt;/p&gt;</description>",
         "https://news.example/d.gif"),
        ('<media:thumbnail url="data:image/png;base64,xx"/>', ""),
    ],
)  # fmt: skip
def test_the_image_by_its_fallbacks(extra: str, image: str) -> None:
    body = rss(
        f"<item><link>https://news.example/a</link>{extra}</item>",
        attributes='xmlns:media="http://search.yahoo.com/mrss/"',
    )
    assert parse(body).entries[0].image_url == image


def test_full_text_of_the_feed_is_kept() -> None:
    body = rss(
        "<item><link>https://news.example/a</link><description>short</description>"
        "<content:encoded><![CDATA[<p>All of it, with <a href='/x'>a link</a>.</p>]]>"
        "</content:encoded></item>",
        attributes='xmlns:content="http://purl.org/rss/1.0/modules/content/"',
    )
    entry = parse(body).entries[0]
    assert entry.summary == "short"
    assert "https://news.example/x" in entry.content


def test_xml_base_wins_over_the_address_of_the_feed() -> None:
    body = rss(
        '<item xml:base="https://base.example/a/"><link>b.html</link></item>'
        "<item><link>../c.html</link></item>"
    )
    assert [entry.url for entry in parse(body).entries] == [
        "https://base.example/a/b.html",
        "https://news.example/c.html",
    ]


def test_entries_over_the_cap_are_the_oldest_and_are_counted() -> None:
    days = [3, 1, 5, 2, 4]
    body = rss(
        "".join(item(link=f"/{d}", pubDate=f"Wed, 0{d} May 2024 10:00:00 GMT") for d in days)
        + item(link="/undated")
    )
    feed = parse(body, max_entries=3)
    assert [entry.url[-1] for entry in feed.entries] == ["3", "5", "4"]
    assert [link[-1] for _, link in feed.over_cap] == ["1", "2", "d"]
    assert len(feed.listed) == 6


def test_fields_are_cut_to_their_length() -> None:
    long = "x" * 1_100_000
    entry = parse(rss(item(title=long, description=long, guid=long))).entries[0]
    assert len(entry.title) == 1_000
    assert len(entry.summary) == 20_000
    assert len(entry.guid) == 1_000


def test_a_corrected_entry_has_another_hash_and_a_volatile_one_has_not() -> None:
    base = {"description": "There were &lt;b&gt;two&lt;/b&gt; of them", "guid": "1"}
    first = parse(rss(item(**base))).entries[0].entry_hash
    volatile = base | {"guid": "2", "link": "https://news.example/a?utm_source=9"}
    markup = base | {"description": "There were  two of them&lt;img src='/t?9'&gt;"}
    corrected = base | {"description": "There were three of them"}
    assert parse(rss(item(**volatile))).entries[0].entry_hash == first
    assert parse(rss(item(**markup))).entries[0].entry_hash == first
    assert parse(rss(item(**corrected))).entries[0].entry_hash != first
    assert parse(rss(item(**base, title="New"))).entries[0].entry_hash != first


def test_the_listing_is_the_same_in_any_order() -> None:
    one, other = item(link="/1"), item(link="/2")
    assert parse(rss(one + other)).listed_hash == parse(rss(other + one)).listed_hash
    assert parse(rss(one)).listed_hash != parse(rss(one + other)).listed_hash


def test_links_of_aggregators_that_hold_no_address_are_marked() -> None:
    entry = parse(rss(item(link="https://news.google.com/rss/articles/CBMiopaque?oc=5"))).entries[0]
    assert "unresolved_link" in entry.flags


def test_the_documents_word_on_its_rhythm_is_kept() -> None:
    channel = (
        "<ttl>60</ttl><skipHours><hour>1</hour><hour>2</hour></skipHours>"
        "<skipDays><day>Sunday</day></skipDays><sy:updatePeriod>daily</sy:updatePeriod>"
    )
    namespace = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    hints = parse(rss(item(), channel, namespace)).hints
    assert hints == {
        "ttl": "60", "skip_hours": "1,2", "skip_days": "Sunday", "sy_updateperiod": "daily",
    }  # fmt: skip
