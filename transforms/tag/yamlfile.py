"""YAML data files with the line of every value, so that an error can name file and line.

Reads mappings, lists and scalars; refuses duplicate keys, aliases that lead back to themselves and
broken YAML. Knows nothing of what the values mean.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from transforms.errors import DataFileError

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Value(NamedTuple):
    """A scalar, a list of Values or a mapping of str to Value, with the line it starts at."""

    data: Any
    line: int
    block: bool = False  # a literal block scalar: its text starts on the next line
    key_line: int = 0  # of the key that leads to it; 0 in lists


class YamlFile(NamedTuple):
    """A parsed file; `error` makes the exception that names it."""

    name: str
    root: Value

    def error(self, line: int, message: str) -> DataFileError:
        """DataFileError as `file:line: message`."""
        return DataFileError(f"{self.name}:{line}: {message}")

    def mapping(self, value: Value, what: str) -> dict[str, Value]:
        """The mapping in `value`, or DataFileError naming what was expected."""
        if not isinstance(value.data, dict):
            raise self.error(value.line, f"{what} must be a mapping")
        return value.data

    def items(self, value: Value) -> Iterator[tuple[str, int]]:
        """Texts of a list, or of a string split at line ends and semicolons, with their lines."""
        if isinstance(value.data, list):
            for item in value.data:
                yield str(item.data).strip(), item.line
            return
        first = value.line + (1 if value.block else 0)
        for offset, row in enumerate(str(value.data or "").split("\n")):
            for item in row.split(";"):
                if item.strip():
                    yield item.strip(), first + offset


def load_yaml(path: Path) -> YamlFile:
    """The file at `path`; DataFileError when it is missing, broken, or repeats a key."""
    name = str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError(f"{name}:1: cannot be read: {error}") from error
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or "not valid YAML"
        raise DataFileError(f"{name}:{line}: {problem}") from error
    if node is None:
        raise DataFileError(f"{name}:1: the file is empty")
    return YamlFile(name, _value(name, node, ()))


def _value(name: str, node: Any, above: tuple[int, ...], key_line: int = 0) -> Value:
    line = node.start_mark.line + 1
    if id(node) in above:
        raise DataFileError(f"{name}:{line}: an alias leads back to itself")
    above = (*above, id(node))
    if isinstance(node, yaml.MappingNode):
        return Value(_mapping(name, node, above), line, False, key_line)
    if isinstance(node, yaml.SequenceNode):
        items = [_value(name, item, above) for item in node.value]
        return Value(items, line, False, key_line)
    scalar = None if node.tag.endswith(":null") else node.value
    return Value(scalar, line, node.style in ("|", ">"), key_line)


def _mapping(name: str, node: Any, above: tuple[int, ...]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise DataFileError(f"{name}:{line}: keys must be plain words")
        if key_node.value in found:
            raise DataFileError(f"{name}:{line}: duplicate key {key_node.value!r}")
        found[key_node.value] = _value(name, value_node, above, line)
    return found
