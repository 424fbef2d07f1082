"""Real pages and real feeds of ../shared/data, served on loopback as their publishers did.

Nothing of them is kept: archives are unpacked into the caller's temporary folder.
"""

import json
import re
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.serve import HTML, RSS, Serve, item, rss

PAGE_SETS = ("fundus", "scrapinghub", "newspaper4k")
PAGE_HOSTS = 8

_NAMESPACE = re.compile(rb"""(?:xmlns(?::[\w.-]+)?\s*=|"version"\s*:)\s*["']([^"']*)["']""")
_ADDRESS = re.compile(rb"""(?<![\w.])https?:\\?/\\?/[^/"'<>\s\]\\]+""", re.IGNORECASE)


@dataclass(frozen=True)
class RealPage:
    """One page with what its collection says is right."""

    id: str
    body: bytes
    gold: dict[str, Any]


def unpack(archive: Path, folder: Path) -> Path:
    """Unpack `archive` (NAME.tar.xz) below `folder`; returns folder/NAME."""
    target = folder / archive.name.removesuffix(".tar.xz")
    if not target.exists():
        with tarfile.open(archive) as tar:
            tar.extraction_filter = getattr(tarfile, "data_filter", None)  # from 3.11.4 on
            tar.extractall(folder)
    return target


def real_pages(shared: Path, folder: Path, sets: Iterable[str] = PAGE_SETS) -> list[RealPage]:
    """Every page of the named sets, its id prefixed with the set's name."""
    found = []
    for name in sets:
        root = unpack(shared / "data" / "extract" / f"{name}.tar.xz", folder)
        for line in (root / "gold.jsonl").read_text("utf-8").splitlines():
            gold = json.loads(line)
            found.append(RealPage(f"{name}/{gold['id']}", (root / gold["html"]).read_bytes(), gold))
    return found


def put_pages(serve: Serve, pages: list[RealPage]) -> tuple[list[str], dict[str, str]]:
    """Serve the pages on the first hosts, with a feed a host; feed URLs, and page ids by URL."""
    by_url: dict[str, str] = {}
    items: dict[int, list[str]] = {}
    hosts = min(PAGE_HOSTS, serve.count)
    for index, page in enumerate(pages):
        number = index % hosts
        url = serve.put(f"/page/{index}.html", page.body, HTML, number)
        by_url[url] = page.id
        title = str(page.gold.get("title") or "")
        items.setdefault(number, []).append(item(url, title))
    feeds = [serve.put("/feed.xml", rss(*listed), RSS, number) for number, listed in items.items()]
    return feeds, by_url


def captured_feeds(shared: Path, folder: Path) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of every feed document captured in the wild."""
    root = unpack(shared / "data" / "feeds" / "captured.tar.xz", folder)
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.name not in ("index.jsonl", "README.md"):
            yield path.relative_to(root).as_posix(), path.read_bytes()


def put_captured(
    serve: Serve, shared: Path, folder: Path, number: int, every: int = 1
) -> list[str]:
    """Serve each `every`th captured feed, every address in it pointed at host `number`."""
    urls = []
    for index, (name, body) in enumerate(captured_feeds(shared, folder)):
        if index % every:
            continue
        kind = "application/feed+json" if name.endswith(".json") else "application/xml"
        urls.append(
            serve.put(f"/captured/{index}", to_loopback(body, serve.root(number)), kind, number)
        )
    return urls


def to_loopback(body: bytes, root: str) -> bytes:
    """The feed with scheme and host of each address replaced by `root`, names of formats kept.

    A document in UTF-16 is rewritten to UTF-8 first, or its addresses would be missed.
    """
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        body = body.decode("utf-16", "replace").replace("utf-16", "utf-8").encode()
    spared = set(_NAMESPACE.findall(body))

    def change(match: re.Match[bytes]) -> bytes:
        rest = body[match.start() : match.start() + 200]
        if any(uri and rest.startswith(uri) for uri in spared):
            return match.group()
        return root.encode()

    return _ADDRESS.sub(change, body)
