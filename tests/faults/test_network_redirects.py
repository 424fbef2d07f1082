"""Redirects, permanent and not, by header, markup and cookie: each hop through the same door."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from pipeline.newsroom.faults import Exchange, FaultServer
from pipeline.newsroom.faults_cases import PAGE
from transforms.fetch.client import Client
from transforms.fetch.kinds import ARTICLE, FEED, Request
from transforms.fetch.policy import FetchPolicy
from transforms.fetch.response import Response
from transforms.outcomes import Reason


@pytest.fixture(scope="module")
def server() -> Iterator[FaultServer]:
    with FaultServer(hosts=("127.0.0.1", "::1")) as running:
        yield running


@pytest.fixture
def client(server: FaultServer) -> Iterator[Client]:
    client = Client(FetchPolicy(allow_hosts=server.pairs, total_s=5.0))
    yield client
    client.close()


def get(client: Client, url: str, kind: str = ARTICLE) -> Response:
    return client.fetch(Request(url, kind, 100_000))


def test_a21_a_loop_is_asked_six_times_and_its_chain_kept(
    server: FaultServer, client: Client
) -> None:
    server.asked.clear()
    response = get(client, server.url("/a21-loop"))
    assert server.paths() == ["/a21-loop"] * 6
    assert response.detail.count("/a21-loop") == 7


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [
        ((301,), True),
        ((308,), True),
        ((302,), False),
        ((303,), False),
        ((307,), False),
        ((301, 308), True),
        ((302, 301), False),
    ],
)
def test_a24_only_permanent_redirects_move_the_address(
    server: FaultServer, client: Client, statuses: tuple[int, ...], moved: bool
) -> None:
    url = server.url("/fine")
    for status in reversed(statuses):
        url = server.url(f"/to?status={status}&url={quote(url)}")
    response = get(client, url)
    assert response.body == PAGE
    assert response.moved_to == (server.url("/fine") if moved else "")


def test_a24_a_move_followed_by_a_detour_is_remembered_up_to_the_move(
    server: FaultServer, client: Client
) -> None:
    detour = server.url(f"/to?status=302&url={quote(server.url('/fine'))}")
    response = get(client, server.url(f"/to?status=301&url={quote(detour)}"))
    assert response.moved_to == detour


REFRESH = b'<meta http-equiv="refresh" content="0; url=/fine">'
REFRESHES = [
    ("A40 at once", REFRESH, True),
    ("A40 odd form", b"<META content='3;URL=\"/fine\"' HTTP-EQUIV=Refresh>", True),
    ("A40 without url=", b'<meta http-equiv="refresh" content="0;/fine">', True),
    ("A40 reload", b'<meta http-equiv="refresh" content="300">', False),
    ("A40 later", b'<meta http-equiv="refresh" content="300; url=/fine">', False),
    ("A40 noscript", b"<noscript>" + REFRESH + b"</noscript>", False),
    ("A40 comment", b"<!-- " + REFRESH + b" -->", False),
    ("A40 script", b'<script>location = "/fine"</script>', False),
    ("A40 canonical", b'<link rel="canonical" href="/fine">', False),
    ("A40 AMP", b'<link rel="amphtml" href="/fine">', False),
]


@pytest.mark.parametrize(("case", "head", "followed"), REFRESHES, ids=[r[0] for r in REFRESHES])
def test_a40_one_refresh_of_markup_is_followed(
    server: FaultServer, client: Client, case: str, head: bytes, followed: bool
) -> None:
    body = b"<html><head>" + head + b"</head><body>moved</body></html>"
    server.pages["/refresh"] = body
    response = get(client, server.url("/refresh"))
    assert response.body == (PAGE if followed else body), case


def test_a40_a_second_refresh_and_a_private_target_are_not_followed(
    server: FaultServer, client: Client
) -> None:
    refresh = b'<html><meta http-equiv="refresh" content="0; url=%b">'
    server.pages["/once"] = refresh % b"/twice"
    server.pages["/twice"] = refresh % b"/fine"
    server.pages["/inside"] = refresh % b"http://10.0.0.1/"
    assert get(client, server.url("/once")).body == refresh % b"/fine"
    assert get(client, server.url("/inside")).reason is Reason.REFUSED_ADDRESS


def test_a_site_that_sets_a_cookie_and_sends_the_reader_round_again_is_read(
    server: FaultServer, client: Client
) -> None:
    def bounce(exchange: Exchange) -> None:
        if "seen=1" in exchange.asked.headers.get("cookie", ""):
            exchange.answer(PAGE, "Content-Type: text/html")
        else:
            exchange.answer(b"", "Location: /bounce", "Set-Cookie: seen=1", status="302 Found")

    server.pages["/bounce"] = bounce
    assert get(client, server.url("/bounce")).body == PAGE
    away = f"Location: {server.url('/a27-echo', host='::1')}"
    server.pages["/away"] = lambda it: it.answer(b"", away, "Set-Cookie: a=1", status="302 Found")
    assert b"cookie" not in get(client, server.url("/away"), FEED).body  # A23
    assert b"cookie" not in get(client, server.url("/a27-echo"), FEED).body
