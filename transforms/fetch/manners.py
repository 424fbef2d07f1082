"""What the stages of one run share in a process: its hosts, their robots.txt, what was answered."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from transforms.fetch.answers import Answers
from transforms.fetch.memory import RobotsBook, load
from transforms.fetch.policy import FetchPolicy
from transforms.fetch.politeness import HostBook
from transforms.store.journal import open_journal

_RUNS_KEPT = 4


@dataclass(slots=True)
class Manners:
    """Feeds and articles of a host wait as one; `answers` is None without a journal."""

    hosts: HostBook
    robots: RobotsBook
    answers: Answers | None = None


@dataclass(slots=True)
class _Registry:
    runs: OrderedDict[tuple[str, FetchPolicy], Manners] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)


_REGISTRY = _Registry()


def manners_of(run_id: str, policy: FetchPolicy, now: int) -> Manners:
    """The manners of a run in this process, made at the first call (`now`: UTC ms)."""
    with _REGISTRY.lock:
        manners = _REGISTRY.runs.get((run_id, policy))
        if manners is None:
            manners = _REGISTRY.runs[(run_id, policy)] = _made(policy, now)
            while len(_REGISTRY.runs) > _RUNS_KEPT:
                _REGISTRY.runs.popitem(last=False)
        return manners


def _made(policy: FetchPolicy, now: int) -> Manners:
    hosts, robots = HostBook(policy), RobotsBook(policy.product, load(policy.robots_cache, now))
    if not policy.journal:
        return Manners(hosts, robots)
    return Manners(hosts, robots, Answers(open_journal(policy.journal), hosts, robots))
