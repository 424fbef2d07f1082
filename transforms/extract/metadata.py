"""What else a page says of its story: description, picture, sections and tags; JSON-LD first."""

import re
from collections.abc import Sequence
from urllib.parse import urljoin

from transforms.clean.characters import normalise
from transforms.extract.head import Head, squeeze
from transforms.extract.linkeddata import Story

MAX_DESCRIPTION = 2000
MAX_TAGS = 50
MAX_TAG = 100
_LISTED = re.compile(r"\s*[,;،、]\s*")


def description_of(story: Story, head: Head, summary: str) -> str | None:
    """The standfirst as the page gives it for machines, else the feed's summary, one line."""
    meta = head.meta
    told = (meta.get(name) for name in ("og:description", "description", "twitter:description"))
    said = story.description or next(filter(None, told), "") or summary
    return normalise(squeeze(said))[:MAX_DESCRIPTION] or None


def image_of(story: Story, head: Head, url: str) -> str | None:
    """The address of the story's picture, made whole."""
    for said in (story.image, head.meta.get("og:image"), head.meta.get("twitter:image")):
        try:
            whole = urljoin(url, (said or "").strip()) if said else ""
        except ValueError:
            continue
        if whole.startswith(("http://", "https://")):
            return whole
    return None


def tags_of(story: Story, head: Head, feed: Sequence[str]) -> list[str]:
    """Sections and tags, each once however it is spelled, of JSON-LD, the feed and meta tags."""
    said = [*story.section, *story.keywords, *feed]
    said += head.lists.get("article:section", []) + head.lists.get("article:tag", [])
    for name in ("news_keywords", "keywords"):
        said += _LISTED.split(head.meta.get(name, ""))
    found: dict[str, str] = {}
    for tag in said:
        plain = normalise(squeeze(tag))[:MAX_TAG]
        if plain:
            found.setdefault(plain.casefold(), plain)
    return list(found.values())[:MAX_TAGS]
