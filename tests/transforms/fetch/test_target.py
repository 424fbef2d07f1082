"""URLs are parsed once and refused for their form."""

import pytest

from transforms.errors import ItemError
from transforms.fetch.policy import FetchPolicy
from transforms.fetch.target import host_key, parse_target, redirect_url
from transforms.outcomes import Reason

POLICY = FetchPolicy(ports=(8080,), allow_hosts=("127.0.0.1:8123", "[::1]:8123"))


@pytest.mark.parametrize(
    ("url", "authority", "path"),
    [
        ("http://Example.ORG", "example.org", "/"),
        ("https://example.org:443/a?b=c#d", "example.org", "/a?b=c"),
        ("http://example.org:8080/", "example.org:8080", "/"),
        ("http://example.org./x", "example.org", "/x"),
        ("https://новости.example/путь", "xn--b1amnebsh.example", "/%D0%BF%D1%83%D1%82%D1%8C"),
        ("https://faß.example/", "xn--fa-hia.example", "/"),
        ("http://127.0.0.1:8123/%41", "127.0.0.1:8123", "/%41"),
        ("http://[::1]:8123/", "[::1]:8123", "/"),
        ("  http://example.org/x  ", "example.org", "/x"),
    ],
)
def test_plain_addresses_become_ascii_parts(url: str, authority: str, path: str) -> None:
    target = parse_target(url, POLICY)
    assert (target.authority, target.path) == (authority, path)


@pytest.mark.parametrize(
    "url",
    [
        "http://8.8.8.8\\@127.0.0.1/",  # B8
        "http://example.org/a b",
        "http://example.org/\x00",
        "http://exa\tmple.org/",
        "http://user:secret@example.org/",  # B9
        "http://user@example.org/",
        "file:///etc/passwd",  # B10
        "ftp://example.org/",
        "gopher://example.org/",
        "data:text/html,hi",
        "javascript:alert(1)",
        "//example.org/",
        "",
        "http://",
        "http://example.org:22/",  # B11
        "http://example.org:6379/",
        "http://example.org:99999/",
        "http://127.0.0.1:8124/",
        "http://[fe80::1%25lo]/",  # B12
        "http://[::1/",
        "http://a..b/",
        "http://-/",
        "http://" + "a" * 9000,
    ],
)
def test_other_forms_are_refused(url: str) -> None:
    with pytest.raises(ItemError) as caught:
        parse_target(url, POLICY)
    assert caught.value.reason is Reason.REFUSED_URL
    assert "secret" not in caught.value.detail


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("/b", "http://example.org/b"),
        ("b?c=d e", "http://example.org/a/b?c=d%20e"),
        ("//other.example/", "http://other.example/"),
        ("/caf\xc3\xa9", "http://example.org/caf%C3%A9"),  # UTF-8 bytes read as Latin-1
        ("/путь", "http://example.org/%D0%BF%D1%83%D1%82%D1%8C"),
    ],
)
def test_locations_are_joined_and_escaped(location: str, expected: str) -> None:
    assert redirect_url("http://example.org/a/x", location) == expected


def test_a_backslash_in_a_location_survives_to_be_refused() -> None:
    with pytest.raises(ItemError):
        parse_target(redirect_url("http://example.org/", "http://8.8.8.8\\@127.0.0.1/"), POLICY)


@pytest.mark.parametrize(
    ("url", "host"),
    [("HTTPS://Example.org:8443/x", "example.org"), ("http://[::1]:1/", "::1"), ("nonsense", "")],
)
def test_hosts_are_named_without_port(url: str, host: str) -> None:
    assert host_key(url) == host
