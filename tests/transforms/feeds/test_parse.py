"""Documents to entries: forms, fallbacks of each field, caps, and what is refused."""

import contextlib
import random
import time

import pytest

from tests.transforms.feeds.kit import NOW, URL, item, parse, rss
from transforms.errors import ItemError
from transforms.feeds.parse import ParseTask, parse_document
from transforms.feeds.urls import article_id
from transforms.outcomes import Reason

ATOM = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"
  xml:base="https://atom.example/base/"><title>Atom</title>
<entry><id>tag:atom.example,2024:1</id>
<title type="html">&lt;b&gt;Eins&lt;/b&gt; &amp;amp; zwei</title>
<link rel="alternate" href="s/1"/><published>2024-05-01T10:00:00+02:00</published>
<updated>2024-05-02T10:00:00Z</updated>
<author><name>Ada B.</name><email>ada@atom.example</email></author>
<category term="politics" label="Politik"/><summary>kurz</summary>
<content type="html">&lt;p&gt;Der ganze Text&lt;/p&gt;</content></entry></feed>"""

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


REFUSED = [
    (b"", Reason.PARSE_FAILED),
    (b"   \n", Reason.PARSE_FAILED),
    (b"<!DOCTYPE html><html><body>We have moved</body></html>", Reason.WRONG_TYPE),
    (b"<html xmlns='http://www.w3.org/1999/xhtml'><head/></html>", Reason.WRONG_TYPE),
    (b"/etc/hostname", Reason.PARSE_FAILED),
    (b"https://example.com/feed", Reason.PARSE_FAILED),
    (b"{", Reason.PARSE_FAILED),
    (b'{"version": "1.0", "items": []}', Reason.PARSE_FAILED),
    (b"\x00\x01\x02", Reason.PARSE_FAILED),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Reason.PARSE_FAILED),
    (b"\x1f\x8b\x08broken gzip", Reason.PARSE_FAILED),
]


@pytest.mark.parametrize(("body", "reason"), REFUSED)
def test_what_is_no_feed_says_why(body: bytes, reason: Reason) -> None:
    with pytest.raises(ItemError) as caught:
        parse(body)
    assert caught.value.reason is reason
    assert caught.value.detail


def test_a_body_never_opens_a_file(tmp_path: object) -> None:
    path = f"{tmp_path}/feed.xml"
    with open(path, "wb") as file:
        file.write(rss(item()))
    with pytest.raises(ItemError):
        parse(path.encode())


@pytest.mark.parametrize(
    ("body", "titles"),
    [
        (rss(item(title="a") + item(title="b"))[:-20], ["a", "b"]),
        (b"\n " + rss(item(title="a")), ["a"]),
        (rss(item(title="R&D and <undeclared:x>y</undeclared:x>")), None),
        (rss(item(title="a&#x110000;b")), ["a\ufffdb"]),
        (rss(item(title="a&#0;b")), ["ab"]),
    ],
)
def test_a_damaged_feed_gives_what_can_be_read(body: bytes, titles: list[str] | None) -> None:
    feed = parse(body)
    assert len(feed.entries) >= 1
    if titles:
        assert [entry.title for entry in feed.entries] == titles


def test_an_external_entity_is_not_read(tmp_path: object) -> None:
    secret = f"{tmp_path}/secret"
    with open(secret, "w", encoding="utf-8") as file:
        file.write("SECRET")
    body = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]>'
        "<rss version='2.0'><channel><item><link>http://a.example/</link><title>&x;</title></item>"
        "</channel></rss>"
    )
    assert "SECRET" not in str(parse(body.encode()))


def test_nested_entities_stay_small() -> None:
    entities = "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    body = (
        f'<!DOCTYPE rss [<!ENTITY a "lol">{entities}]><rss version="2.0"><channel>'
        "<item><link>http://a.example/</link><title>&i;</title></item></channel></rss>"
    )
    start = time.perf_counter()
    assert all(len(entry.title) <= 1000 for entry in parse(body.encode()).entries)
    assert time.perf_counter() - start < 3


@pytest.mark.parametrize(
    "element", ["author", "managingEditor", "webMaster", "dc:creator", "itunes:author"]
)
def test_endless_author_fields_are_cut_before_parsing(element: str) -> None:
    evil = "a@" + "a." * 32_000
    body = rss(
        f"<item><link>/a</link><{element}>{evil}</{element}></item>",
        attributes='xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"',
    )
    start = time.perf_counter()
    assert len(parse(body).entries) == 1
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize(
    ("declared", "encoding", "header"),
    [
        ("ISO-8859-1", "utf-8", ""),
        ("windows-1252", "utf-8", ""),
        ("utf-8", "utf-8", "text/xml; charset=iso-8859-1"),
        ("utf-8", "cp1252", ""),
        ("iso-8859-1", "iso-8859-1", ""),
        ("", "utf-8", "text/xml"),
        ("", "iso-8859-1", "text/xml; charset=iso-8859-1"),
        ("utf-16", "utf-16", ""),
        ("x-foo", "utf-8", ""),
        ("idna", "utf-8", ""),
        ("zlib_codec", "utf-8", ""),
    ],
)
def test_characters_come_out_right_whatever_is_declared(
    declared: str, encoding: str, header: str
) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    text = head + rss(item(title="Überfall in Köln")).decode().partition("?>")[2]
    feed = parse(text.encode(encoding), content_type=header)
    assert feed.entries[0].title == "Überfall in Köln"


def test_gzip_that_no_header_announced_is_unpacked() -> None:
    import gzip

    assert len(parse(gzip.compress(rss(item()))).entries) == 1


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


def test_lone_surrogates_and_control_characters_do_not_come_through() -> None:
    body = rb'{"version":"https://jsonfeed.org/version/1","items":[{"url":"https://a.example/1","title":"a\ud83db\u0000c","id":"\udc00"}]}'
    entry = parse(body).entries[0]
    assert entry.title == "a\ufffdbc"
    str(entry).encode("utf-8")


def test_damage_is_noted() -> None:
    assert "SAXParseException" in parse(rss(item() + item(link="/b"))[:-20]).damage
    assert parse(rss(item())).damage == ""


def _mutations(count: int, seed: int) -> list[bytes]:
    """Copies of a small feed with bytes changed, cut out, doubled or replaced by nasty pieces."""
    chance = random.Random(seed)
    base = [rss(item(pubDate="Wed, 01 May 2024 10:00:00 GMT", author="a@b.example (C)")), ATOM]
    nasty = [b"&#x110000;", b"&#0;", b"\x00", b"<![CDATA[", b"]]>", b"<!--", b"&x;", b"\xff\xfe",
             b"<?xml encoding='idna'?>", b"\xed\xa0\x80", b"<!DOCTYPE", b"&#xD800;"]  # fmt: skip
    made = []
    for n in range(count):
        body = bytearray(base[n % 2])
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(body))
            kind = chance.randrange(4)
            if kind == 0:
                body[at] = chance.randrange(256)
            elif kind == 1:
                del body[at : at + chance.randint(1, 30)]
            elif kind == 2:
                body[at:at] = chance.choice(nasty)
            else:
                body[at:at] = body[at : at + chance.randint(1, 60)]
        made.append(bytes(body))
    return made


def _survives(bodies: list[bytes]) -> None:
    read = 0
    for body in bodies:
        with contextlib.suppress(ItemError):  # any other exception fails the test
            str(parse_document(ParseTask(body, URL, URL, now=NOW))).encode("utf-8")
            read += 1
    assert read > len(bodies) / 2


def test_mutated_feeds_give_entries_or_a_reason() -> None:
    _survives(_mutations(2_000, 1))


@pytest.mark.slow
def test_a_hundred_thousand_mutated_feeds_give_entries_or_a_reason() -> None:
    for seed in range(50):
        _survives(_mutations(2_000, seed))


@pytest.mark.parametrize(
    ("declared", "title"),
    [
        ('<!ENTITY nbsp "&#8211;">', "a\u2013b"),
        ("<!ENTITY nbsp 'R &amp; D'>", "aR & Db"),
        ('<!ENTITY x "y"><!ENTITY nbsp "&x;&x;">', None),
        ('<!ENTITY nbsp SYSTEM "file:///etc/hostname">', None),
        (f'<!ENTITY nbsp "{"x" * 2000}">', None),
    ],
)
def test_only_entities_that_are_a_piece_of_text_are_believed(
    declared: str, title: str | None
) -> None:
    head, body = rss(item(title="a&nbsp;b")).split(b"?>")
    (entry,) = parse(head + f"?><!DOCTYPE rss [{declared}]>".encode() + body).entries
    assert entry.title in ((title,) if title else ("a b", "a&nbsp;b"))
