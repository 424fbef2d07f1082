"""Feeds that are hostile or broken, by path; each is named after its case, as in `faults_cases`.

C: feeds and XML; B13: a body that names a file. All are answered as RSS unless the case is
another form. `/c0-fine` is right, to see that the next feed is unharmed.
"""

import json
from collections.abc import Callable
from itertools import count, pairwise

from pipeline.newsroom.faults import Exchange, Fault

RSS = "Content-Type: application/rss+xml; charset=utf-8"
JSON = "Content-Type: application/feed+json"
LINK = "https://news.example"
NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
)
AUTHORS = (
    "author", "managingEditor", "webMaster", "dc:creator", "dc:publisher", "itunes:author",
)  # fmt: skip
HANG = b"<rss version='2.0'><channel><title>x</title>" + b"<!-- x " * 80_000

FEED_FAULTS: dict[str, Fault] = {}
_polls = count()


def item(link: str = f"{LINK}/1", title: str = "A title", extra: str = "") -> str:
    """One RSS item."""
    address = f"<link>{link}</link>" if link else ""
    return f"<item>{address}<title>{title}</title>{extra}</item>"


def rss(items: str, doctype: str = "", encoding: str = "utf-8") -> bytes:
    """An RSS 2.0 document."""
    head = f'<?xml version="1.0" encoding="{encoding}"?>{doctype}<rss version="2.0" {NAMESPACES}>'
    return f"{head}<channel><title>Feed</title>{items}</channel></rss>".encode()


def feed(path: str, header: str = RSS) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """Register a function that makes the body of a feed, under its path."""

    def register(make: Callable[[], bytes]) -> Callable[[], bytes]:
        def fault(exchange: Exchange) -> None:
            exchange.answer(make(), header)

        FEED_FAULTS[path] = fault
        return make

    return register


@feed("/c0-fine")
def fine() -> bytes:
    return rss(item() + item(f"{LINK}/2", "Another"))


@feed("/b13-path")
def path_of_a_file() -> bytes:
    return b"/etc/hostname"


@feed("/b13-address")
def address_of_a_feed() -> bytes:
    return b"http://127.0.0.1:1/feed.xml"


@feed("/c1-laughs")
def laughs() -> bytes:
    names = "abcdefghij"
    entities = "".join(f'<!ENTITY {later} "{f"&{name};" * 10}">' for name, later in pairwise(names))
    return rss(item(title="&j;"), f'<!DOCTYPE rss [<!ENTITY a "lol">{entities}]>')


@feed("/c1-quadratic")
def quadratic_entities() -> bytes:
    return rss(item(title="&a;" * 2000), f'<!DOCTYPE rss [<!ENTITY a "{"x" * 100_000}">]>')


@feed("/c2-external")
def external_entity() -> bytes:
    return rss(item(title="[&x;]"), '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>')


@feed("/c3-nested")
def nested_elements() -> bytes:
    return rss(item(extra="<a>" * 50_000 + "</a>" * 50_000))


@feed("/c3-nested-html")
def nested_html() -> bytes:
    deep = "<div>" * 10_000 + "deep" + "</div>" * 10_000
    return rss(item(extra=f"<description><![CDATA[{deep}]]></description>"))


@feed("/c4-too-large")
def hundred_thousand_entries() -> bytes:
    return rss("".join(item(f"{LINK}/{n}", f"Title {n} " + "x" * 90) for n in range(100_000)))


@feed("/c4-many")
def five_thousand_entries() -> bytes:
    return rss("".join(item(f"{LINK}/{n}", f"Title {n}") for n in range(5_000)))


@feed("/c5-authors")
def endless_authors() -> bytes:
    evil = "a@" + "a." * 32_000
    named = "".join(f"<{name}>{evil}</{name}>" for name in AUTHORS)
    return rss(f"{named}{item(extra=named)}")


@feed("/c5-hang")
def hangs_the_parser() -> bytes:
    return HANG


@feed("/c6-references")
def impossible_references() -> bytes:
    return rss(item(title="a&#x110000;b&#0;c"))


