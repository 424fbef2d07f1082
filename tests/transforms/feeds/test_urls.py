"""Canonical URLs: what is one page, and what must stay two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.feeds.urls import (
    article_id,
    believed_canonical,
    canonical_url,
    feed_key,
    host_of,
    site_of,
    url_hash,
)

PAGE = "https://example.com/2024/story"

SAME = [
    "http://example.com/2024/story",
    "https://EXAMPLE.com/2024/story/",
    "https://www.example.com:443/2024/story",
    "https://example.com./2024/story",
    "https://user:pw@example.com/2024/story",
    "https://m.example.com/2024/story",
    "https://mobile.example.com/2024/story",
    "https://amp.example.com/2024/story",
    "https://www.example.com/2024/story/amp/",
    "https://www.example.com/2024/story.amp",
    "https://example.com/2024/story?amp=1",
    "https://example.com/2024/story?outputType=amp",
    "https://example.com/2024/./x/../story",
    "https://example.com/2024//story",
    "https://example.com/2024/%73tory",
    "https://example.com/2024/story#comments",
    "https://example.com/2024/story?utm_source=rss&utm_medium=feed",
    "https://example.com/2024/story?fbclid=abc&gclid=1",
    "https://example.com/2024/story?at_medium=RSS&at_campaign=x",
    "https://example.com/2024/story?xtor=RSS-3208",
    "https://example.com/2024/story?ref=rss",
    "https://example.com/2024/story?source=Twitter",
    "https://example.com/2024/story;jsessionid=12ABC",
    "https://example.com/2024/story?PHPSESSID=ff",
    "https://example.com/2024/story/index.html",
    " https://example.com/2024/st\nory ",
    "https://www.google.com/url?q=https://example.com/2024/story&sa=D",
    "https://www.google.com/amp/s/www.example.com/2024/story/amp",
    "https://www-example-com.cdn.ampproject.org/c/s/www.example.com/2024/story?amp=1",
    "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.com%2F2024%2Fstory&h=x",
]

DIFFERENT = [
    ("https://example.com/a?id=1", "https://example.com/a?id=2"),
    ("https://example.com/?p=1", "https://example.com/"),
    ("https://example.com/a?ref=12345", "https://example.com/a"),
    ("https://example.com/a?source=4711", "https://example.com/a"),
    ("https://example.com/a?cid=998", "https://example.com/a?cid=999"),
    ("https://example.com/a?page=2", "https://example.com/a"),
    ("https://example.com/a?article=9&lang=fr", "https://example.com/a?article=9&lang=en"),
    ("https://example.com/Story", "https://example.com/story"),
    ("https://example.com/a?x=%26", "https://example.com/a?x&"),
    ("https://example.com/#!/a", "https://example.com/#!/b"),
    ("https://example.com:8080/a", "https://example.com/a"),
    ("https://sport.example.com/a", "https://example.com/a"),
    ("https://example.com/camp", "https://example.com/c"),
    ("https://example.com/a%2Fb", "https://example.com/a/b"),
    ("https://m.co.uk/a", "https://co.uk/a"),
    ("http://127.0.0.1:81/a", "http://127.0.0.1:82/a"),
]


@pytest.mark.parametrize("url", SAME)
def test_spellings_of_one_page_are_one(url: str) -> None:
    assert canonical_url(url) == PAGE


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_names_another_page_is_kept(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


def test_the_order_of_parameters_does_not_matter() -> None:
    assert canonical_url("https://e.org/a?b=2&a=1") == canonical_url("https://e.org/a?a=1&amp;b=2")


@pytest.mark.parametrize("host", ["a\u2009b.example", "ha\u02ddbour.example", "a\uff0fb.example"])
def test_a_host_that_hides_blanks_or_signs_is_none(host: str) -> None:
    assert canonical_url(f"https://{host}/x") == ""


def test_a_mobile_label_inside_the_host_goes() -> None:
    assert canonical_url("https://en.m.example.org/wiki/X") == "https://en.example.org/wiki/X"


def test_a_name_in_another_script_is_one_with_its_punycode() -> None:
    assert canonical_url("https://münchen.de/a") == canonical_url("https://xn--mnchen-3ya.de/a")


@pytest.mark.parametrize(
    "url", ["", "mailto:a@b.org", "javascript:void(0)", "/a/b", "https://", "http://[::1", "a b"]
)
def test_what_is_no_web_address_is_empty(url: str) -> None:
    assert canonical_url(url) == ""


_HOSTS = st.sampled_from(
    ["example.com", "www.example.co.uk", "m.example.org", "amp.a.example.org", "127.0.0.1:8080"]
)
_PARTS = st.lists(
    st.sampled_from(
        [
            "a",
            "amp",
            "index.html",
            "..",
            "%2e",
            "%",
            "%25",
            "é",
            "b.amp",
            "x y",
            "amp.html",
            ";sid=1",
        ]
    ),
    max_size=6,
)
_QUERY = st.lists(
    st.sampled_from(
        ["id=1", "utm_a=b", "ref=rss", "amp;x=1", "amp=1", "%", "a=%zz", "b", "", "rss=1", "z=é"]
    ),
    max_size=5,
)


@given(_HOSTS, _PARTS, _QUERY, st.sampled_from(["", "#x", "#!/a", "#/b"]))
def test_canonical_is_idempotent(host: str, parts: list[str], query: list[str], end: str) -> None:
    url = f"http://{host}/" + "/".join(parts) + ("?" + "&".join(query) if query else "") + end
    once = canonical_url(url)
    assert canonical_url(once) == once


@given(st.text(max_size=80))
def test_any_text_gives_a_canonical_url_or_nothing(text: str) -> None:
    once = canonical_url("https://example.com/" + text)
    assert canonical_url(once) == once
    assert canonical_url(text) == canonical_url(canonical_url(text))


@given(
    st.dictionaries(st.sampled_from(["id", "p", "art", "story", "s", "q"]), st.integers(0, 9999))
)
def test_meaningful_parameters_survive(parameters: dict[str, int]) -> None:
    query = "&".join(f"{name}={value}" for name, value in sorted(parameters.items()))
    noisy = f"https://example.com/a?utm_source=x&{query}&fbclid=1"
    assert canonical_url(noisy) == "https://example.com/a" + (f"?{query}" if query else "")


@pytest.mark.parametrize(
    ("page", "claimed", "believed"),
    [
        (PAGE + "?x=1&utm_a=b", PAGE + "?x=1", PAGE + "?x=1"),
        ("https://m.example.com/s/5", "/story/5", "https://m.example.com/story/5"),
        ("https://m.example.com/s/5", "https://www.example.com/story/5",
         "https://www.example.com/story/5"),
        (PAGE, "https://other.com/2024/story", ""),
        (PAGE, "https://example.com/", ""),
        (PAGE, "https://example.com", ""),
        ("https://example.com/show.php?id=5", "https://example.com/show.php", ""),
        (PAGE, "javascript:alert(1)", ""),
        (PAGE, "http://[broken", ""),
        ("http://127.0.0.1:81/a", "http://127.0.0.1:82/a", ""),
        ("http://127.0.0.1:81/a", "http://127.0.0.1:81/b", "http://127.0.0.1:81/b"),
        ("https://one.github.io/a", "https://two.github.io/a", ""),
    ],
)  # fmt: skip
def test_a_claimed_address_is_believed_on_the_same_site_only(
    page: str, claimed: str, believed: str
) -> None:
    assert believed_canonical(page, claimed) == believed


def test_hosts_and_sites() -> None:
    assert host_of("HTTPS://News.Example.CO.UK:443/x") == "news.example.co.uk"
    assert host_of("http://example.com:8080/") == "example.com:8080"
    assert host_of("http://[2001:DB8::1]/") == "[2001:db8::1]"
    assert host_of("no url") == ""
    assert site_of("news.example.co.uk") == "example.co.uk"
    assert site_of("example.com:8080") == "example.com"
    assert site_of("127.0.0.1") == "127.0.0.1"
    assert site_of("[2001:db8::1]:80") == "[2001:db8::1]"
    assert site_of("localhost") == "localhost"


def test_ids_are_stable_and_hashes_fit_64_bits() -> None:
    ident = article_id("https://example.com/a")
    assert ident == article_id("https://example.com/a")
    assert len(ident) == 32
    assert -(2**63) <= url_hash(ident) < 2**63
    assert url_hash("ff" * 16) == -1


FEED = "https://example.org/news/feed?lang=en&n=2"
SAME_FEED = [
    "https://example.org/news/feed?n=2&lang=en",
    "http://example.org/news/feed?lang=en&n=2",
    "https://EXAMPLE.Org/news/feed?lang=en&n=2",
    "HTTPS://example.org/news/feed?lang=en&n=2",
    "https://example.org:443/news/feed?lang=en&n=2",
    "http://example.org:80/news/feed?lang=en&n=2",
    "https://example.org./news/feed?lang=en&n=2",
    "https://www.example.org/news/feed?lang=en&n=2",
    "https://example.org/news/feed/?lang=en&n=2",
    "https://example.org/news//feed?lang=en&n=2#latest",
    "https://example.org/news/feed?lang=en&utm_source=reader&n=2&fbclid=x",
    "https://example.org/news/f%65ed?lang=en&&n=2",
    " https://example.org/news/feed?UTM_Campaign=y&lang=en&n=2 ",
]
OTHER_FEEDS = [
    "https://example.org/news/feed?lang=fr&n=2",
    "https://example.org/news/feed?lang=en",
    "https://example.org/News/feed?lang=en&n=2",
    "https://example.org:8443/news/feed?lang=en&n=2",
    "https://m.example.org/news/feed?lang=en&n=2",
    "https://example.org/news/feed?lang=en&n=2&rss=1",
]


@pytest.mark.parametrize("url", SAME_FEED)
def test_i4_spellings_of_one_feed_have_one_key(url: str) -> None:
    assert feed_key(url) == feed_key(FEED)


@pytest.mark.parametrize("url", OTHER_FEEDS)
def test_feeds_that_differ_in_what_is_served_stay_two(url: str) -> None:
    assert feed_key(url) != feed_key(FEED)


def test_what_is_no_web_address_has_no_key() -> None:
    assert feed_key("ftp://e.org/feed") == ""
