"""The faults in what is sent as a body: codings, sizes, bombs, types; others are in `faults_cases`.

`ALL_FAULTS` are those of both modules.
"""

import functools
import gzip
import zlib

from pipeline.newsroom.faults import Exchange
from pipeline.newsroom.faults_cases import FAULTS, HTML, PAGE, argument, fault

BOMB_MIB = 512


@fault("/a12-gzip-cut")
def gzip_cut(exchange: Exchange) -> None:
    packed = gzip.compress(PAGE)
    exchange.answer(packed[: len(packed) // 2], HTML, "Content-Encoding: gzip")


@fault("/a13-gzip-junk")
def gzip_junk(exchange: Exchange) -> None:
    exchange.answer(gzip.compress(PAGE) + b"junk", HTML, "Content-Encoding: gzip")


@fault("/a14-not-gzip")
def not_gzip(exchange: Exchange) -> None:
    exchange.answer(PAGE, HTML, "Content-Encoding: gzip")


@functools.cache
def bomb(coding: str) -> bytes:
    """A body of a few hundred kilobytes that decodes to 512 MiB of zeros."""
    bits = {"gzip": 31, "deflate": 15}[coding]
    block = zlib.compressobj(9, zlib.DEFLATED, -15)
    mebibyte = block.compress(bytes(1 << 20)) + block.flush(zlib.Z_FULL_FLUSH)
    frame = zlib.compressobj(9, zlib.DEFLATED, bits)
    head = frame.compress(b"") + frame.flush(zlib.Z_FULL_FLUSH)
    return head + mebibyte * BOMB_MIB + b"\x03\x00"


@fault("/a15-bomb-gzip")
def bomb_gzip(exchange: Exchange) -> None:
    exchange.answer(bomb("gzip"), HTML, "Content-Encoding: gzip")


@fault("/a15-bomb-deflate")
def bomb_deflate(exchange: Exchange) -> None:
    exchange.answer(bomb("deflate"), HTML, "Content-Encoding: deflate")


@fault("/a15-redirect-bomb")
def redirect_bomb(exchange: Exchange) -> None:
    exchange.answer(
        bomb("gzip"), "Location: /fine", "Content-Encoding: gzip", status="302 Found"
    )  # fmt: skip


@fault("/a15-error-bomb")
def error_bomb(exchange: Exchange) -> None:
    exchange.answer(bomb("gzip"), "Content-Encoding: gzip", status="403 Forbidden")


@fault("/a15-endless")
def endless_body(exchange: Exchange) -> None:
    exchange.raw(HTML)
    while not exchange.server.stopping.is_set():
        exchange.send(b"<p>more</p>" * 6000)


@fault("/a16-gzip-gzip")
def gzip_twice(exchange: Exchange) -> None:
    exchange.answer(gzip.compress(bomb("gzip")), HTML, "Content-Encoding: gzip, gzip")


@fault("/a17-coding")
def coding(exchange: Exchange) -> None:
    exchange.answer(PAGE, HTML, f"Content-Encoding: {argument(exchange, 'name', 'foo')}")


@fault("/a18-size")
def size(exchange: Exchange) -> None:
    body = b"<p>" + b"x" * (int(argument(exchange, "n", "1000")) - 3)
    headers = [HTML]
    if argument(exchange, "gzip"):
        body = gzip.compress(body)
        headers.append("Content-Encoding: gzip")
    if argument(exchange, "close"):
        exchange.raw("\r\n".join(headers), body)
    else:
        exchange.answer(body, *headers)


@fault("/a34-type")
def body_of_type(exchange: Exchange) -> None:
    """`body` (percent-encoded) under the Content-Type `type`."""
    body = argument(exchange, "body").encode("latin-1")
    exchange.answer(body, f"Content-Type: {argument(exchange, 'type')}")


@fault("/a39-two-members")
def two_members(exchange: Exchange) -> None:
    body = gzip.compress(PAGE[:60]) + gzip.compress(PAGE[60:])
    exchange.answer(body, HTML, "Content-Encoding: gzip")


@fault("/a39-raw-deflate")
def raw_deflate(exchange: Exchange) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(PAGE) + packer.flush()
    exchange.answer(body, HTML, "Content-Encoding: deflate")


ALL_FAULTS = FAULTS
