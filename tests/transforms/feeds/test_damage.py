"""Damaged and hostile documents: what is refused and why, what can still be read, in what time."""

import contextlib
import random
import time

import pytest

from tests.transforms.feeds.kit import ATOM, NOW, URL, item, parse, rss
from transforms.errors import ItemError
from transforms.feeds.parse import ParseTask, parse_document
from transforms.outcomes import Reason

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
    start = time.process_time()
    assert all(len(entry.title) <= 1000 for entry in parse(body.encode()).entries)
    assert time.process_time() - start < 3


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
    start = time.process_time()
    assert len(parse(body).entries) == 1
    assert time.process_time() - start < 1


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
