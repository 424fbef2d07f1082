"""How fast feeds are polled and pages fetched, and what stalls and bombs cost.

    python -m benchmarks.fetch [polls] [pages] [stalls] [bombs]

Everything goes through the transforms on Beam's FnApiRunner, over loopback: 250 hosts of
127.0.0.0/8 served by one other process. The baseline is urllib3's own pool manager in as many
threads, without robots, guard, deadline or one connection a host, in the same run.
"""

import asyncio
import gzip
import multiprocessing
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import apache_beam as beam
import urllib3
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from pipeline.newsroom.faults import FaultServer
from pipeline.newsroom.faults_bodies import bomb
from transforms.fetch.client import Client
from transforms.fetch.kinds import FEED, Request
from transforms.fetch.policy import FetchPolicy
from transforms.fetch.transform import FetchArticle, FetchFeed
from transforms.records import Entry, Feed, RunContext, register_coders

HOSTS = [f"127.0.{block}.{number}" for block in (20, 21) for number in range(1, 126)]
STALLED_S = 20.0
ETAG = '"v1"'
WORDS = "the river rose by another metre overnight and the lower town was evacuated before dawn "
PAGE = (
    "<!doctype html><html><body><nav>" + "<a href='/x'>More</a>" * 400 + "</nav><article>"
    + "".join(f"<p>{number} {WORDS * 5}</p>" for number in range(100)) + "</article></body></html>"
).encode()  # fmt: skip
GZIP = "gzip, deflate"

results: Counter[str] = Counter()
cpu_s = 0.0  # of the last `timed`


