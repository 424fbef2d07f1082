"""The faults by path. Each is named after its case: a letter and number, then what it does.

A: network and HTTP; faults in the body itself are in `faults_bodies`, feeds in `faults_feeds`.
A page that is right, `/fine`, is among them, to see that the next request is unharmed.
"""

from collections.abc import Callable
from urllib.parse import parse_qs

from pipeline.newsroom.faults import Exchange, Fault

PAGE = (
    b"<!doctype html><html><head><title>Ferry back in service</title></head><body><article>"
    b"<p>The ferry between the two islands sailed again on Monday after a week in the yard.</p>"
    b"</article></body></html>"
)
HTML = "Content-Type: text/html; charset=utf-8"
FORGED = b"FORGED"

FAULTS: dict[str, Fault] = {}


def fault(path: str) -> Callable[[Fault], Fault]:
    """Register a fault under its path."""

    def register(function: Fault) -> Fault:
        FAULTS[path] = function
        return function

    return register


def argument(exchange: Exchange, name: str, default: str = "") -> str:
    """A parameter of the query, its bytes as Latin-1."""
    return parse_qs(exchange.query, encoding="latin-1").get(name, [default])[0]


@fault("/fine")
def fine(exchange: Exchange) -> None:
    exchange.answer(PAGE, HTML)


@fault("/a4-silent")
def silent(exchange: Exchange) -> None:
    exchange.wait(60)


@fault("/a4-late")
def late(exchange: Exchange) -> None:
    if exchange.wait(float(argument(exchange, "s", "20"))):
        exchange.answer(PAGE, HTML)


@fault("/a5-drip-body")
def drip_body(exchange: Exchange) -> None:
    exchange.raw(f"Content-Length: 100000\r\n{HTML}")
    exchange.drip(PAGE * 100)


@fault("/a5-drip-chunks")
def drip_chunks(exchange: Exchange) -> None:
    exchange.raw(f"Transfer-Encoding: chunked\r\n{HTML}")
    exchange.drip(b"1\r\nx\r\n" * 1000, 0.02)


