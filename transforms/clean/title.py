"""Which title is the headline: what shows above the story, as long as another witness knows it.

Witnesses: headings, JSON-LD headline, og:title, twitter:title, `<title>`, the feed. What is made
for sharing or for searching often differs from the headline that readers see, so the heading wins
where it can be told from the page's frame. A feed's title wins over all of them: the publisher
announced it so. A title that ends in an ellipsis is repaired from a witness that goes on.
"""

import html
import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from rapidfuzz import fuzz

from transforms.clean.characters import normalise
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
from transforms.clean.words import size
from transforms.extract.head import Head, Heading, squeeze
from transforms.extract.linkeddata import Story

_CUT = re.compile(r"\s*(?:\.{3}|…)\s*$")
_DOTS = re.compile(r"\.{3}|…")
_JOINT = re.compile(r":\s+")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
_META = ("headline", "sailthru.title", "parsely-title", "dc.title", "dcterms.title")
WHOLE, PART, LIKE = 3, 2, 1
SIMILAR = 75
SAYING, SHORT = 3, 6
# How many words an address must spell to be a title's, and how few of a heading's that is another.
SPELLED, REWORDED = 4, 0.6
MIN_PREFIX = 12
MAX_TITLE = 500
MAX_OPENING = 200


class Title(NamedTuple):
    """The headline and where it comes from; `raw` is the page's own `<title>`."""

    text: str | None
    raw: str | None
    source: str | None
    truncated: bool


class Said(NamedTuple):
    """One witness: where it stands, what it says without the site's name, and its words."""

    source: str
    text: str
    words: tuple[str, ...]


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


def _plain(text: str) -> str:
    return squeeze(normalise(html.unescape(text)))[:MAX_TITLE]


def _witnesses(head: Head, story: Story, site: Site) -> list[Said]:
    """What the head says, the site's name cut; a mere name only when there is nothing else."""
    told = [(source, strip_site(_plain(text), site)) for source, text in _told(head, story)]
    said = [Said(source, text, tuple(words(text))) for source, text in told]
    said = [one for one in said if one.words]
    return [one for one in said if not is_name(one.text, site)] or said


def choose_title(head: Head, story: Story, feed_title: str, url: str, opening: str = "") -> Title:
    """The headline by its witnesses; the feed's title wins where it says one.

    opening: the text's first line, which may go on where a cut title stops.
    """
    site = site_of_page(head, story, url)
    said = _witnesses(head, story, site)
    shown = _headline(head.outline, said, site, slug_words(url))
    chosen = _of_feed(feed_title, head, said, site) or shown
    if chosen is None:
        return Title(None, head.title or None, None, False)
    if is_cut(chosen[1]):
        others = [*([shown] if shown else []), *((one.source, one.text) for one in said)]
        chosen = repair(chosen[1], [*others, ("text", _sentence(opening))]) or chosen
    return Title(chosen[1], head.title or None, chosen[0], is_cut(chosen[1]))


def _of_feed(title: str, head: Head, said: Sequence[Said], site: Site) -> tuple[str, str] | None:
    feed = _plain(title)
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


def _headline(
    outline: Sequence[Heading], said: Sequence[Said], site: Site, slug: AbstractSet[str]
) -> tuple[str, str] | None:
    """The page's own headline: a heading that the head knows, a lone one, or the head's word."""
    shown = [h._replace(text=strip_site(_plain(h.text), site)) for h in outline if not h.framed]
    shown = [h for h in shown if words(h.text) and not is_name(h.text, site)]
    tops = [h for h in shown if h.level == 1]
    best = max(tops, key=lambda h: _support(h.text, said), default=None)
    if best is None or not _support(best.text, said):
        best = _below(shown, said, bool(tops)) or _alone(tops) or _first(shown, said)
    if best is not None:
        told = _agreed(best, said) or _addressed(best, said, slug)
        return told or (f"h{best.level}", _without_kicker(best, said))
    voted = _vote(said, slug)
    if voted is None and tops:
        return "h1", tops[0].text
    return voted


def _below(shown: Sequence[Heading], said: Sequence[Said], topped: bool) -> Heading | None:
    """The first h2 or h3 that the head gives word for word, where an h1 is the frame's."""
    for heading in shown:
        speaks = not topped or size(heading.text) >= SAYING
        if heading.level > 1 and speaks and _support(heading.text, said) >= PART:
            return heading
    return None


