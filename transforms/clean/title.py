"""Which title is the headline: what shows above the story, as long as another witness knows it.

Witnesses: headings, JSON-LD headline, og:title, twitter:title, `<title>`, the feed. What is made
for sharing or for searching often differs from the headline that readers see, so the heading wins
where it can be told from the page's frame. A feed's title wins over all of them: the publisher
announced it so. A title that ends in an ellipsis is repaired from a witness that goes on.
"""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from transforms.clean.heading import SPELLED, heading_title
from transforms.clean.sitename import (
    SEPARATOR,
    Site,
    is_name,
    site_of_page,
    squash,
    strip_site,
    words,
)
from transforms.clean.slug import slug_words, spelled
from transforms.clean.witness import SAYING, Said, akin, plain
from transforms.clean.words import size
from transforms.extract.head import Head
from transforms.extract.linkeddata import Story

_CUT = re.compile(r"\s*(?:\.{3}|…|[\[(](?:\.{3}|…)[\])])\s*$")
_DOTS = re.compile(r"\.{3}|…")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
_META = ("headline", "sailthru.title", "parsely-title", "dc.title", "dcterms.title")
MIN_PREFIX = 12
MAX_OPENING = 200


class Title(NamedTuple):
    """The headline and where it comes from; `raw` is the page's own `<title>`."""

    text: str | None
    raw: str | None
    source: str | None
    truncated: bool


def head_titles(head: Head, story: Story) -> list[str]:
    """Everything that the page calls itself."""
    return [*head.headings, *(text for _, text in _told(head, story))]


def _told(head: Head, story: Story) -> list[tuple[str, str]]:
    meta = head.meta
    said = [
        ("json-ld", story.headline),
        ("og:title", meta.get("og:title", "")),
        ("twitter:title", meta.get("twitter:title") or meta.get("twitter:text:title", "")),
        *(("meta", meta[name]) for name in _META if name in meta),
        ("title", head.title),
    ]
    return [(source, text) for source, text in said if text]


def _witnesses(head: Head, story: Story, site: Site) -> list[Said]:
    """What the head says, the site's name cut; a mere name only when there is nothing else."""
    told = [(source, strip_site(plain(text), site)) for source, text in _told(head, story)]
    said = [Said(source, text, tuple(words(text))) for source, text in told]
    said = [one for one in said if one.words]
    return [one for one in said if not is_name(one.text, site)] or said


def choose_title(head: Head, story: Story, feed_title: str, url: str, opening: str = "") -> Title:
    """The headline by its witnesses; the feed's title wins where it says one.

    opening: the text's first line, which may go on where a cut title stops.
    """
    site = site_of_page(head, story, url)
    said = _witnesses(head, story, site)
    shown = _of_page(head, said, site, slug_words(url))
    chosen = _of_feed(feed_title, head, said, site) or shown
    if chosen is None:
        return Title(None, head.title or None, None, False)
    if is_cut(chosen[1]):
        others = [*([shown] if shown else []), *((one.source, one.text) for one in said)]
        chosen = repair(chosen[1], [*others, ("text", _sentence(opening))]) or chosen
    return Title(chosen[1], head.title or None, chosen[0], is_cut(chosen[1]))


def _of_feed(title: str, head: Head, said: Sequence[Said], site: Site) -> tuple[str, str] | None:
    feed = plain(title)
    if not words(feed) or is_name(feed, site):
        return None
    known = {squash(one.text) for one in said if one.source != "title"}
    known |= {squash(text) for text in head.headings}
    if squash(feed) not in known:
        site = site._replace(names=(*site.names, *_endings(head.title, known)))
    return "feed", strip_site(feed, site) or feed


def _endings(title: str, known: set[str]) -> Iterator[str]:
    """What stands behind the headline in `<title>`: the site's name at length."""
    for match in SEPARATOR.finditer(title):
        if squash(title[: match.start()]) in known:
            yield squash(title[match.end() :])


def _of_page(
    head: Head, said: Sequence[Said], site: Site, slug: AbstractSet[str]
) -> tuple[str, str] | None:
    """The page's own headline: a heading that the head knows, a lone one, or the head's word."""
    return heading_title(head.outline, said, site, slug) or _vote(said, slug)


def _vote(said: Sequence[Said], slug: AbstractSet[str]) -> tuple[str, str] | None:
    """The witness most like the others; JSON-LD, then og:title, where they are equal."""
    best: tuple[float, tuple[str, str]] | None = None
    for number, one in enumerate(said):
        others = [o.words for n, o in enumerate(said) if n != number]
        score: float = sum(akin(one.words, other) for other in others)
        score += {"json-ld": 0.5, "og:title": 0.25}.get(one.source, 0)
        score += len(one.words) >= SPELLED and spelled(one.words, slug) == 1
        score -= 2 * is_cut(one.text) + (size(one.text) < 2)
        if best is None or score > best[0]:
            best = (score, (one.source, one.text))
    return best[1] if best else None


def _sentence(opening: str) -> str:
    """The first sentence of a line, as a title; nothing when it is too long for one."""
    first = _SENTENCE_END.split(opening, maxsplit=1)[0].removesuffix(".")
    return first if len(first) <= MAX_OPENING else ""


def is_cut(title: str) -> bool:
    """Whether a title ends in an ellipsis."""
    return bool(_CUT.search(title))


def repair(title: str, witnesses: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
    """(source, title) of the first witness that goes on where the cut one stops.

    Else of the first that says as much and is not cut: then nothing was.
    """
    stem = _CUT.sub("", title)
    if len(stem) < MIN_PREFIX and size(stem) < SAYING:
        return None
    start = words(stem)
    for source, text in witnesses:
        # A title may hold the ellipsis itself, with the site's name behind it.
        if not _DOTS.search(text[len(stem) - 1 : len(stem) + 5]) and _goes_on(start, words(text)):
            return source, text
    uncut = (one for one in witnesses if words(one[1]) == start and not _DOTS.search(one[1]))
    return next(uncut, None)


def _goes_on(stem: Sequence[str], other: Sequence[str]) -> bool:
    last = len(stem) - 1
    return (
        len(other) > last >= 0
        and list(other[:last]) == list(stem[:last])
        and other[last].startswith(stem[last])
        and list(other) != list(stem)
    )