@feed("/c6-bytes")
def impossible_bytes() -> bytes:
    return rss(item(title="caf\u00e9")).replace(b"caf\xc3\xa9", b"caf\xe9\xff\x00")


@feed("/c7-empty")
def empty() -> bytes:
    return b""


@feed("/c8-same-guid")
def guid_used_twice() -> bytes:
    guid = '<guid isPermaLink="false">7</guid>'
    return rss(item(extra=guid) + item(f"{LINK}/2", "Another", guid))


@feed("/c9-new-guid")
def guid_new_at_each_poll() -> bytes:
    return rss(item(extra=f'<guid isPermaLink="false">{next(_polls)}</guid>'))


@feed("/c10-no-guid")
def without_guid_or_link() -> bytes:
    by_guid = item("", "By guid", f"<guid>{LINK}/by-guid</guid>")
    neither = item("", "Neither", f"<description>{'words ' * 100}</description>")
    return rss(item() + by_guid + neither + item("", "No address", "<guid>4711</guid>"))


@feed("/c11-relative")
def relative_links() -> bytes:
    return rss(
        item("/root") + item("side") + item("//other.example/x") + item("../up") + item("?q=1")
        + f'<item xml:base="{LINK}/base/"><link>below</link><title>Based</title></item>'
    )  # fmt: skip


@feed("/c12-titles")
def html_in_titles() -> bytes:
    return rss(
        item(title="<![CDATA[<b>Hi</b> &amp; <i>co</i>]]>")
        + item(f"{LINK}/2", "&lt;em&gt;A&lt;/em&gt; &amp;amp; B")
    )


@feed("/c13-dates")
def odd_dates() -> bytes:
    said = ("", "1704103200", "2024-13-45T99:99:99Z", "2024-02-30", "Thu, 01 Jan 1970 00:00:00 GMT",
            "2099-01-01", "1 janvier 2024", "Mon, 01 Jan 2024 12:00:00 MSK")  # fmt: skip
    return rss(
        "".join(
            item(f"{LINK}/{n}", f"Date {n}", f"<pubDate>{date}</pubDate>")
            for n, date in enumerate(said)
        )
    )


@feed("/c14-truncated")
def cut_xml() -> bytes:
    return rss(item() + item(f"{LINK}/2") + item(f"{LINK}/3"))[:-45]


@feed("/c14-ampersand")
def bare_ampersand() -> bytes:
    return rss(item(title="R&D at A&B"))


@feed("/c14-namespace")
def wrong_namespace() -> bytes:
    return (
        b'<feed xmlns="http://nowhere.example/"><entry><title>t</title>'
        b'<link href="https://news.example/1"/></entry></feed>'
    )


@feed("/c15-idna", "Content-Type: application/rss+xml")
def encoding_idna() -> bytes:
    return rss(item(title="\u00dcber"), encoding="idna")


@feed("/c15-zlib", "Content-Type: application/rss+xml; charset=zlib_codec")
def encoding_zlib() -> bytes:
    return rss(item(title="\u00dcber"), encoding="zlib_codec")


@feed("/c15-unknown", "Content-Type: application/rss+xml; charset=rot13")
def encoding_unknown() -> bytes:
    return rss(item(title="\u00dcber"), encoding="x-foo")


@feed("/c16-json", JSON)
def json_feed() -> bytes:
    entry = {"id": "1", "url": f"{LINK}/1", "title": "Half \ud83d", "content_text": "words"}
    version = "https://jsonfeed.org/version/1.1"
    return json.dumps({"version": version, "title": "J", "items": [entry]}).encode()


@feed("/c16-json-nan", JSON)
def json_with_nan() -> bytes:
    return json_feed()[:-1] + b', "x": NaN}'


@feed("/c16-json-deep", JSON)
def nested_json() -> bytes:
    return b'{"version": "https://jsonfeed.org/version/1.1", "items": ' + b"[" * 100_000


@feed("/c16-json-number", JSON)
def endless_number() -> bytes:
    digits = b"9" * 1_000_000
    return b'{"version": "https://jsonfeed.org/version/1.1", "items": [], "n": ' + digits + b"}"


@feed("/c17-none")
def no_entries() -> bytes:
    return rss("")
