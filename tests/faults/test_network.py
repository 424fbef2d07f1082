"""What a hostile or broken web server sends: each row is a case of the fault server.

A row names its case, the path, what must come out, and within what time. Limits are a
thirtieth of the product's, the proportions are the same.
"""

import time
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from pipeline.newsroom.faults import FaultServer, FullBacklog, closed_port
from pipeline.newsroom.faults_cases import FORGED, PAGE
from transforms.fetch.client import Client
from transforms.fetch.kinds import ARTICLE, FEED, ROBOTS, Request
from transforms.fetch.policy import FetchPolicy
from transforms.fetch.response import Response
from transforms.outcomes import Reason

FIRST_BYTE_S, TOTAL_S, SLACK_S = 0.35, 0.7, 1.0
CAP = 100_000
AT_ONCE = 0.5


@pytest.fixture(scope="module")
def server() -> Iterator[FaultServer]:
    with FaultServer(hosts=("127.0.0.1", "::1")) as running:
        yield running


def policy_for(*pairs: str, **changes: object) -> FetchPolicy:
    base = {
        "contact": "ops@example.org",
        "connect_s": 0.3,
        "first_byte_s": FIRST_BYTE_S,
        "total_s": TOTAL_S,
        "allow_hosts": pairs,
    }
    return FetchPolicy(**(base | changes))  # type: ignore[arg-type]


@pytest.fixture
def client(server: FaultServer) -> Iterator[Client]:
    client = Client(policy_for(*server.pairs))
    yield client
    client.close()


def get(client: Client, url: str, kind: str = ARTICLE, cap: int = CAP, etag: str = "") -> Response:
    return client.fetch(Request(url, kind, cap, etag=etag))


def typed(content_type: str, body: bytes) -> str:
    return f"/a34-type?type={quote(content_type)}&body={quote(body)}"