def _alone(tops: Sequence[Heading]) -> Heading | None:
    """The h1 that nothing supports, when it says something and no other could be meant."""
    if tops and size(tops[0].text) >= SAYING and (len(tops) == 1 or tops[0].inside):
        return tops[0]
    return None


def _first(shown: Sequence[Heading], said: Sequence[Said]) -> Heading | None:
    """The first heading, where a short `<title>` is all that speaks: that of every page, mostly."""
    if any(one.source != "title" or size(one.text) > SHORT for one in said):
        return None
    return next((h for h in shown if size(h.text) > 1), None)


def _support(text: str, said: Sequence[Said]) -> int:
    own = tuple(words(text))
    if any(own == one.words for one in said):
        return WHOLE
    if len(own) > 1 and any(own in _segments(one.text) for one in said):
        return PART
    return LIKE if any(_akin(own, one.words) for one in said) else 0


def _akin(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) >= SAYING and _within(short, long):
        return True
    return fuzz.token_sort_ratio(" ".join(one), " ".join(other)) >= SIMILAR


def _within(short: Sequence[str], long: Sequence[str]) -> bool:
    n = len(short)
    return any(tuple(long[i : i + n]) == tuple(short) for i in range(len(long) - n + 1))


def _segments(text: str) -> set[tuple[str, ...]]:
    """The words of every run of parts between separators."""
    marks = sorted(m.span() for pattern in (SEPARATOR, _JOINT) for m in pattern.finditer(text))[:8]
    starts = [0, *(end for _, end in marks)]
    ends = [*(start for start, _ in marks), len(text)]
    return {tuple(words(text[s:e])) for s in starts for e in ends if s < e}


def _agreed(heading: Heading, said: Sequence[Said]) -> tuple[str, str] | None:
    """What JSON-LD, og:title and `<title>` all say, when the heading is a part of it."""
    told = {one.source: one.words for one in said}
    own, whole = tuple(words(heading.text)), told.get("json-ld", ())
    if not all(told.get(source) == whole for source in ("og:title", "title")):
        return None
    if own == whole or not _within(own, whole):
        return None
    return "json-ld", next(one.text for one in said if one.source == "json-ld")


def _addressed(
    heading: Heading, said: Sequence[Said], slug: AbstractSet[str]
) -> tuple[str, str] | None:
    """What two of the head say and the address spells out, where the heading is worded anew.

    An address is made of the title on the first day; a heading follows the news of the hour.
    """
    if _support(heading.text, said) > LIKE or spelled(words(heading.text), slug) > REWORDED:
        return None
    for one in said:
        agreed = sum(other.words == one.words for other in said) > 1
        if agreed and len(one.words) >= SPELLED and spelled(one.words, slug) == 1:
            return one.source, one.text
    return None


def _without_kicker(heading: Heading, said: Sequence[Said]) -> str:
    """A heading without the label or the date set apart in it, where the head leaves it out.

    Where the head has all of it, the head's marks between the parts are taken over.
    """
    own = tuple(words(heading.text))
    whole = [one.words for one in said if one.source != "title" and one.words != own]
    last = tuple(words(_plain(heading.parts[-1]))) if heading.parts else ()
    for part in map(_plain, reversed(heading.parts)):
        plain = tuple(words(part))
        begins = plain == last and any(one[: len(plain)] == plain for one in whole)
        if len(plain) >= SAYING and (begins or plain in whole):
            return part
    spelled = (one.text for one in said if heading.parts and one.words == own)
    return next(spelled, heading.text)


def _vote(said: Sequence[Said], slug: AbstractSet[str]) -> tuple[str, str] | None:
    """The witness most like the others; JSON-LD, then og:title, where they are equal."""
    best: tuple[float, tuple[str, str]] | None = None
    for number, one in enumerate(said):
        others = [o.words for n, o in enumerate(said) if n != number]
        score: float = sum(_akin(one.words, other) for other in others)
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
    """(source, title) of the first witness that goes on where the cut one stops."""
    stem = _CUT.sub("", title)
    if len(stem) < MIN_PREFIX and size(stem) < SAYING:
        return None
    start = words(stem)
    for source, text in witnesses:
        # A title may hold the ellipsis itself, with the site's name behind it.
        if not _DOTS.search(text[len(stem) - 1 : len(stem) + 5]) and _goes_on(start, words(text)):
            return source, text
    return None


def _goes_on(stem: Sequence[str], other: Sequence[str]) -> bool:
    last = len(stem) - 1
    return (
        len(other) > last >= 0
        and list(other[:last]) == list(stem[:last])
        and other[last].startswith(stem[last])
        and list(other) != list(stem)
    )
