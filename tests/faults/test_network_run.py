"""No fault of one host stops the others (promise P7): one feed a fault beside healthy ones."""

from collections import Counter

import apache_beam as beam
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.util import BeamAssertException, assert_that

from pipeline.newsroom.faults import FaultServer
from pipeline.newsroom.faults_bodies import ALL_FAULTS
from pipeline.newsroom.faults_cases import PAGE
from transforms.fetch.policy import FetchPolicy
from transforms.fetch.transform import FetchFeed
from transforms.records import Feed, FeedDocument, RunContext

HEALTHY = 20


def test_p7_healthy_feeds_are_whole_beside_every_fault() -> None:
    hosts = [f"127.0.11.{number}" for number in range(1, len(ALL_FAULTS) + HEALTHY + 1)]
    with FaultServer(hosts=hosts) as server:
        paths = [f"{path}3" if path.endswith("/") else path for path in ALL_FAULTS]
        bad = [server.url(path, host=host) for path, host in zip(paths, hosts, strict=False)]
        good = [server.url("/fine", host=host) for host in hosts[-HEALTHY:]]
        policy = FetchPolicy(
            allow_hosts=server.pairs, delay_s=0.0, first_byte_s=0.5, total_s=1.0,
            retry_after_5xx_s=0.1, feed_max_bytes=200_000,
        )  # fmt: skip

        def check(documents: list[FeedDocument]) -> None:
            per_feed = Counter(document.feed.url for document in documents)
            if per_feed != Counter([*bad, *good]):
                raise BeamAssertException(f"not one document a feed: {per_feed}")
            whole = {item.feed.url for item in documents if item.body == PAGE}
            if not whole.issuperset(good):
                raise BeamAssertException(f"cut short: {set(good) - whole}")
            swollen = [item.reason for item in documents if len(item.body) > 200_000]
            if swollen:
                raise BeamAssertException(f"over the cap: {swollen}")

        with beam.Pipeline(runner=FnApiRunner()) as pipeline:
            feeds = pipeline | beam.Create([Feed(url) for url in [*bad, *good]])
            documents = feeds | FetchFeed(RunContext("p7", 0, ""), policy)
            assert_that(documents, check)
