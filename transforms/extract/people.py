"""Who wrote a story: people only. Staff desks, addresses, handles and site names are left out."""

import re
from collections.abc import Sequence

from transforms.extract.head import Head, squeeze
from transforms.extract.linkeddata import Story

MAX_AUTHORS = 12
_META = ("author", "article:author", "dc.creator", "parsely-author", "sailthru.author", "byl")
_PREFIX = re.compile(
    r"^(?:by|von|par|por|da|di|door|av|af|od|autor(?:in)?|text|автор|written by|story by)\b[:\s]+",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*(?:;|\||/|\n| and | und | et | y | e | & |, (?=\S+\s\S+))\s*")
_NOT_A_PERSON = re.compile(
    r"https?:|www\.|@|\d{3}|^\W*$"
    r"|\b(?:staff|desk|editor(?:s|ial)?|admin(?:istrator)?|newsroom|team|redaktion|rédaction|"
    r"redacción|redazione|redactie|agenc(?:y|ies|ia)|agentur|news|online|correspondents?|"
    r"reporters?|webmaster|contributors?|редакция)\b",
    re.IGNORECASE,
)


def _people(values: Sequence[str], site: str) -> list[str]:
    found: dict[str, str] = {}
    for value in values:
        for part in _SPLIT.split(_PREFIX.sub("", squeeze(value))[:400]):
            name = _PREFIX.sub("", part).strip(" ,.-–—")
            key = name.casefold()
            if not name or len(name) > 60 or len(name.split()) > 6 or key == site.casefold():
                continue
            if not _NOT_A_PERSON.search(name):
                found.setdefault(key, name)
    return list(found.values())[:MAX_AUTHORS]


def authors(story: Story, head: Head, feed: Sequence[str], site: str) -> list[str]:
    """The people named by JSON-LD, else by the feed, else by the page's meta tags."""
    tagged = [value for name in _META for value in head.lists.get(name, [])]
    for witness in (story.authors, feed, tagged):
        if names := _people(witness, site):
            return names
    return []
