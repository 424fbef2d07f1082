"""What stateful steps do with Beam's state."""

from collections.abc import Iterable
from typing import Any

from apache_beam.transforms.userstate import BagRuntimeState


def put_back(state: BagRuntimeState, rows: Iterable[Any]) -> None:
    """Leave nothing but `rows` in a bag, which they may have been read from."""
    kept = list(rows)
    state.clear()
    for row in kept:
        state.add(row)
