"""Reading a configuration file: every fault at once, one line each, with key, line and remedy."""

import difflib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import BaseModel, ValidationError

from pipeline.config import Config
from transforms.errors import ConfigError

MAX_BYTES = 20_000_000
ENV_PREFIX = "CRISISWIRE_"
DEBUG = "CRISISWIRE_DEBUG"  # shows where an internal error comes from; no key of the configuration

Path_ = tuple[str | int, ...]


class Loaded(NamedTuple):
    """A configuration with what is needed to speak about it: its file and its keys' lines."""

    config: Config
    path: Path
    lines: dict[Path_, int]


def load(path: Path, environ: Mapping[str, str]) -> Loaded:
    """Read, override from the environment and check `path`; ConfigError lists every fault."""
    root = _compose(path)
    lines: dict[Path_, int] = {}
    faults: list[str] = []
    data = _plain(root, (), lines, path, faults)
    if not isinstance(data, dict):
        raise ConfigError(f"{path}: line 1: a configuration is a mapping with keys such as feeds")
    overridden = _override(data, environ, faults)
    try:
        config = Config.model_validate(data)
    except ValidationError as error:
        faults.extend(_fault(path, lines, overridden, item) for item in error.errors())
    if faults:
        raise ConfigError("\n".join(faults))
    return Loaded(config, path, lines)


def _compose(path: Path) -> yaml.Node:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ConfigError(f"{path}: larger than {MAX_BYTES} bytes; is it a configuration?")
        text = path.read_bytes().decode("utf-8-sig")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from error
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; name an existing file") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError(f"{path}: line {line}: not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: not YAML: {' '.join(str(error).split())}") from error
    except RecursionError as error:
        raise ConfigError(f"{path}: nested too deeply") from error
    if node is None:
        raise ConfigError(f"{path}: empty; the smallest configuration names lake and feeds")
    return node


def _plain(
    node: yaml.Node, where: Path_, lines: dict[Path_, int], path: Path, faults: list[str]
) -> Any:
    lines[where] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in result:
                faults.append(
                    f"{path}: line {line}: {_dotted((*where, key))}: given twice; keep one"
                )
            result[key] = _plain(value_node, (*where, key), lines, path, faults)
            lines[(*where, key)] = line
        return result
    if isinstance(node, yaml.SequenceNode):
        return [
            _plain(item, (*where, index), lines, path, faults)
            for index, item in enumerate(node.value)
        ]
    try:
        return yaml.SafeLoader("").construct_object(node)
    except (yaml.YAMLError, ValueError) as error:
        faults.append(f"{path}: line {node.start_mark.line + 1}: {_dotted(where)}: {error}")
        return None


def _override(data: dict[str, Any], environ: Mapping[str, str], faults: list[str]) -> set[Path_]:
    """Put CRISISWIRE_SECTION__KEY values over those of the file; values are YAML scalars."""
    done: set[Path_] = set()
    for name in sorted(environ):
        if not name.startswith(ENV_PREFIX) or name in (ENV_PREFIX, DEBUG):
            continue
        where = tuple(part.lower() for part in name[len(ENV_PREFIX) :].split("__"))
        target = data
        for part in where[:-1]:
            inner = target.setdefault(part, {})
            if not isinstance(inner, dict):
                faults.append(f"environment: {name}: {part} is not a section")
                break
            target = inner
        else:
            target[where[-1]] = yaml.safe_load(environ[name])
            done.add(where)
    return done


def _fault(
    path: Path, lines: dict[Path_, int], overridden: set[Path_], error: Mapping[str, Any]
) -> str:
    where: Path_ = tuple(error["loc"])
    place = _place(path, lines, overridden, where)
    kind, given = error["type"], error.get("input")
    if kind == "extra_forbidden":
        known = list(_keys(where[:-1]))
        near = difflib.get_close_matches(str(where[-1]), known, n=1, cutoff=0.5)
        remedy = f"did you mean {near[0]}?" if near else f"known here: {', '.join(sorted(known))}"
        return f"{place}: {_dotted(where)}: unknown key; {remedy}"
    message = str(error["msg"]).removeprefix("Value error, ")
    shown = "" if isinstance(given, dict | list) else f" (read: {given!r})"
    return f"{place}: {_dotted(where)}: {message}{shown}"


def _place(path: Path, lines: dict[Path_, int], overridden: set[Path_], where: Path_) -> str:
    for end in range(len(where), -1, -1):
        if where[:end] in overridden:
            variable = ENV_PREFIX + "__".join(str(part).upper() for part in where[:end])
            return f"environment: {variable}"
        if where[:end] in lines:
            return f"{path}: line {lines[where[:end]]}"
    return str(path)


def _keys(where: Path_) -> Iterator[str]:
    """The keys that the section at `where` knows."""
    model: type[BaseModel] = Config
    for part in where:
        if isinstance(part, int):
            continue
        annotation: Any = model.model_fields[part].annotation
        inner = getattr(annotation, "__args__", (annotation,))[0]
        model = inner if isinstance(inner, type) and issubclass(inner, BaseModel) else model
    yield from model.model_fields


def _dotted(where: Path_) -> str:
    text = ""
    for part in where:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text or "(top)"


def process_environment() -> Mapping[str, str]:
    """The environment of this process; the only place where configuration reads it."""
    return os.environ
