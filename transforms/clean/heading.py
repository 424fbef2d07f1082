"""Which heading of a page is the story's, and what of it is the headline.

A heading that the head knows goes before a lone one. Where the address, or all of the head, or the
part set apart as a label speak against a heading's wording, the head's is taken.
"""

import re
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from transforms.clean.sitename import SEPARATOR, Site, is_name, strip_site, words
from transforms.clean.slug import spelled
from transforms.clean.witness import LIKE, PART, SAYING, WHOLE, Said, plain, support, within
from transforms.clean.words import size
from transforms.extract.datetext import Locale, written_days
from transforms.extract.head import Heading

_WORD = re.compile(r"\w+")
_YEAR = re.compile(r"(?:19|20)\d\d")
SHORT = 6
MAX_DAY = 5
# How many words an address must spell to be a title's, and how few of a heading's that is another.
SPELLED, REWORDED = 4, 0.6


def heading_title(
    outline: Sequence[Heading], said: Sequence[Said], site: Site, slug: AbstractSet[str]
) -> tuple[str, str] | None:
    """(h1 to h3 or the witness whose wording is better, the headline); None without a heading."""
    shown = [h._replace(text=strip_site(plain(h.text), site)) for h in outline if not h.framed]
    shown = [h for h in shown if words(h.text) and not is_name(h.text, site)]
    if shared := _shared(shown, said):
        return "h2", _without_kicker(shared, said)
    best = _story_heading(shown, outline, said, site, slug)
    if best is None:
        return None
    told = _agreed(best, said) or _addressed(best, said, slug)
    return told or (f"h{best.level}", _without_kicker(best, said))


def _story_heading(
    shown: Sequence[Heading],
    outline: Sequence[Heading],
    said: Sequence[Said],
    site: Site,
    slug: AbstractSet[str],
) -> Heading | None:
    """The h1 that the head knows, else the heading that most speaks for itself."""
    tops = [h for h in shown if h.level == 1]
    best = max(tops, key=lambda h: support(h.text, said), default=None)
    if best is not None and support(best.text, said):
        return best
    return (
        _spelt(tops, slug)
        or _below(shown, said, bool(tops))
        or _known(outline, said, site)
        or _alone(tops)
        or _first(shown, said)
        or (None if said else best)
    )


def _spelt(tops: Sequence[Heading], slug: AbstractSet[str]) -> Heading | None:
    """The h1 that is all that the page's address spells, however short it is."""
    return next((h for h in tops if slug and frozenset(words(h.text)) == slug), None)


def _known(outline: Sequence[Heading], said: Sequence[Said], site: Site) -> Heading | None:
    """The h1 that the head gives word for word, though it is no part of what shows."""
    for heading in outline:
        text = strip_site(plain(heading.text), site)
        known = size(text) >= SAYING and support(text, said) == WHOLE
        if heading.level == 1 and known and not is_name(text, site):
            return heading._replace(text=text)
    return None


def _below(shown: Sequence[Heading], said: Sequence[Said], topped: bool) -> Heading | None:
    """The first h2 or h3 that the head gives word for word, where an h1 is the frame's."""
    for heading in shown:
        speaks = not topped or size(heading.text) >= SAYING
        if heading.level > 1 and speaks and support(heading.text, said) >= PART:
            return heading
    return None


def _shared(shown: Sequence[Heading], said: Sequence[Said]) -> Heading | None:
    """The h2 at the top that is og:title word for word: an h1 beside it is worded for searching."""
    told = next((one.words for one in said if one.source == "og:title"), ())
    top = shown[:2]
    if len(told) < SPELLED or any(h.level == 1 and tuple(words(h.text)) == told for h in top):
        return None
    said_so = (h for h in top if h.level == 2 and told in (tuple(words(h.text)), _last(h)))
    return next(said_so, None)


def _last(heading: Heading) -> tuple[str, ...]:
    """The words of the last of a heading's parts."""
    return tuple(words(plain(heading.parts[-1]))) if heading.parts else ()


def _alone(tops: Sequence[Heading]) -> Heading | None:
    """The h1 that nothing supports, when it says more than a day and no other could be meant."""
    if not tops or size(tops[0].text) < SAYING or (len(tops) > 1 and not tops[0].inside):
        return None
    dated = next(written_days(tops[0].text, Locale()), None)
    return None if dated and not dated.label and size(tops[0].text) <= MAX_DAY else tops[0]


def _first(shown: Sequence[Heading], said: Sequence[Said]) -> Heading | None:
    """The first heading, where a short `<title>` is all that speaks: that of every page, mostly."""
    if any(one.source != "title" or size(one.text) > SHORT for one in said):
        return None
    return next((h for h in shown if size(h.text) > 1), None)


def _agreed(heading: Heading, said: Sequence[Said]) -> tuple[str, str] | None:
    """What JSON-LD, og:title and `<title>` all say, when the heading is a part of it."""
    told = {one.source: one.words for one in said}
    own, whole = tuple(words(heading.text)), told.get("json-ld", ())
    if not all(told.get(source) == whole for source in ("og:title", "title")):
        return None
    if own == whole or not within(own, whole):
        return None
    return "json-ld", next(one.text for one in said if one.source == "json-ld")


def _addressed(
    heading: Heading, said: Sequence[Said], slug: AbstractSet[str]
) -> tuple[str, str] | None:
    """What two of the head say and the address spells out, where the heading is worded anew.

    An address is made of the title on the first day; a heading follows the news of the hour.
    """
    if support(heading.text, said) > LIKE or spelled(words(heading.text), slug) > REWORDED:
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
    if ending := _ending(heading, said):
        return ending
    last = _last(heading)
    for part in map(plain, reversed(heading.parts)):
        its = tuple(words(part))
        begins = its == last and any(one[: len(its)] == its for one in whole)
        if len(its) >= SAYING and (begins or its in whole):
            return part
    spelled = (one.text for one in said if heading.parts and one.words == own)
    return next(spelled, heading.text)


def _ending(heading: Heading, said: Sequence[Said]) -> str:
    """The end of a heading that two witnesses give as the title, behind a label or a date.

    Nothing where a witness says all of the heading.
    """
    own = tuple(words(heading.text))
    if any(within(own, one.words) for one in said):
        return ""
    told = Counter(tuple(words(SEPARATOR.split(one.text, maxsplit=1)[0])) for one in said)
    for part, times in told.items():
        front = own[: -len(part)]
        apart = part == _last(heading) or any(map(_YEAR.fullmatch, front))
        if times > 1 and len(part) > 1 and apart and own[len(front) :] == part:
            return _behind(heading.text, part)
    return ""


def _behind(text: str, part: tuple[str, ...]) -> str:
    """The end of `text` that is made of the words of `part`."""
    ends = (text[word.start() :] for word in _WORD.finditer(text))
    return next((end for end in ends if tuple(words(end)) == part), "")
