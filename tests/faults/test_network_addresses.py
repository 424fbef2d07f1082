"""No packet reaches a non-public address, however it is spelt and wherever it comes from."""

import socket
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from pipeline.feedcheck import ask, discover
from pipeline.newsroom.faults import FaultServer
from pipeline.newsroom.faults_feeds import RSS, item, rss
from tests.faults.poller import Poller
from transforms.feeds.options import FeedOptions
from transforms.fetch.address import is_public
from transforms.fetch.client import Client
from transforms.fetch.kinds import ARTICLE, Request
from transforms.fetch.policy import FetchPolicy
from transforms.fetch.response import Response
from transforms.fetch.transform import article_request
from transforms.outcomes import Reason
from transforms.records import Feed

B1 = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.1",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::1",
    "2001:0:7f00:1::80ff:fffe",
    "fc00::1",
    "fe80::1",
    "ff02::1",
]
B2 = [
    "127.8.8.8",
    "169.254.1.1",
    "192.88.99.1",
    "168.63.129.16",
    "198.51.100.1",
    "203.0.113.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b:1::1",
    "64:ff9b::808:808",
    "fec0::1",
    "2001:db8::1",
    "3fff::1",
    "5f00::1",
    "100::1",
    "fd00:ec2::254",
    "fe80::1%eth0",
    "2001:10::1",
    "2002:808:808::1",
]
B3 = ["2130706433", "0x7f000001", "0177.0.0.1", "017700000001", "127.1", "0x7f.1", "0"]
B4 = ["①②⑦.⓪.⓪.①", "127。0。0。1", "127.0.0.1.", "LOCALHOST", "localhost.", "LocalHost"]
PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "93.184.216.34",
    "151.101.1.69",
    "223.255.255.254",
    "2606:4700::1111",
    "2a00:1450:4001:800::200e",
    "2001:4860:4860::8888",
    "::ffff:8.8.8.8",
]
REFUSED = {Reason.REFUSED_ADDRESS, Reason.REFUSED_URL, Reason.REFUSED_REDIRECT}


