"""The site's own name before or behind a headline: who it is, and how it is cut.

A headline may itself hold " - " or " | ": a part is only cut when it is what the site calls itself
(og:site_name, JSON-LD publisher, application name, domain, their initials), or the section that the
page's address or tags name with a bar before it.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from transforms.extract.head import Head
from transforms.extract.linkeddata import Story

SEPARATOR = re.compile(r"\s+[-–—―|·•:»«/~>]+\s+|\s*\|\s*|\s*[»]\s+|\s+::\s+|\s*--\s*")
# Marks without blanks, as East Asian sites write them before their name; brackets around it.
_CLOSE = re.compile(
    r"(?:[_｜‖丨]|(?<=[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af”」』》）！？])[-–—]+|\s[(（【\[])"
)
_AHEAD = re.compile(r"[(（【\[]([^)）】\]]{2,40})[)）】\]]\s*(?=\S)")
_WORD = re.compile(r"\w+")
_ARCHIVED = re.compile(r"^https?://web\.archive\.org/web/\d+\w*/(?=https?:)")
_NO_NAME = frozenset({"www", "m", "amp", "news"})
MAX_NAME_WORDS = 6
MIN_INITIALS = 3
# How much of the longer of two spellings the shorter must make up to be the same name.
OF_PART, OF_NAME = 0.5, 0.4


class Site(NamedTuple):
    """What the site and the page's section are called, squashed to letters and figures."""

    names: tuple[str, ...]
    sections: frozenset[str]


def words(text: str) -> list[str]:
    """The words of a title, for comparing."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def squash(text: str) -> str:
    """Its letters and figures alone."""
    return "".join(words(text))


def _initials(name: str) -> str:
    said = words(name)
    return "".join(word[0] for word in said) if len(said) >= MIN_INITIALS else ""


def host_and_path(url: str) -> tuple[str, str]:
    """The host and the path of an address; both empty when it is none."""
    try:
        parts = urlsplit(url)
        return parts.hostname or "", parts.path
    except ValueError:
        return "", ""


def site_of_page(head: Head, story: Story, url: str, feed_title: str = "") -> Site:
    """What the site may call itself, and the sections that the page's address and tags name."""
    host, path = host_and_path(_ARCHIVED.sub("", url))
    labels = [p for p in host.split(".") if p not in _NO_NAME]
    told = [
        head.meta.get("og:site_name", ""),
        story.publisher,
        head.meta.get("application-name", ""),
        feed_title,
        head.meta.get("apple-mobile-web-app-title", ""),
        head.meta.get("twitter:site", "").lstrip("@"),
    ]
    said = [*told, *labels[:-1], "".join(labels), *map(_initials, told[:3])]
    names = tuple(s for s in dict.fromkeys(map(squash, said)) if len(s) >= 2)
    tagged = head.lists.get("article:section", [])
    sections = frozenset(map(squash, [*unquote(path).rstrip("/").split("/")[:-1], *tagged])) - {""}
    return Site(names, sections)


def is_name(text: str, site: Site) -> bool:
    """Whether a whole line is nothing but the site's name."""
    return squash(text) in site.names


def _is_site(part: str, site: Site) -> bool:
    plain = squash(part)
    if not plain or plain in site.names:
        return True
    return len(words(part)) <= MAX_NAME_WORDS and any(
        (name in plain and len(name) >= OF_PART * len(plain))
        or (plain in name and len(plain) >= OF_NAME * len(name))
        for name in site.names
        if min(len(name), len(plain)) >= 4
    )


def strip_site(title: str, site: Site) -> str:
    """`title` without the site's name before or behind it."""
    whole, before = title, ""
    while title != before:
        before = title
        if found := list(SEPARATOR.finditer(title)):
            left = _whole_name(title, found, site) or _end(title, found, site, title != whole)
            title = title if left is None else left
        if title == before:
            title = _close_name(title.strip(), site)
    return title


def _close_name(title: str, site: Site) -> str:
    """`title` without exactly the site's name in brackets or behind a mark without blanks."""
    if (ahead := _AHEAD.match(title)) and squash(ahead[1]) in site.names:
        title = title[ahead.end() :]
    for mark in _CLOSE.finditer(title):
        front, name = title[: mark.start()], squash(title[mark.end() :])
        if name in site.names and words(front) and not _abbreviates(name, front):
            return front.strip()
    return title


def _abbreviates(name: str, front: str) -> bool:
    """Whether a name is made of first letters of the words before it: "Harbour Board (HB)"."""
    letters = iter(word[0] for word in words(front))
    return all(letter in letters for letter in name)


def _whole_name(title: str, found: Sequence[re.Match[str]], site: Site) -> str | None:
    """What is left when a name that itself holds a separator begins or ends the title."""
    for match in found:
        front, back = title[: match.start()], title[match.end() :]
        if squash(back) in site.names:
            return front
        if squash(front) in site.names:
            return back
    return None


def _end(title: str, found: Sequence[re.Match[str]], site: Site, named: bool) -> str | None:
    """What is left when the last part, or the first, is a name; `named` once a name was cut."""
    first, last = found[0], found[-1]
    behind = title[last.end() :]
    section = (named or "|" in last.group()) and squash(behind) in site.sections
    if section or _is_site(behind, site):
        return title[: last.start()]
    return title[first.end() :] if _is_site(title[: first.start()], site) else None