class Site(asyncio.Protocol):
    """Answers /robots.txt, /feed (304 to a known ETag), /stall, and a page for all else."""

    packed = gzip.compress(PAGE, 6)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        path = data.split(b" ", 2)[1]
        delay = STALLED_S if path.startswith(b"/stall") else 0.0
        if path == b"/robots.txt":
            answer = self.answer(b"User-agent: *\nAllow: /\n")
        elif path.startswith(b"/feed") and ETAG.encode() in data:
            answer = b"HTTP/1.1 304 Not Modified\r\nETag: " + ETAG.encode() + b"\r\n\r\n"
        else:
            answer = self.answer(self.packed, b"Content-Encoding: gzip\r\n")
        if delay:
            asyncio.get_running_loop().call_later(delay, self.send, answer)
        else:
            self.send(answer)

    def send(self, answer: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(answer)  # type: ignore[attr-defined]

    @staticmethod
    def answer(body: bytes, headers: bytes = b"") -> bytes:
        length = b"Content-Length: %d\r\nContent-Type: text/html\r\n" % len(body)
        return b"HTTP/1.1 200 OK\r\n" + headers + length + b"\r\n" + body


def serve(ready: "multiprocessing.connection.Connection") -> None:
    """Serve all hosts on one port until killed."""

    async def run() -> None:
        loop = asyncio.get_running_loop()
        first = await loop.create_server(Site, HOSTS[0], 0)
        port = first.sockets[0].getsockname()[1]
        await loop.create_server(Site, HOSTS[1:], port)
        ready.send(port)
        await asyncio.Event().wait()

    asyncio.run(run())


@contextmanager
def newsroom() -> Iterator[int]:
    """The port on which another process serves all hosts."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(there,), daemon=True)
    process.start()
    try:
        yield here.recv()
    finally:
        process.kill()
        process.join()


def policy_for(port: int, **changes: object) -> FetchPolicy:
    pairs = tuple(f"{host}:{port}" for host in HOSTS)
    return FetchPolicy(allow_hosts=pairs, **({"delay_s": 0.0} | changes))  # type: ignore[arg-type]


def count(item: object) -> object:
    results[item.reason] += 1  # type: ignore[attr-defined]
    return item


def timed(items: list[object], kind: type, fetch: beam.PTransform) -> float:
    """Seconds that the transform takes over the items, Beam's start included."""
    from benchmarks import fetch as this  # the counter of the importable module

    this.results.clear()
    start, cpu = time.monotonic(), time.process_time()
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        source = pipeline | beam.Create(items, reshuffle=False).with_output_types(kind)
        _ = source | fetch | beam.Map(this.count)
    took = time.monotonic() - start
    assert sum(this.results.values()) == len(items), this.results
    this.cpu_s = time.process_time() - cpu
    return took


def plain(urls: list[str], headers: dict[str, str], threads: int = 32) -> float:
    """The baseline: a pool manager in threads."""
    pool = urllib3.PoolManager(num_pools=300, maxsize=threads)

    def get(url: str) -> int:
        return len(pool.request("GET", url, headers=headers).data)

    start = time.monotonic()
    with ThreadPoolExecutor(threads) as executor:
        list(executor.map(get, urls))
    return time.monotonic() - start


def row(name: str, count: int, took: float, base: float, budget: float) -> None:
    """One line; a budget of 0 stands for a rate that the pause bounds, 3 s for 4 polls a host."""
    from benchmarks import fetch as this

    rate = count / took
    verdict = "ok" if rate >= budget else "BELOW"
    print(
        f"| {name} | {count} | {took:.2f} s | {rate:.0f}/s | {this.cpu_s / count * 1000:.2f} ms "
        f"| {count / base:.0f}/s "
        f"| {base / took:.2f} | {f'{budget:.0f}/s {verdict}' if budget else 'pause: 333/s'} |"
    )


def polls(port: int) -> None:
    """1,000 feeds that answer 304, over 250 hosts."""
    urls = [f"http://{host}:{port}/feed{number}" for number in range(4) for host in HOSTS]
    base = plain(urls, {"If-None-Match": ETAG, "Accept-Encoding": GZIP})
    feeds: list[object] = [Feed(url, etag=ETAG) for url in urls]
    folder = tempfile.mkdtemp()
    for name, changes in (
        ("polls, as a run makes them, no pause", {"journal": f"{folder}/polls"}),
        ("polls, no journal, no pause", {}),
        ("polls, no journal, robots off, no pause", {"robots": False}),
        ("polls, robots off, pause 1 s", {"robots": False, "delay_s": 1.0}),
    ):
        ctx = RunContext(name, 0, "")
        took = timed(feeds, Feed, FetchFeed(ctx, policy_for(port, **changes)))
        row(name, len(feeds), took, base, 0 if "delay_s" in changes else 300)
    shutil.rmtree(folder)


def pages(port: int) -> None:
    """5,000 articles over 250 hosts, pause 0."""
    urls = [f"http://{host}:{port}/a{number}" for number in range(20) for host in HOSTS]
    base = plain(urls, {"Accept-Encoding": GZIP})
    entries: list[object] = [Entry("f", "", url) for url in urls]
    folder = tempfile.mkdtemp()
    for name, journal in (("as a run makes them", f"{folder}/pages"), ("no journal", None)):
        fetch = FetchArticle(RunContext(name, 0, ""), policy_for(port, journal=journal))
        took = timed(entries, Entry, fetch)
        row(f"pages of {len(PAGE) >> 10} KiB, {name}", len(urls), took, base, 400)
    shutil.rmtree(folder)


def stalls(port: int) -> None:
    """200 hosts of which 10 stall for 20 s, 18 articles each, pause 1 s."""
    took = {}
    for stalled in (0, 10):
        entries: list[object] = [
            Entry("f", "", f"http://{host}:{port}/{'stall' if at < stalled else 'a'}{number}")
            for at, host in enumerate(HOSTS[:200])
            for number in range(18)
        ]
        policy = policy_for(port, delay_s=1.0)
        fetch = FetchArticle(RunContext(f"stalls {stalled}", 0, ""), policy)
        took[stalled] = timed(entries, Entry, fetch)
        print(f"| 200 hosts, {stalled} stall {STALLED_S:.0f} s | {took[stalled]:.1f} s |")
    ratio = took[10] / took[0]
    print(f"| ratio | {ratio:.2f} | 1.30 {'ok' if ratio <= 1.3 else 'ABOVE'} |")


def bombs() -> None:
    """Growth of the peak RSS on bodies that decode to 512 MiB."""
    for coding in ("gzip", "deflate"):
        bomb(coding)
    paths = ("/a15-bomb-gzip", "/a15-bomb-deflate", "/a15-redirect-bomb", "/a16-gzip-gzip")
    with FaultServer() as server:
        client = Client(FetchPolicy(allow_hosts=server.pairs))
        client.fetch(Request(server.url("/fine"), FEED, 10_000_000))
        for path in paths:
            before, start = peak_mib(), time.monotonic()
            reason = client.fetch(Request(server.url(path), FEED, 10_000_000)).reason
            took = time.monotonic() - start
            print(f"| {path} | {reason.value} | +{peak_mib() - before:.1f} MiB | {took:.3f} s |")


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def latency(port: int) -> None:
    """What one request costs, the client alone against urllib3's pool manager."""
    url = f"http://{HOSTS[0]}:{port}/feed"
    client, pool = Client(policy_for(port)), urllib3.PoolManager()
    ours, theirs = [], []
    for _ in range(500):
        start = time.perf_counter()
        client.fetch(Request(url, FEED, 10_000_000, etag=ETAG))
        ours.append(time.perf_counter() - start)
        start = time.perf_counter()
        pool.request("GET", url, headers={"If-None-Match": ETAG})
        theirs.append(time.perf_counter() - start)
    median, base = statistics.median(ours) * 1e6, statistics.median(theirs) * 1e6
    print(f"| one 304, median | {median:.0f} us | urllib3 {base:.0f} us | {base / median:.2f} |")


def main() -> None:
    register_coders()
    chosen = set(sys.argv[1:]) or {"polls", "pages", "latency", "stalls", "bombs"}
    if "bombs" in chosen:
        bombs()
    with newsroom() as port:
        print("| what | items | time | rate | own CPU | urllib3, 32 threads | ratio | budget |")
        for name, part in (
            ("polls", polls),
            ("pages", pages),
            ("latency", latency),
            ("stalls", stalls),
        ):
            if name in chosen:
                part(port)


if __name__ == "__main__":
    main()
