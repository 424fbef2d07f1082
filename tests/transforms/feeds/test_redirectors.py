"""Click counters give the address they carry; aggregators' opaque links are told apart."""

import base64
import time

import pytest

from transforms.feeds.redirectors import is_opaque, unwrap

TARGET = "https://news.example/2024/story?id=5"
PACKED = base64.urlsafe_b64encode(
    b'\x08\x13"' + bytes([len(TARGET)]) + TARGET.encode() + b"\xd2\x01\x00"
).decode()


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("https://www.google.com/url?sa=t&url=https%3A%2F%2Fnews.example%2Fa", "https://news.example/a"),
        ("https://www.bing.com/news/apiclick.aspx?ref=x&url=https%3a%2f%2fnews.example%2fa",
         "https://news.example/a"),
        ("https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fnews.example%2Fa&data=1",
         "https://news.example/a"),
        ("https://www.google.com/amp/s/news.example/a?x=1", "https://news.example/a?x=1"),
        ("https://news-example.cdn.ampproject.org/v/news.example/a", "http://news.example/a"),
        (f"https://news.google.com/rss/articles/{PACKED.rstrip('=')}?oc=5", TARGET),
        ("https://www.google.com/url?q=javascript:alert(1)", "https://www.google.com/url?q=javascript:alert(1)"),
        ("https://www.google.com/search?q=https://news.example/a",
         "https://www.google.com/search?q=https://news.example/a"),
        ("https://news.example/out?url=https://other.example/", "https://news.example/out?url=https://other.example/"),
        ("http://[broken", "http://[broken"),
    ],
)  # fmt: skip
def test_a_known_redirector_gives_what_it_carries(link: str, address: str) -> None:
    assert unwrap(link) == address


@pytest.mark.parametrize(
    ("link", "opaque"),
    [
        ("https://news.google.com/rss/articles/CBMiQUFV?oc=5", True),
        ("https://news.google.com/read/CBMi", True),
        ("https://news.google.com/topstories", False),
        ("https://news.example/rss/articles/1", False),
        ("http://[broken", False),
    ],
)
def test_links_that_hold_no_address_are_opaque(link: str, opaque: bool) -> None:
    assert is_opaque(link) is opaque


def test_a_long_token_is_not_unpacked_for_ever() -> None:
    start = time.perf_counter()
    unwrap("https://news.google.com/rss/articles/" + "A" * 2_000_000)
    assert time.perf_counter() - start < 1