@fault("/a6-drip-headers")
def drip_headers(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nX-Long: ")
    exchange.drip(b"a" * 10_000)


@fault("/a6-endless-headers")
def endless_headers(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\n")
    while exchange.wait(0.02):
        exchange.send(b"X-More: a\r\n")


@fault("/a7-endless-100")
def endless_continue(exchange: Exchange) -> None:
    while exchange.wait(0.02):
        exchange.send(b"HTTP/1.1 100 Continue\r\n\r\n")


@fault("/a7-flood-103")
def flood_hints(exchange: Exchange) -> None:
    while not exchange.server.stopping.is_set():
        exchange.send(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" * 100)


@fault("/a7-hints-then-page")
def hints_then_page(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n")
    exchange.answer(PAGE, HTML)


@fault("/a8-chunked-cut")
def chunked_cut(exchange: Exchange) -> None:
    exchange.raw("Transfer-Encoding: chunked", b"64\r\n" + PAGE[:50])


@fault("/a8-chunked-no-end")
def chunked_without_end(exchange: Exchange) -> None:
    exchange.raw("Transfer-Encoding: chunked", b"%x\r\n%b\r\n" % (len(PAGE), PAGE))


@fault("/a8-bad-chunk")
def bad_chunk(exchange: Exchange) -> None:
    exchange.raw("Transfer-Encoding: chunked", b"zz\r\n" + PAGE)


@fault("/a8-huge-chunk")
def huge_chunk(exchange: Exchange) -> None:
    exchange.raw("Transfer-Encoding: chunked", b"8000000000000000\r\n" + PAGE)


@fault("/a8-negative-chunk")
def negative_chunk(exchange: Exchange) -> None:
    exchange.raw("Transfer-Encoding: chunked", b"-1\r\n" + PAGE)


@fault("/a9-short-body")
def short_body(exchange: Exchange) -> None:
    exchange.raw(f"Content-Length: 5000\r\n{HTML}", PAGE)


@fault("/a10-surplus")
def surplus(exchange: Exchange) -> None:
    forged = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(FORGED), FORGED)
    exchange.raw(f"Content-Length: {len(PAGE)}\r\n{HTML}", PAGE + forged)
    exchange.keep = True


@fault("/a11-reset")
def reset(exchange: Exchange) -> None:
    exchange.raw(f"Content-Length: 5000\r\n{HTML}", PAGE)
    exchange.wait(0.05)
    exchange.reset()


@fault("/a11-reset-unanswered")
def reset_unanswered(exchange: Exchange) -> None:
    exchange.reset()


@fault("/a11-closed-unanswered")
def closed_unanswered(exchange: Exchange) -> None:
    exchange.keep = False


@fault("/a19-long-line")
def long_line(exchange: Exchange) -> None:
    exchange.raw("X-Long: " + "a" * 200_000, PAGE)


@fault("/a19-many-headers")
def many_headers(exchange: Exchange) -> None:
    exchange.raw("\r\n".join(f"X-{number}: a" for number in range(5000)), PAGE)


@fault("/a19-wide-headers")
def wide_headers(exchange: Exchange) -> None:
    exchange.raw("\r\n".join(f"X-{number}: {'a' * 60_000}" for number in range(90)), PAGE)


@fault("/a19-binary-status")
def binary_status(exchange: Exchange) -> None:
    exchange.send(bytes(range(256)) * 8)


@fault("/a19-http-09")
def http_09(exchange: Exchange) -> None:
    exchange.send(PAGE)


@fault("/a19-bad-status")
def bad_status(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 OK yes\r\n\r\n")


@fault("/a20-two-lengths")
def two_lengths(exchange: Exchange) -> None:
    exchange.raw(f"Content-Length: {len(PAGE)}\r\nContent-Length: 7\r\n{HTML}", PAGE)


@fault("/a20-negative-length")
def negative_length(exchange: Exchange) -> None:
    exchange.raw(f"Content-Length: -1\r\n{HTML}", PAGE)


@fault("/a20-length-and-chunked")
def length_and_chunked(exchange: Exchange) -> None:
    body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(PAGE), PAGE)
    exchange.raw(f"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n{HTML}", body)
    exchange.keep = True


@fault("/a21-loop")
def loop(exchange: Exchange) -> None:
    exchange.answer(b"", "Location: /a21-loop", status="302 Found")


@fault("/a21-hops/")
def hops(exchange: Exchange) -> None:
    left = int(exchange.path.rpartition("/")[2] or 1)
    location = f"/a21-hops/{left - 1}" if left > 1 else "/fine"
    exchange.answer(b"", f"Location: {location}", status="302 Found")


@fault("/to")
def to(exchange: Exchange) -> None:
    """Redirect to `url` with `status` (default 302)."""
    location = argument(exchange, "url")
    exchange.answer(
        b"", f"Location: {location}", status=f"{argument(exchange, 'status', '302')} Go"
    )


@fault("/a21-no-location")
def no_location(exchange: Exchange) -> None:
    exchange.answer(b"", status="302 Found")


@fault("/a25-304")
def not_modified(exchange: Exchange) -> None:
    exchange.send(b'HTTP/1.1 304 Not Modified\r\nETag: "new"\r\n\r\n')
    exchange.keep = True


@fault("/a25-304-with-body")
def not_modified_with_body(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 6\r\n\r\n" + FORGED)
    exchange.keep = True


@fault("/a27-echo")
def echo(exchange: Exchange) -> None:
    lines = [f"{name}: {value}" for name, value in sorted(exchange.asked.headers.items())]
    exchange.answer("\n".join(lines).encode("latin-1"), "Content-Type: text/plain")


@fault("/status/")
def status(exchange: Exchange) -> None:
    code = exchange.path.rpartition("/")[2] or "500"
    after = argument(exchange, "after")
    headers = [f"Retry-After: {after}"] if after else []
    body = b"" if code == "204" else b"<html>status " + code.encode() + b"</html>"
    exchange.answer(body, HTML, *headers, status=f"{code} Status")