# case, path, reason, whole seconds it may take: at once, first byte, total
CASES = [
    ("A4 no first byte", "/a4-silent", Reason.TIMEOUT_FIRST_BYTE, FIRST_BYTE_S),
    ("A5 drip body", "/a5-drip-body", Reason.TIMEOUT_TOTAL, TOTAL_S),
    ("A5 drip chunks", "/a5-drip-chunks", Reason.TIMEOUT_TOTAL, TOTAL_S),
    ("A6 drip headers", "/a6-drip-headers", Reason.TIMEOUT_TOTAL, TOTAL_S),
    ("A6 endless headers", "/a6-endless-headers", Reason.TIMEOUT_TOTAL, TOTAL_S),
    ("A7 endless 100", "/a7-endless-100", Reason.TIMEOUT_TOTAL, TOTAL_S),
    ("A7 flood of 103", "/a7-flood-103", Reason.TIMEOUT_TOTAL, TOTAL_S),
    ("A7 103, then the page", "/a7-hints-then-page", Reason.FETCHED, AT_ONCE),
    ("A8 chunked, cut", "/a8-chunked-cut", Reason.TRUNCATED, AT_ONCE),
    ("A8 chunked, no last chunk", "/a8-chunked-no-end", Reason.TRUNCATED, AT_ONCE),
    ("A8 bad chunk size", "/a8-bad-chunk", Reason.PROTOCOL_ERROR, AT_ONCE),
    ("A8 chunk of 2^63", "/a8-huge-chunk", Reason.TRUNCATED, AT_ONCE),
    ("A8 chunk of -1", "/a8-negative-chunk", Reason.PROTOCOL_ERROR, AT_ONCE),
    ("A9 shorter than said", "/a9-short-body", Reason.TRUNCATED, AT_ONCE),
    ("A10 longer than said", "/a10-surplus", Reason.FETCHED, AT_ONCE),
    ("A11 reset in the body", "/a11-reset", Reason.TRUNCATED, AT_ONCE),
    ("A11 reset before an answer", "/a11-reset-unanswered", Reason.TRUNCATED, AT_ONCE),
    ("A11 closed before an answer", "/a11-closed-unanswered", Reason.TRUNCATED, AT_ONCE),
    ("A12 gzip cut", "/a12-gzip-cut", Reason.TRUNCATED, AT_ONCE),
    ("A13 junk behind gzip", "/a13-gzip-junk", Reason.FETCHED, AT_ONCE),
    ("A14 says gzip, is plain", "/a14-not-gzip", Reason.DECODE_FAILED, AT_ONCE),
    ("A15 gzip bomb", "/a15-bomb-gzip", Reason.TOO_LARGE, AT_ONCE),
    ("A15 deflate bomb", "/a15-bomb-deflate", Reason.TOO_LARGE, AT_ONCE),
    ("A15 redirect with a bomb", "/a15-redirect-bomb", Reason.FETCHED, AT_ONCE),
    ("A15 refusal with a bomb", "/a15-error-bomb", Reason.BLOCKED, AT_ONCE),
    ("A15 body without end", "/a15-endless", Reason.TOO_LARGE, AT_ONCE),
    ("A16 gzip in gzip", "/a16-gzip-gzip", Reason.ENCODING_UNSUPPORTED, AT_ONCE),
    ("A17 unknown coding", "/a17-coding?name=foo", Reason.ENCODING_UNSUPPORTED, AT_ONCE),
    ("A17 br", "/a17-coding?name=br", Reason.ENCODING_UNSUPPORTED, AT_ONCE),
    ("A17 zstd", "/a17-coding?name=zstd", Reason.ENCODING_UNSUPPORTED, AT_ONCE),
    ("A18 cap - 1", f"/a18-size?n={CAP - 1}", Reason.FETCHED, AT_ONCE),
    ("A18 cap", f"/a18-size?n={CAP}", Reason.FETCHED, AT_ONCE),
    ("A18 cap + 1", f"/a18-size?n={CAP + 1}", Reason.TOO_LARGE, AT_ONCE),
    ("A18 cap, gzip", f"/a18-size?n={CAP}&gzip=1", Reason.FETCHED, AT_ONCE),
    ("A18 cap + 1, gzip", f"/a18-size?n={CAP + 1}&gzip=1", Reason.TOO_LARGE, AT_ONCE),
    ("A18 cap + 1, no length", f"/a18-size?n={CAP + 1}&close=1", Reason.TOO_LARGE, AT_ONCE),
    ("A19 header of 200 KB", "/a19-long-line", Reason.PROTOCOL_ERROR, AT_ONCE),
    ("A19 5,000 headers", "/a19-many-headers", Reason.PROTOCOL_ERROR, AT_ONCE),
    ("A19 5 MB of headers", "/a19-wide-headers", Reason.PROTOCOL_ERROR, AT_ONCE),
    ("A19 binary status line", "/a19-binary-status", Reason.PROTOCOL_ERROR, AT_ONCE),
    ("A19 HTTP/0.9", "/a19-http-09", Reason.PROTOCOL_ERROR, AT_ONCE),
    ("A19 status without number", "/a19-bad-status", Reason.PROTOCOL_ERROR, AT_ONCE),
    ("A20 two lengths", "/a20-two-lengths", Reason.PROTOCOL_ERROR, AT_ONCE),
    ("A20 length of -1", "/a20-negative-length", Reason.PROTOCOL_ERROR, AT_ONCE),
    ("A20 length and chunked", "/a20-length-and-chunked", Reason.FETCHED, AT_ONCE),
    ("A21 loop", "/a21-loop", Reason.REDIRECT_LIMIT, AT_ONCE),
    ("A21 five hops", "/a21-hops/5", Reason.FETCHED, AT_ONCE),
    ("A21 six hops", "/a21-hops/6", Reason.REDIRECT_LIMIT, AT_ONCE),
    ("A21 redirect to nowhere", "/a21-no-location", Reason.PROTOCOL_ERROR, AT_ONCE),
    ("A22 to a private address", "/to?url=http://10.0.0.1/", Reason.REFUSED_ADDRESS, AT_ONCE),
    ("A22 to a file", "/to?url=file:///etc/passwd", Reason.REFUSED_REDIRECT, AT_ONCE),
    ("A22 to user info", "/to?url=http://a:b@8.8.8.8/", Reason.REFUSED_REDIRECT, AT_ONCE),
    ("A25 304 unasked", "/a25-304", Reason.PROTOCOL_ERROR, AT_ONCE),
    *[(f"A28 {code}", f"/status/{code}", Reason.BLOCKED, AT_ONCE) for code in (401, 402, 403, 451)],
    ("A29 404", "/status/404", Reason.NOT_FOUND, AT_ONCE),
    ("A30 410", "/status/410", Reason.GONE, AT_ONCE),
    ("A31 429", "/status/429", Reason.RATE_LIMITED, AT_ONCE),
    ("A31 503 with Retry-After", "/status/503?after=60", Reason.RATE_LIMITED, AT_ONCE),
    ("A32 503", "/status/503", Reason.SERVER_ERROR, AT_ONCE),
    ("A32 500", "/status/500", Reason.SERVER_ERROR, AT_ONCE),
    ("A34 PDF", typed("text/html", b"%PDF-1.7 <x>"), Reason.WRONG_TYPE, AT_ONCE),
    ("A34 image", typed("image/png", b"\x89PNG\r\n\x1a\n"), Reason.WRONG_TYPE, AT_ONCE),
    ("A34 JSON", typed("application/json", b'{"a": 1}'), Reason.WRONG_TYPE, AT_ONCE),
    ("A34 empty", typed("text/html", b" \n"), Reason.WRONG_TYPE, AT_ONCE),
    ("A34 no content", "/status/204", Reason.WRONG_TYPE, AT_ONCE),
    ("A34 bytes of no type", typed("video/mp4", b"\x00\x01\x02"), Reason.WRONG_TYPE, AT_ONCE),
    ("A34 feed for a page", typed("text/xml", b"<rss version='2.0'>"), Reason.WRONG_TYPE, AT_ONCE),
    ("A34 page under a lie", typed("application/pdf", PAGE), Reason.FETCHED, AT_ONCE),
    ("A36 UTF-16", typed("text/html", PAGE.decode().encode("utf-16")), Reason.FETCHED, AT_ONCE),
    ("A36 BOM", typed("text/html", b"\xef\xbb\xbf" + PAGE), Reason.FETCHED, AT_ONCE),
    ("A39 two gzip members", "/a39-two-members", Reason.FETCHED, AT_ONCE),
    ("A39 raw deflate", "/a39-raw-deflate", Reason.FETCHED, AT_ONCE),
]


