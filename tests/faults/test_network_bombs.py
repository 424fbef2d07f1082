"""Bombs of 512 MiB cost their cap and no more (A15, A16; promise P3)."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from pipeline.newsroom.faults import FaultServer
from pipeline.newsroom.faults_bodies import bomb

GROWTH_MIB = 32
CHILD = """
import resource, sys, time
from transforms.fetch.client import Client
from transforms.fetch.kinds import FEED, Request
from transforms.fetch.policy import FetchPolicy

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

fine, url, pair = sys.argv[1:]
client = Client(FetchPolicy(allow_hosts=(pair,)))
client.fetch(Request(fine, FEED, 10_000_000))
before, start = peak(), time.monotonic()
response = client.fetch(Request(url, FEED, 10_000_000))
print(response.reason.value, peak() - before, time.monotonic() - start)
"""


@pytest.fixture(scope="module")
def server() -> Iterator[FaultServer]:
    bomb("gzip")
    bomb("deflate")
    with FaultServer() as running:
        yield running


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/a15-bomb-gzip", "too_large"),
        ("/a15-bomb-deflate", "too_large"),
        ("/a15-redirect-bomb", "fetched"),
        ("/a15-error-bomb", "blocked"),
        ("/a15-endless", "too_large"),
        ("/a16-gzip-gzip", "encoding_unsupported"),
        ("/a17-coding?name=br", "encoding_unsupported"),
        ("/a17-coding?name=zstd", "encoding_unsupported"),
    ],
)
def test_a15_a16_memory_grows_by_less_than_32_mb(
    server: FaultServer, path: str, reason: str
) -> None:
    arguments = [server.url("/fine"), server.url(path), server.pairs[0]]
    command = [sys.executable, "-c", CHILD, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    got, growth, took = done.stdout.split()
    assert got == reason
    assert float(growth) < GROWTH_MIB
    assert float(took) < 2.0
