"""TLS is verified, always; https never becomes http."""

import io
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from pipeline.newsroom.faults import Exchange, FaultServer
from pipeline.newsroom.faults_cases import PAGE
from pipeline.newsroom.faults_tls import (
    Authority,
    dripped_handshake,
    no_handshake,
    silent_handshake,
)
from transforms.fetch.client import Client
from transforms.fetch.kinds import ARTICLE, Request
from transforms.fetch.policy import FetchPolicy
from transforms.fetch.response import Response
from transforms.outcomes import Reason

TOTAL_S = 0.7


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def secure(authority: Authority) -> Iterator[FaultServer]:
    with FaultServer(tls=authority.context("127.0.0.1", "news.example")) as running:
        yield running


def to_loopback(host: str, port: int) -> list[tuple[int, tuple[Any, ...]]]:
    return [(socket.AF_INET, ("127.0.0.1", port))]


def get(url: str, *pairs: str, ca_file: Path | None = None) -> Response:
    policy = FetchPolicy(
        allow_hosts=pairs,
        ca_file=str(ca_file) if ca_file else None,
        first_byte_s=TOTAL_S / 2,
        total_s=TOTAL_S,
    )
    client = Client(policy, resolver=to_loopback)
    response = client.fetch(Request(url, ARTICLE, 100_000))
    client.close()
    return response


def test_a_good_certificate_is_accepted_for_name_and_address(
    secure: FaultServer, authority: Authority
) -> None:
    named = f"news.example:{secure.port}"
    for url in (
        secure.url("/fine"),
        f"https://{named}/fine",
        f"https://News.Example.:{secure.port}/fine",
    ):
        response = get(url, *secure.pairs, named, ca_file=authority.ca_file)
        assert (response.reason, response.body) == (Reason.FETCHED, PAGE)


@pytest.mark.parametrize("fault", ["/a5-drip-body", "/a6-drip-headers", "/a7-endless-100"])
def test_the_deadline_holds_inside_tls(
    secure: FaultServer, authority: Authority, fault: str
) -> None:
    response = get(secure.url(fault), *secure.pairs, ca_file=authority.ca_file)
    assert response.reason is Reason.TIMEOUT_TOTAL
    assert TOTAL_S - 0.05 < response.elapsed_s < TOTAL_S + 1.0


@pytest.mark.parametrize(
    ("case", "wrong"),
    [
        ("A38 expired", {"expired": True}),
        ("A38 self-signed", {"self_signed": True}),
        ("A38 TLS 1.1 only", {"old": True}),
    ],
)
def test_a38_bad_certificates_and_old_protocols_fail(
    authority: Authority, case: str, wrong: dict[str, bool]
) -> None:
    with FaultServer(tls=authority.context("127.0.0.1", **wrong)) as server:
        response = get(server.url("/fine"), *server.pairs, ca_file=authority.ca_file)
        assert response.reason is Reason.TLS_FAILED, case
        assert (server.asked, response.body) == ([], b"")


def test_a38_a_certificate_of_another_host_fails(authority: Authority) -> None:
    with FaultServer(tls=authority.context("other.example")) as server:
        response = get(server.url("/fine"), *server.pairs, ca_file=authority.ca_file)
        assert (response.reason, server.asked) == (Reason.TLS_FAILED, [])


def test_a38_an_unknown_authority_fails(secure: FaultServer) -> None:
    before = len(secure.asked)
    assert get(secure.url("/fine"), *secure.pairs).reason is Reason.TLS_FAILED
    assert len(secure.asked) == before


def test_a38_plain_text_for_a_handshake_fails() -> None:
    with FaultServer(on_connect=no_handshake) as server:
        response = get(server.url("/", scheme="https"), *server.pairs)
        assert response.reason is Reason.TLS_FAILED


@pytest.mark.parametrize("fault", [silent_handshake, dripped_handshake])
def test_a38_a_handshake_that_never_ends_times_out(fault: Any) -> None:
    with FaultServer(on_connect=fault) as server:
        start = time.monotonic()
        response = get(server.url("/", scheme="https"), *server.pairs)
        assert response.reason is Reason.TIMEOUT_TOTAL
        assert TOTAL_S - 0.05 < time.monotonic() - start < TOTAL_S + 1.0


def test_a23_https_never_redirects_to_http(secure: FaultServer, authority: Authority) -> None:
    with FaultServer() as plain:
        url = secure.url(f"/to?url={quote(plain.url('/fine'))}")
        response = get(url, *secure.pairs, *plain.pairs, ca_file=authority.ca_file)
        assert (response.reason, plain.connections) == (Reason.REFUSED_REDIRECT, 0)


def test_http_may_redirect_to_https(secure: FaultServer, authority: Authority) -> None:
    with FaultServer() as plain:
        url = plain.url(f"/to?status=301&url={quote(secure.url('/fine'))}")
        response = get(url, *secure.pairs, *plain.pairs, ca_file=authority.ca_file)
        assert (response.body, response.moved_to) == (PAGE, secure.url("/fine"))


def test_a10_bytes_behind_an_answer_are_noticed_inside_tls_too(
    secure: FaultServer, authority: Authority
) -> None:
    # The answer fills the reader's buffer to the byte: what follows stays in the TLS record.
    head = "Content-Length: 8151"
    long = b"<p>" + b"x" * 8148
    assert len(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n") + len(long) == io.DEFAULT_BUFFER_SIZE
    forged = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nFORGED"

    def surplus(exchange: Exchange) -> None:
        exchange.raw(head, long + forged)
        exchange.keep = True

    secure.pages["/long"] = surplus
    client = Client(FetchPolicy(allow_hosts=secure.pairs, ca_file=str(authority.ca_file)))
    for _ in range(3):
        assert client.fetch(Request(secure.url("/long"), ARTICLE, 100_000)).body == long
        assert client.fetch(Request(secure.url("/fine"), ARTICLE, 100_000)).body == PAGE
    client.close()
