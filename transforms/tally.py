"""Counts of what has passed a step so far: for the progress line, and as Beam metrics.

The dictionary is shared with the process that waits for the run only where the runner works in
that process; elsewhere the metrics tell. Nothing of the product's results depends on it.
"""

from collections import Counter
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics

TALLY: Counter[str] = Counter()


class Tally(beam.DoFn):
    """Counts the elements of a collection under one name and yields nothing."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._metric = Metrics.counter("crisiswire", name)

    def process(self, element: Any) -> None:
        TALLY[self._name] += 1
        self._metric.inc()
