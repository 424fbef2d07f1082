"""Collections joined by key with every value in its own registered coder.

Beam's CoGroupByKey puts the values of its inputs into one union and pickles them; here each side is
encoded by the coder of its type, so what crosses the shuffle is bytes of a stable form.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import apache_beam as beam
from apache_beam import coders
from apache_beam.typehints.native_type_compatibility import convert_to_beam_type

Joined = tuple[Any, dict[str, list[Any]]]
"""(key, {name of the input: its values})"""


def coder_of(hint: Any) -> Any:
    """The registered coder of a type or type hint."""
    return coders.registry.get_coder(convert_to_beam_type(hint))


class Encode(beam.DoFn):
    """(key, value) → (key, (number of the side, encoded value))."""

    def __init__(self, side: int, hint: Any) -> None:
        self._side = side
        self._hint = hint

    def setup(self) -> None:
        self._coder = coder_of(self._hint)

    def process(self, pair: tuple[Any, Any]) -> Iterator[tuple[Any, tuple[int, bytes]]]:
        yield pair[0], (self._side, self._coder.encode(pair[1]))


class Decode(beam.DoFn):
    """(key, encoded values of all sides) → Joined; values of a side in no particular order."""

    def __init__(self, names: Sequence[str], hints: Sequence[Any]) -> None:
        self._names = list(names)
        self._hints = list(hints)

    def setup(self) -> None:
        self._coders = [coder_of(hint) for hint in self._hints]

    def process(self, group: tuple[Any, Iterable[tuple[int, bytes]]]) -> Iterator[Joined]:
        sides: dict[str, list[Any]] = {name: [] for name in self._names}
        for side, content in group[1]:
            sides[self._names[side]].append(self._coders[side].decode(content))
        yield group[0], sides


class JoinByKey(beam.PTransform):
    """{name: PCollection[(key, value)]} → PCollection[Joined].

    `key` is the type of the key, `types` names the type of each input's values.
    """

    def __init__(self, key: Any = str, **types: Any) -> None:
        super().__init__()
        self._key = key
        self._types = types

    def expand(self, inputs: dict[str, beam.PCollection]) -> beam.PCollection:
        names, hints = list(self._types), list(self._types.values())
        sided = beam.typehints.Tuple[self._key, beam.typehints.Tuple[int, bytes]]
        encoded = [
            inputs[name]
            | f"Encode {name}"
            >> beam.ParDo(Encode(side, self._types[name])).with_output_types(sided)
            for side, name in enumerate(names)
        ]
        return (
            encoded
            | "FlattenSides" >> beam.Flatten()
            | "GroupSides" >> beam.GroupByKey()
            | "DecodeSides" >> beam.ParDo(Decode(names, hints))
        )
