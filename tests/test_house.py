"""The rules of the house: who imports whom, who opens sockets, who writes files."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TRANSFORMS = sorted((ROOT / "transforms").rglob("*.py"))
PIPELINE = sorted((ROOT / "pipeline").rglob("*.py"))

# The worker pool talks to its own processes over a socket pair; it reaches no network.
POOL = {"transforms/workers.py", "transforms/sandbox.py"}
SOCKET_MODULES = {"socket", "urllib3", "requests", "httpx", "aiohttp", "http", "ssl"}
WRITERS = {"write_text", "write_bytes", "mkdir", "unlink", "rename", "replace", "rmtree"}


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module


def _room(path: Path) -> str:
    return "/".join(path.relative_to(ROOT).parts[:2])


@pytest.mark.parametrize("path", TRANSFORMS, ids=lambda p: str(p.relative_to(ROOT)))
def test_transforms_never_import_pipeline(path: Path) -> None:
    assert not [name for name in _imports(path) if name.split(".")[0] == "pipeline"]


@pytest.mark.parametrize(
    "path",
    [p for p in TRANSFORMS if _room(p) not in {"transforms/fetch", *POOL}],
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_only_the_fetch_room_can_open_sockets(path: Path) -> None:
    roots = {name.split(".")[0] for name in _imports(path)}
    assert not roots & SOCKET_MODULES


def _writes(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id == "open":
            mode = node.args[1] if len(node.args) > 1 else None
            if isinstance(mode, ast.Constant) and set(str(mode.value)) & set("wax+"):
                yield f"open(…, {mode.value!r}) in line {node.lineno}"
        elif (
            isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id in {"os", "shutil"}
            and node.func.attr in WRITERS
        ):
            yield f"{node.func.value.id}.{node.func.attr} in line {node.lineno}"


@pytest.mark.parametrize(
    "path",
    [p for p in TRANSFORMS if _room(p) != "transforms/store"],
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_only_the_store_room_writes_files(path: Path) -> None:
    assert not list(_writes(path))


CLOCKS = {("time", "time"), ("time", "time_ns"), ("datetime", "now"), ("datetime", "utcnow")}


@pytest.mark.parametrize(
    "path",
    [p for p in TRANSFORMS if _room(p) not in {"transforms/fetch", *POOL}],
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_transforms_never_read_the_wall_clock_or_the_environment(path: Path) -> None:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            pair = (node.value.id, node.attr)
            if pair in CLOCKS or pair == ("os", "environ"):
                found.append(f"{'.'.join(pair)} in line {node.lineno}")
    assert not found


@pytest.mark.parametrize("path", [*TRANSFORMS, *PIPELINE], ids=lambda p: str(p.relative_to(ROOT)))
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
