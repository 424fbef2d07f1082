"""The DoFn hands the pause of a shard on to the worker that gets it next."""

import time
from typing import Any

from transforms.fetch.in_flight import FetchInFlight
from transforms.fetch.jobs import Settled
from transforms.fetch.kinds import ARTICLE, Request
from transforms.fetch.policy import FetchPolicy

NOW = 1_750_000_000.0


class State:
    """What a runner keeps of a shard."""

    def __init__(self, value: int | None = None) -> None:
        self.value = value

    def read(self) -> int | None:
        return self.value

    def write(self, value: int) -> None:
        self.value = value


def to_request(url: str, policy: FetchPolicy) -> Request:
    return Request(url, ARTICLE, 1000)


def to_output(url: str, settled: Settled, now: int) -> tuple[str, str]:
    return url, settled.response.reason.value


def run(name: str, state: State, urls: list[str]) -> tuple[list[Any], float]:
    policy = FetchPolicy(delay_s=0.3, robots=False)
    fetch = FetchInFlight(name, policy, to_request, to_output, utc=lambda: NOW)
    fetch.setup()
    start = time.monotonic()
    fetch.start_bundle()
    out = [done for url in urls for done in fetch.process((1, url), 0, "window", state)]
    out += list(fetch.finish_bundle())
    took = time.monotonic() - start
    fetch.teardown()
    return [done.value for done in out], took


def test_a_new_worker_waits_out_the_pause_of_the_one_before() -> None:
    state = State()
    url = "http://10.0.0.1/"
    rows, took = run("first worker", state, [url])
    assert rows == [(url, "refused_address")]
    assert took < 0.25
    assert state.value == int(NOW * 1000) + 300
    _, took = run("second worker", state, [url])
    assert took >= 0.3


def test_a_worker_does_not_wait_for_itself() -> None:
    state = State()
    policy = FetchPolicy(delay_s=0.3, robots=False)
    fetch = FetchInFlight("own shard", policy, to_request, to_output, utc=lambda: NOW)
    fetch.setup()
    start = time.monotonic()
    for url in ("http://10.0.0.1/", "http://10.0.0.2/"):
        fetch.start_bundle()
        assert not list(fetch.process((1, url), 0, "window", state))
        assert len(list(fetch.finish_bundle())) == 1
    assert time.monotonic() - start < 0.25
    fetch.teardown()
