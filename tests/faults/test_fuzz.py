"""Mutated inputs through each wrapper: no exception out of it, no crash, no hang (promise P6)."""

from collections.abc import Iterator

import pytest

from transforms.workers import KillablePool

WRAPPERS = ("page", "wall", "clean", "title", "date", "language", "url", "robots", "tags")
FEW, MANY, BATCH = 500, 100_000, 250


@pytest.fixture(scope="module")
def pool() -> Iterator[KillablePool]:
    with KillablePool(
        "tests.faults.fuzz_targets:batch", workers=2, timeout_s=300, memory_mib=1024
    ) as pool:
        yield pool


def wrong(pool: KillablePool, wrapper: str, first: int, count: int) -> list[str]:
    """Every finding among the inputs, with the number by which it can be had again."""
    found = []
    results = []
    for start in range(first, first + count, BATCH):
        pool.submit(start, (wrapper, start, min(BATCH, first + count - start)))
        results += pool.ready()
    for result in [*results, *pool.drain()]:
        if result.status != "ok":
            found.append(f"{wrapper} {result.key}: {result.status} {result.detail}")
        else:
            found += [f"{wrapper} {number}: {what}" for number, what in result.value]
    return found


@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_some_hundred_mutated_inputs_raise_nothing(pool: KillablePool, wrapper: str) -> None:
    assert wrong(pool, wrapper, 0, FEW) == []


@pytest.mark.slow
@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_a_hundred_thousand_mutated_inputs_raise_nothing(pool: KillablePool, wrapper: str) -> None:
    assert wrong(pool, wrapper, FEW, MANY) == []
