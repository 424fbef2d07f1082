"""What else a page says of its story: description, picture, sections and tags; JSON-LD first."""

import html
import re
from collections.abc import Iterator, Sequence
from urllib.parse import urljoin, urlsplit

from transforms.clean.characters import normalise
from transforms.clean.sitename import squash
from transforms.extract.head import Head, squeeze
from transforms.extract.linkeddata import Story

MAX_DESCRIPTION = 2000
MAX_TAGS = 50
MAX_TAG = 100
# How much of a cut description must begin another to be told to the end there.
ALIKE = 25
_LISTED = re.compile(r"\s*[,;،、]\s*")
_MARKUP = re.compile(r"<[^<>]{1,2000}>")
_CUT = re.compile(r"\s*(?:\.{3}|…)$")
# A tag with more commas than one is a list of them.
_A_LIST = re.compile(r",.*,(?!\s*(?:&|and)\s)")
_NO_TAG = re.compile(r"https?|https?:.*|@\S+|\W|\d{5,}|[a-zA-Z]")
# Files that stand where a page has no picture of its own.
_NO_PICTURE = re.compile(
    r"(?:favicon|placeholder|spacer|no[-_]?image|(?:^|/)(?:logo|blank|default|pixel)(?=[-_.\d]*\.))"
    r"[^/]*$",
    re.IGNORECASE,
)


def description_of(story: Story, head: Head, summary: str) -> str | None:
    """The standfirst as the page gives it for machines, else the feed's summary, one line.

    One that only repeats the headline gives way, and one that is cut is told to the end by another.
    """
    meta = head.meta
    names = ("og:description", "description", "twitter:description")
    told = [_line(said) for said in (story.description, *map(meta.get, names), summary) if said]
    headlines = {squash(text) for text in (story.headline, meta.get("og:title", ""))}
    first = next((text for text in told if squash(text) not in headlines), None)
    return (first and next(_going_on(first, told), first)) or next(iter(told), None)


def _line(text: str) -> str:
    plain = _MARKUP.sub("", html.unescape(text[: 4 * MAX_DESCRIPTION]))
    return normalise(squeeze(plain))[:MAX_DESCRIPTION]


def _going_on(text: str, told: Sequence[str]) -> Iterator[str]:
    stem = _CUT.sub("", text)
    if stem == text or len(stem) < ALIKE:
        return iter(())
    return (other for other in told if other.startswith(stem) and not _CUT.search(other))


def image_of(story: Story, head: Head, url: str) -> str | None:
    """The address of the story's picture, made whole."""
    for said in (story.image, head.meta.get("og:image"), head.meta.get("twitter:image")):
        try:
            whole = urljoin(url, (said or "").strip()) if said else ""
        except ValueError:
            continue
        if whole.startswith(("http://", "https://")) and not _NO_PICTURE.search(_path(whole)):
            return whole
    return None


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def tags_of(story: Story, head: Head, feed: Sequence[str]) -> list[str]:
    """Sections and tags, each once however it is spelled, of JSON-LD, the feed and meta tags."""
    said = [*story.section, *story.keywords, *feed]
    said += head.lists.get("article:section", []) + head.lists.get("article:tag", [])
    for name in ("news_keywords", "keywords"):
        said += _LISTED.split(head.meta.get(name, ""))
    found: dict[str, str] = {}
    for tag in _parted(said):
        plain = normalise(squeeze(tag))[:MAX_TAG]
        if plain and not _NO_TAG.fullmatch(plain):
            found.setdefault(plain.casefold(), plain)
    return list(found.values())[:MAX_TAGS]


def _parted(tags: Sequence[str]) -> Iterator[str]:
    for tag in tags:
        yield from _LISTED.split(tag) if _A_LIST.search(tag) else (tag,)
