"""The stream's source: at every pulse what is due by the lake, the sitemaps of an index too."""

from typing import NamedTuple

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.window import TimestampedValue

from pipeline.execute import execute
from pipeline.plan import RunRequest
from pipeline.sources_beam import PATIENCE_MS, EmitDue, FeedsOfPulses
from tests.serve import Serve
from transforms.fetch.policy import FetchPolicy
from transforms.records import Feed, Poll
from transforms.store.lake import Lake

INDEX = "<sitemapindex>{}</sitemapindex>"
CHILD = "<sitemap><loc>{}</loc></sitemap>"
NOWHERE = "https://nowhere.example/feed"


class State:
    """What a runner keeps for the one key."""

    def __init__(self) -> None:
        self.value: str | None = None

    def read(self) -> str | None:
        return self.value

    def write(self, value: str) -> None:
        self.value = value


class Polled(NamedTuple):
    """A lake in which a sitemap index has been polled once, and not its sitemaps."""

    lake: str
    index: str
    children: list[str]
    poll: Poll


@pytest.fixture(scope="module")
def polled(tmp_path_factory: pytest.TempPathFactory) -> Polled:
    lake = str(tmp_path_factory.mktemp("stream") / "lake")
    with Serve(1) as serve:
        children = [f"{serve.root()}/map{number}.xml" for number in (1, 2)]
        listed = INDEX.format("".join(CHILD.format(url) for url in children))
        index = serve.put("/index.xml", listed, "application/xml")
        policy = FetchPolicy(allow_hosts=tuple(serve.hosts), delay_s=0.0, robots=False)
        ran = execute(RunRequest(lake=lake, feeds=(Feed(index, "News"),), fetch=policy), quiet=True)
    (poll,) = Lake(lake).feed_states([index], ran.plan.ctx.started_at).values()
    return Polled(lake, index, children, poll)


def test_each_feed_is_emitted_when_due_with_its_state_and_not_while_its_poll_is_underway(
    polled: Polled,
) -> None:
    emit, state = EmitDue([Feed(polled.index, "News"), Feed(NOWHERE)], polled.lake), State()

    def urls(now: int) -> list[str]:
        return [feed.url for feed in emit.process((0, now), state)]

    soon = polled.poll.polled_at + 60_000
    assert urls(soon) == [NOWHERE, *polled.children]
    assert urls(soon + 60_000) == []
    due = polled.poll.next_poll_at
    (index,) = [feed for feed in emit.process((0, due), state) if feed.url == polled.index]
    assert (index.state, index.interval_s) == (polled.poll.state, polled.poll.interval_s)
    assert polled.index not in urls(due + PATIENCE_MS - 1)
    assert polled.index in urls(due + PATIENCE_MS)


def test_pulses_become_feeds_of_the_pulses_time(polled: Polled) -> None:
    at = [polled.poll.polled_at // 1000 + seconds for seconds in (60, 120)]

    def facts(feed: Feed, timestamp: object = beam.DoFn.TimestampParam) -> tuple[str, int]:
        return feed.url, int(timestamp)  # type: ignore[call-overload]

    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        pulses = pipeline | beam.Create([TimestampedValue(second, second) for second in at])
        feeds = pulses | FeedsOfPulses([Feed(polled.index)], polled.lake)
        assert feeds.element_type is Feed
        wanted = [(url, at[0]) for url in polled.children]
        assert_that(feeds | beam.Map(facts), equal_to(wanted))