@pytest.mark.parametrize(("case", "path", "reason", "within"), CASES, ids=[c[0] for c in CASES])
def test_each_case_ends_in_its_reason_in_time(
    server: FaultServer, client: Client, case: str, path: str, reason: Reason, within: float
) -> None:
    start = time.monotonic()
    response = get(client, server.url(path))
    took = time.monotonic() - start
    assert response.reason is reason, (case, response.detail)
    assert took < within + SLACK_S
    if within in (FIRST_BYTE_S, TOTAL_S):
        assert took > within - 0.05
    assert response.ok or len(response.body) <= 2048
    assert get(client, server.url("/fine")).body == PAGE  # the next request is unharmed


WHOLE = [
    "/a7-hints-then-page",
    "/a10-surplus",
    "/a13-gzip-junk",
    "/a15-redirect-bomb",
    "/a20-length-and-chunked",
    "/a39-two-members",
    "/a39-raw-deflate",
    "/a21-hops/5",
]


@pytest.mark.parametrize("path", WHOLE)
def test_what_is_odd_but_whole_is_kept_whole(
    server: FaultServer, client: Client, path: str
) -> None:
    assert get(client, server.url(path)).body == PAGE


def test_a1_a_closed_port_fails_at_once() -> None:
    port = closed_port()
    response = get(Client(policy_for(f"127.0.0.1:{port}")), f"http://127.0.0.1:{port}/")
    assert response.reason is Reason.CONNECT_FAILED
    assert response.elapsed_s < 0.5


def test_a2_a_resolver_that_hangs_or_fails_is_given_up_in_time() -> None:
    def hangs(host: str, port: int) -> list[tuple[int, tuple[object, ...]]]:
        time.sleep(5)
        return []

    def fails(host: str, port: int) -> list[tuple[int, tuple[object, ...]]]:
        raise OSError("no such name")

    for resolver, bound in ((hangs, 1.3), (fails, 0.3)):
        response = get(Client(policy_for(), resolver=resolver), "http://news.example/")
        assert response.reason is Reason.DNS_FAILED
        assert response.elapsed_s < bound


def test_a3_a_connection_that_never_completes_times_out() -> None:
    with FullBacklog() as full:
        client = Client(policy_for(f"127.0.0.1:{full.port}"))
        response = get(client, f"http://127.0.0.1:{full.port}/")
    assert response.reason is Reason.TIMEOUT_CONNECT
    assert 0.25 < response.elapsed_s < 1.3


