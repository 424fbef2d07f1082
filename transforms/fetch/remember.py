"""The robots.txt learnt in a run are kept in the lake for the next, merged with those known."""

from collections.abc import Iterable

import apache_beam as beam

from transforms.fetch.memory import RobotsRow, decode, encode
from transforms.records import RunContext
from transforms.store.files import file_system, join


def cache_path(lake: str) -> str:
    """Where a lake keeps its robots.txt; derived and disposable."""
    return join(lake, "_cache", "robots.jsonl")


class KeepRobots(beam.DoFn):
    """(key, rows of a window) → the cache file, with what it held before."""

    def __init__(self, lake: str) -> None:
        self._path = cache_path(lake)

    def process(self, group: tuple[int, Iterable[RobotsRow]]) -> None:
        files = file_system(self._path)
        known = decode(files.read(self._path)) if files.exists(self._path) else []
        files.write(self._path, encode([*known, *group[1]]))


def _one_key(row: RobotsRow) -> tuple[int, RobotsRow]:
    return 0, row


class RememberRobots(beam.PTransform):
    """PCollection[RobotsRow] → nothing but the file."""

    def __init__(self, ctx: RunContext) -> None:
        super().__init__()
        self._lake = ctx.lake

    def expand(self, rows: beam.PCollection) -> beam.PCollection:
        return (
            rows
            | "GatherRobots" >> beam.Map(_one_key).with_output_types(tuple[int, RobotsRow])
            | "GroupRobots" >> beam.GroupByKey()
            | "KeepRobots" >> beam.ParDo(KeepRobots(self._lake))
        )
