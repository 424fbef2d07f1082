"""Adding feeds to a configuration file and taking them out, its comments and order untouched."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import yaml

from pipeline.configfile import load
from pipeline.sources import FeedSpec
from transforms.errors import ConfigError

_FIELDS = ("url", "name", "language", "country", "id")


def add_feeds(path: Path, specs: Sequence[FeedSpec]) -> None:
    """Append `specs` to the `feeds` of the file; it is checked before it replaces the old one."""
    if not specs:
        return
    text = path.read_text(encoding="utf-8")
    node = _feeds_node(text)
    rows = "".join(_row(spec, _indent(text, node)) for spec in specs)
    if node is None:
        changed = f"{text.rstrip()}\nfeeds:\n{rows}"
    elif not node.value:
        changed = text[: node.start_mark.index] + "\n" + rows + text[node.end_mark.index :]
    else:
        end = _end(node.value[-1])
        line_end = text.find("\n", max(end - 1, 0))
        at = len(text) if line_end < 0 else line_end + 1
        head = text[:at] if text[:at].endswith("\n") else text[:at] + "\n"
        changed = head + rows + text[at:]
    _replace(path, changed)


def remove_feed(path: Path, url: str) -> None:
    """Take the feed with this very `url` out of the file."""
    text = path.read_text(encoding="utf-8")
    node = _feeds_node(text)
    for item in node.value if node is not None else ():
        fields = {key.value: value.value for key, value in item.value}
        if fields.get("url") == url:
            start = text.rfind("\n", 0, item.start_mark.index) + 1
            end = text.find("\n", max(_end(item) - 1, 0))
            rest = text[end + 1 :] if end >= 0 else ""
            _replace(path, text[:start] + rest)
            return
    raise ConfigError(f"{path}: {url} is not among its feeds")


def _feeds_node(text: str) -> yaml.SequenceNode | None:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if isinstance(root, yaml.MappingNode):
        for key, value in root.value:
            if key.value == "feeds" and isinstance(value, yaml.SequenceNode):
                if value.flow_style and value.value:
                    raise ConfigError(
                        f"line {value.start_mark.line + 1}: feeds stand in one bracket; "
                        "put one on a line each to have them changed"
                    )
                return value
    return None


def _end(item: yaml.Node) -> int:
    """Where an item's own text ends; a block's mark lies behind the comments that follow it."""
    if isinstance(item, yaml.MappingNode) and item.value and not item.flow_style:
        return _end(item.value[-1][1])
    return int(item.end_mark.index)


def _indent(text: str, node: yaml.SequenceNode | None) -> str:
    """The blanks before the dash of the feeds that are there."""
    if node is None or not node.value:
        return "  "
    start = node.value[0].start_mark.index
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return line[: len(line) - len(line.lstrip())]


def _row(spec: FeedSpec, indent: str) -> str:
    fields = {name: getattr(spec, name) for name in _FIELDS if getattr(spec, name)}
    flow = yaml.safe_dump(fields, default_flow_style=True, sort_keys=False, width=10_000)
    return f"{indent}- {flow.strip()}\n"


def _replace(path: Path, text: str) -> None:
    """Put `text` in place of the file at once, after it has been read as a configuration."""
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=path.suffix)
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
        load(draft, {})
        draft.chmod(path.stat().st_mode & 0o777)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
