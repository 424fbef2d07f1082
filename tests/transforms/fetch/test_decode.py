"""Bodies are decoded under a cap, and cut ones are seen."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.errors import ItemError
from transforms.fetch.decode import Body, coding_of
from transforms.outcomes import Reason

TEXT = b"The harbour stayed shut for a third day. " * 400


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def read(coding: str, data: bytes, cap: int = 1_000_000, step: int = 1000) -> Body:
    body = Body(coding, cap)
    for start in range(0, len(data), step):
        body.feed(data[start : start + step])
    body.end()
    return body


@given(
    text=st.binary(max_size=5000),
    step=st.integers(1, 700),
    coding=st.sampled_from(["", "gzip", "deflate", "raw", "members"]),
)
def test_any_text_in_any_pieces_comes_back(text: bytes, step: int, coding: str) -> None:
    packed = {
        "": text,
        "gzip": gzip.compress(text),
        "deflate": zlib.compress(text),
        "raw": raw_deflate(text),
        "members": gzip.compress(text[:99]) + gzip.compress(text[99:]),
    }[coding]
    name = {"raw": "deflate", "members": "gzip"}.get(coding, coding)
    assert read(name, packed, step=step).data == text


@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_cut_stream_is_truncated(coding: str, pack: type[bytes], share: float) -> None:
    packed = pack(TEXT)
    with pytest.raises(ItemError) as caught:
        read(coding, packed[: int(len(packed) * share)])
    assert caught.value.reason is Reason.TRUNCATED


@pytest.mark.parametrize("step", [1, 7, 100_000])
@pytest.mark.parametrize("junk", [b"junk", b"\x00" * 30, b"\x1fx", b"\x1f\x8bnot gzip at all"])
def test_junk_behind_a_gzip_member_is_flagged(junk: bytes, step: int) -> None:
    body = read("gzip", gzip.compress(TEXT) + junk, step=step)
    assert body.data == TEXT
    assert body.trailing


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_plain_text_under_a_coding_is_not_decoded(coding: str) -> None:
    with pytest.raises(ItemError) as caught:
        read(coding, b"<html>plain</html>")
    assert caught.value.reason is Reason.DECODE_FAILED


@pytest.mark.parametrize("coding", ["", "gzip", "deflate"])
@pytest.mark.parametrize(("size", "full"), [(999, False), (1000, False), (1001, True)])
def test_the_cap_counts_decoded_bytes(coding: str, size: int, full: bool) -> None:
    data = b"x" * size
    packed = {"": data, "gzip": gzip.compress(data), "deflate": zlib.compress(data)}[coding]
    body = read(coding, packed, cap=1000)
    assert body.full is full
    assert len(body.data) == min(size, 1000)


def test_blocks_that_decode_to_nothing_end_at_the_cap() -> None:
    body = Body("gzip", 1000)
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    body.feed(packer.compress(b"") + packer.flush(zlib.Z_SYNC_FLUSH))
    for _ in range(20):
        body.feed(b"\x00\x00\x00\xff\xff" * 1000)  # empty stored blocks
    assert body.full


def test_an_empty_body_is_no_cut_stream() -> None:
    assert read("gzip", b"").data == b""


@pytest.mark.parametrize(
    ("header", "coding"),
    [("", ""), ("identity", ""), ("GZIP", "gzip"), ("x-gzip", "gzip"), (" deflate ", "deflate")],
)
def test_the_one_coding_is_named(header: str, coding: str) -> None:
    assert coding_of(header) == coding


@pytest.mark.parametrize("header", ["br", "zstd", "foo", "gzip, gzip", "gzip,deflate", "compress"])
def test_other_codings_are_unsupported(header: str) -> None:
    with pytest.raises(ItemError) as caught:
        coding_of(header)
    assert caught.value.reason is Reason.ENCODING_UNSUPPORTED