def test_a10_an_answer_forged_behind_another_is_never_taken(
    server: FaultServer, client: Client
) -> None:
    for _ in range(5):
        assert get(client, server.url("/a10-surplus")).body == PAGE
        following = get(client, server.url("/a27-echo"), FEED)
        assert FORGED not in following.body
        assert b"host: 127.0.0.1" in following.body


def test_connections_are_kept_where_that_is_safe(server: FaultServer, client: Client) -> None:
    get(client, server.url("/fine"))
    before = server.connections
    for path in ("/fine", "/status/404", "/fine"):
        get(client, server.url(path))
    assert server.connections == before
    for path in ("/a10-surplus", "/a20-length-and-chunked", "/a25-304-with-body"):
        get(client, server.url(path), FEED, etag="x")
    assert server.connections == before + 2  # the first still went over the kept connection


def test_a_connection_closed_while_idle_is_replaced(server: FaultServer, client: Client) -> None:
    def last(exchange: object) -> None:
        exchange.answer(PAGE, "Content-Type: text/html")  # type: ignore[attr-defined]
        exchange.keep = False  # type: ignore[attr-defined]

    server.pages["/last"] = last
    for _ in range(3):
        assert get(client, server.url("/last")).ok


def test_a18_robots_are_read_up_to_their_cap(server: FaultServer, client: Client) -> None:
    response = get(client, server.url("/a18-size?n=5000"), ROBOTS, cap=1000)
    assert (response.ok, len(response.body), response.flags) == (True, 1000, ("cut",))


@pytest.mark.parametrize("path", ["/a25-304", "/a25-304-with-body"])
def test_a25_unchanged_feeds_have_no_body(server: FaultServer, client: Client, path: str) -> None:
    response = get(client, server.url(path), FEED, etag='"old"')
    assert (response.reason, response.bytes_read) == (Reason.UNCHANGED, 0)
    assert get(client, server.url("/fine")).body == PAGE


@pytest.mark.parametrize(
    ("etag", "modified"),
    [
        ('W/"a b"', "Tue, 03 Jun 2041 11:05:30 GMT"),
        ("no-quotes", "yesterday"),
        ('"\xe9t\xe9"', " odd  spaces kept"),
        ("", "Tue, 3 Jun 2008 11:05:30 +0200"),
    ],
)
def test_a27_validators_go_back_byte_for_byte(
    server: FaultServer, client: Client, etag: str, modified: str
) -> None:
    request = Request(server.url("/a27-echo"), FEED, CAP, etag, modified)
    sent = client.fetch(request).body.decode("latin-1").split("\n")
    assert (f"if-none-match: {etag}" in sent) is bool(etag)
    assert f"if-modified-since: {modified.strip()}" in sent


def test_a27_validators_that_would_break_the_request_are_left_out(
    server: FaultServer, client: Client
) -> None:
    request = Request(server.url("/a27-echo"), FEED, CAP, '"a"\r\nX-Evil: 1', "путь")
    sent = client.fetch(request).body
    assert b"if-none-match" not in sent
    assert b"x-evil" not in sent
    assert b"if-modified-since" not in sent


def test_requests_name_the_product_and_offer_what_can_be_decoded(
    server: FaultServer, client: Client
) -> None:
    sent = get(client, server.url("/a27-echo"), FEED).body.decode().split("\n")
    assert "user-agent: crisiswire/0.1.0 (+ops@example.org)" in sent
    assert "accept-encoding: gzip, deflate" in sent
    assert not [line for line in sent if line.startswith(("cookie", "authorization", "referer"))]


def test_a37_proxies_of_the_environment_are_ignored(
    server: FaultServer, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FaultServer() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy.url(""))
        assert get(client, server.url("/fine")).body == PAGE
        assert proxy.connections == 0


def test_a_configured_proxy_is_used_and_numeric_addresses_are_still_refused() -> None:
    with FaultServer(pages={"http://news.example/x": PAGE}) as proxy:
        client = Client(policy_for(proxy=proxy.url("")))
        assert get(client, "http://news.example/x").body == PAGE
        assert proxy.asked[-1].headers["host"] == "news.example"
        for url in ("http://10.0.0.1/", "http://0x7f.1/", "http://localhost/"):
            assert get(client, url).reason is Reason.REFUSED_ADDRESS
        assert len(proxy.asked) == 1
        client.close()


def test_ipv6_hosts_are_fetched(server: FaultServer, client: Client) -> None:
    assert get(client, server.url("/fine", host="::1")).body == PAGE