class Spy:
    """Counts what leaves through sockets, but for the test's own server."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, spared: Sequence[int]) -> None:
        self.reached: list[Any] = []
        for name in ("connect", "connect_ex", "sendto"):
            monkeypatch.setattr(socket.socket, name, self._watched(name, spared))

    def _watched(self, name: str, spared: Sequence[int]) -> Any:
        genuine = getattr(socket.socket, name)

        def call(sock: socket.socket, *args: Any) -> Any:
            if args[-1][1] in spared:
                return genuine(sock, *args)
            self.reached.append(args[-1])
            raise ConnectionRefusedError("seen by the spy")

        return call


@pytest.fixture(scope="module")
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


@pytest.fixture
def spy(monkeypatch: pytest.MonkeyPatch, server: FaultServer) -> Spy:
    return Spy(monkeypatch, [server.port])


def get(url: str, server: FaultServer, resolver: Any = None) -> Response:
    policy = FetchPolicy(allow_hosts=server.pairs, connect_s=1, first_byte_s=1, total_s=2)
    client = Client(policy, resolver=resolver) if resolver else Client(policy)
    response = client.fetch(Request(url, ARTICLE, 1000))
    client.close()
    return response


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


@pytest.mark.parametrize("host", [*B1, *B2, *B3, *B4])
def test_b1_to_b4_an_address_in_the_url_is_refused(
    host: str, spy: Spy, server: FaultServer
) -> None:
    for scheme in ("http", "HTTPS"):
        assert get(f"{scheme}://{bracketed(host)}/", server).reason in REFUSED
    assert spy.reached == []


@pytest.mark.parametrize("host", [*B1, *B2, *B3, *B4])
def test_b7_an_address_in_a_redirect_is_refused(host: str, spy: Spy, server: FaultServer) -> None:
    for hop in (f"/to?url={quote(f'http://{bracketed(host)}/')}",):
        response = get(server.url(hop), server)
        assert response.reason in REFUSED
        assert response.status in (0, 302)
    assert spy.reached == []


INSIDE = "http://10.0.0.1/"
LINK_TO_INSIDE = f'<link rel="alternate" type="application/rss+xml" href="{INSIDE}feed">'


def test_b7_robots_discovery_and_the_links_of_feeds_go_through_the_same_door(
    spy: Spy, server: FaultServer
) -> None:
    policy = FetchPolicy(allow_hosts=server.pairs, delay_s=0.0)
    page = f"<html><head>{LINK_TO_INSIDE}</head><body>Sitemap</body></html>".encode()
    server.pages |= {
        "/": page,
        "/robots.txt": lambda it: it.answer(b"", f"Location: {INSIDE}", status="302 Found"),
        "/links": lambda it: it.answer(rss(item(INSIDE) + item("http://[::1]/x")), RSS),
    }
    with Poller(policy_without_robots(policy), FeedOptions()) as poller:
        entries = poller.poll(Feed(server.url("/links"))).entries
    assert [entry.url for entry in entries] == [INSIDE, "http://[::1]/x"]
    for request in (article_request(entry, policy) for entry in entries):
        assert Client(policy).fetch(request).reason is Reason.REFUSED_ADDRESS
    (robots,) = ask([Request(server.url("/fine"), ARTICLE, 10_000)], policy)
    assert robots.response.reason is Reason.REFUSED_ADDRESS
    assert not list(discover(server.url("/"), policy_without_robots(policy), FeedOptions()))
    server.pages.clear()
    assert spy.reached == []


def policy_without_robots(policy: FetchPolicy) -> FetchPolicy:
    return replace(policy, robots=False)


@pytest.mark.parametrize("address", [*B1, *B2])
def test_b1_b2_an_address_in_the_dns_is_refused(
    address: str, spy: Spy, server: FaultServer
) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET

    def resolver(host: str, port: int) -> list[tuple[int, tuple[Any, ...]]]:
        return [(family, (address, port))]

    assert get("https://news.example/", server, resolver).reason is Reason.REFUSED_ADDRESS
    assert spy.reached == []
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_connected_to(address: str, spy: Spy, server: FaultServer) -> None:
    assert is_public(address)
    assert get(f"http://{bracketed(address)}/", server).reason is Reason.CONNECT_FAILED
    assert len(spy.reached) == 1


def test_b5_a_name_that_changes_its_mind_is_resolved_once(spy: Spy, server: FaultServer) -> None:
    answers = [[(socket.AF_INET, ("8.8.8.8", 80))], [(socket.AF_INET, ("127.0.0.1", 80))]]
    asked: list[str] = []

    def resolver(host: str, port: int) -> list[tuple[int, tuple[Any, ...]]]:
        asked.append(host)
        return answers[len(asked) - 1]  # type: ignore[return-value]

    get("http://rebind.example/", server, resolver)
    assert asked == ["rebind.example"]
    assert spy.reached == [("8.8.8.8", 80)]


def test_b5_host_header_keeps_the_name_that_was_resolved(server: FaultServer) -> None:
    def resolver(host: str, port: int) -> list[tuple[int, tuple[Any, ...]]]:
        return [(socket.AF_INET, ("127.0.0.1", port))]

    policy = FetchPolicy(allow_hosts=(f"news.example:{server.port}",))
    client = Client(policy, resolver=resolver)
    url = f"http://News.Example:{server.port}/fine"
    assert client.fetch(Request(url, ARTICLE, 10_000)).ok
    assert server.asked[-1].headers["host"] == f"news.example:{server.port}"
    client.close()


@pytest.mark.parametrize("order", [1, -1])
def test_b6_one_private_address_among_others_refuses_the_name(
    order: int, spy: Spy, server: FaultServer
) -> None:
    pair = [(socket.AF_INET, ("8.8.8.8", 80)), (socket.AF_INET, ("192.168.0.1", 80))][::order]
    response = get("http://mixed.example/", server, lambda host, port: pair)
    assert response.reason is Reason.REFUSED_ADDRESS
    assert spy.reached == []


@pytest.mark.parametrize(
    "url",
    [
        "http://8.8.8.8\\@127.0.0.1/",
        "http://a:b@8.8.8.8/",
        "file:///etc/passwd",
        "ftp://8.8.8.8/",
        "gopher://8.8.8.8/",
        "data:text/html,x",
        "javascript:alert(1)",
        "http://8.8.8.8:22/",
        "http://8.8.8.8:25/",
        "http://8.8.8.8:6379/",
        "http://[fe80::1%25lo]/",
    ],
)
def test_b8_to_b12_other_forms_are_refused_before_any_packet(
    url: str, spy: Spy, server: FaultServer
) -> None:
    assert get(url, server).reason is Reason.REFUSED_URL
    assert get(server.url(f"/to?url={quote(url)}"), server).reason is Reason.REFUSED_REDIRECT
    assert spy.reached == []


def test_an_exemption_is_for_one_port_of_one_host(spy: Spy, server: FaultServer) -> None:
    assert get(server.url("/fine"), server).ok
    for url in (
        f"http://127.0.0.2:{server.port}/",
        f"http://127.0.0.1:{server.port + 1}/",
        "http://127.0.0.1/",
        f"http://localhost:{server.port}/",
        f"http://2130706433:{server.port}/",
    ):
        assert get(url, server).reason in REFUSED
    assert spy.reached == []


def test_the_peer_is_checked_after_connecting(
    monkeypatch: pytest.MonkeyPatch, server: FaultServer
) -> None:
    genuine = socket.socket.connect

    def diverted(sock: socket.socket, address: tuple[Any, ...]) -> None:
        genuine(sock, ("127.0.0.1", server.port))

    monkeypatch.setattr(socket.socket, "connect", diverted)
    before = len(server.asked)
    assert get("http://8.8.8.8/fine", server).reason is Reason.REFUSED_ADDRESS
    assert len(server.asked) == before
