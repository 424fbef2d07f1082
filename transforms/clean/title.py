"""Which title is the headline: witnesses vote, the site's name is cut, a cut title is repaired.

Witnesses: JSON-LD headline, og:title, h1, `<title>`, the feed. A headline may itself hold " - " or
" | ": a part is only cut when it is the site's name, or when the page's other witnesses say so.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from transforms.extract.head import Head, squeeze
from transforms.extract.linkeddata import Story

_SEPARATOR = re.compile(r"\s+[-–—|·•:»«/~]\s+|\s*[|»]\s*|\s+::\s+")
_CUT = re.compile(r"\s*(?:\.{3}|…)\s*$")
_WORD = re.compile(r"\w+")
SIMILAR = 75
MIN_PREFIX = 12
MAX_TITLE = 500


class Title(NamedTuple):
    """The headline and where it comes from; `raw` is the page's own `<title>`."""

    text: str | None
    raw: str | None
    source: str | None
    truncated: bool


def words(text: str) -> list[str]:
    """The words of a title, for comparing."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _squash(text: str) -> str:
    return "".join(words(text))


def site_names(head: Head, story: Story, host: str) -> list[str]:
    """What the site may call itself, squashed: og:site_name, publisher, the domain's label."""
    labels = [p for p in host.split(":")[0].split(".") if p not in {"www", "m", "amp", "news"}]
    said = [
        head.meta.get("og:site_name", ""),
        head.meta.get("application-name", ""),
        head.meta.get("apple-mobile-web-app-title", ""),
        head.meta.get("twitter:site", "").lstrip("@"),
        story.publisher,
        *labels[:-1],
        "".join(labels),
    ]
    return [s for s in dict.fromkeys(map(_squash, said)) if len(s) >= 2]


def head_titles(head: Head, story: Story) -> list[str]:
    """Everything that the page calls itself."""
    said = [story.headline, head.meta.get("og:title", ""), head.meta.get("twitter:title", "")]
    return [title for title in (*head.headings, *said, head.title) if title]


def _is_site(part: str, names: Sequence[str]) -> bool:
    squashed = _squash(part)
    if not squashed:
        return True
    return any(
        squashed == name
        or (len(name) >= 4 and (squashed in name or name in squashed) and len(words(part)) <= 5)
        for name in names
    )


def strip_site(title: str, names: Sequence[str], witnesses: Sequence[str]) -> str:
    """`title` without the site's name before or behind it."""
    known = {_squash(w) for w in witnesses if w}
    while found := list(_SEPARATOR.finditer(title)):
        first, last = found[0], found[-1]
        front, back = title[: last.start()], title[first.end() :]
        if _squash(front) in known or _is_site(title[last.end() :], names):
            title = front
        elif _squash(back) in known or (_is_site(title[: first.start()], names)):
            title = back
        else:
            break
    return title.strip()


def is_cut(title: str) -> bool:
    """Whether a title ends in an ellipsis."""
    return bool(_CUT.search(title))


def repair(title: str, witnesses: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
    """(source, title) of the longest witness that goes on where the cut one stops."""
    stem = _CUT.sub("", title).casefold().strip()
    if len(stem) < MIN_PREFIX:
        return None
    whole = [
        (source, other)
        for source, other in witnesses
        if not is_cut(other) and len(other) > len(stem) and other.casefold().startswith(stem)
    ]
    return max(whole, key=lambda item: len(item[1]), default=None)


def choose_title(head: Head, story: Story, feed_title: str, host: str) -> Title:
    """The headline by vote of the witnesses; the feed's title wins where there is one."""
    names = site_names(head, story, host)
    said = [("h1", h) for h in head.headings]
    said += [
        ("json-ld", squeeze(story.headline)),
        ("og:title", head.meta.get("og:title", "")),
        ("twitter:title", head.meta.get("twitter:title", "")),
        ("title", head.title),
    ]
    said = [(source, text[:MAX_TITLE]) for source, text in said if text]
    raw = [text for _, text in said]
    pages = [(source, strip_site(text, names, raw)) for source, text in said]
    pages = [(s, t) for s, t in pages if t and not (s == "h1" and _is_site(t, names))]
    feed = squeeze(feed_title)[:MAX_TITLE]
    chosen = ("feed", strip_site(feed, names, raw)) if feed else _vote(pages)
    if chosen is None:
        return Title(None, head.title or None, None, False)
    if is_cut(chosen[1]):
        chosen = repair(chosen[1], pages) or chosen
    return Title(chosen[1], head.title or None, chosen[0], is_cut(chosen[1]))


def _vote(pages: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
    """The h1 that another witness supports, else the witness most like the others."""
    best: tuple[float, tuple[str, str]] | None = None
    for number, (source, text) in enumerate(pages):
        others = [t for n, (_, t) in enumerate(pages) if n != number]
        support = sum(fuzz.token_sort_ratio(text, other) >= SIMILAR for other in others)
        score = support + (1.5 if source == "h1" else 0) + (0.5 if source == "json-ld" else 0)
        score -= 2.0 if is_cut(text) else 0
        if best is None or score > best[0]:
            best = (score, (source, text))
    return best[1] if best else None
