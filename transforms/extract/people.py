"""Who wrote a story: people only. Desks, houses, agencies, addresses and handles are left out.

What a field names is split into people, and each is freed of "By", of a place ("in Brussels"), of
brackets, roles and degrees. A name that remains must look like one: a capital or a script without
them, no figures, no word of data/not_people.yaml, not the site's own name.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import yaml
from lxml.html import HtmlElement

from transforms.clean.sitename import Site, is_name
from transforms.extract.byline import bylines
from transforms.extract.head import Head, squeeze
from transforms.extract.linkeddata import Story

MAX_AUTHORS = 12
MAX_FIELD = 400
MAX_NAME, MAX_WORDS = 60, 6
MAX_ACRONYM = 5
_META = ("author", "article:author", "dc.creator", "byl", "parsely-author", "sailthru.author")
_WORDS = yaml.safe_load((Path(__file__).parent / "data" / "not_people.yaml").read_text("utf-8"))
_NO_PERSON, _ROLE, _DEGREE, _BEAT = (
    frozenset(_WORDS[kind]) for kind in ("whole", "role", "degree", "beat")
)
# Degrees, without what tells father from son.
_KINLESS = _DEGREE - {"jr", "sr", "ii", "iii", "iv"}
_DOMAIN = re.compile(r"https?:|www\.|\b[\w-]{2,}\.(?:com|org|net|info|[a-z]{2})(?:/|\s|\)|$)")
_PREFIX = re.compile(
    r"^\W*(?:(?:(?:written|posted|published|reporting|story|writing|contributed|posts|text|words|recipe|article|interview|report"
    r"|artikel|bericht|veröffentlicht|eingestellt|erstellt|geschrieben|verfasst|publicado|escrito|publié"
    r"|écrit|scritto|pubblicato)(?:\s+and\s+[a-z]+)?\s*)?(?:by|von|vom|par|por|door)"
    r"|autor(?:in|es)?|author|text|interview|автор|作者|文|記者|记者)(?=[\W_])[:：\s]*",
    re.IGNORECASE,
)
_AND_ALSO = re.compile(r"^(?:and|und|&)\s+", re.IGNORECASE)
_CONTACT = re.compile(r"\S+@\S+|(?<!\S)@\w+")
_BEHIND = re.compile(r"\s*\|.*|\s+[-–—]\s.*|(?:^|\s+)special\s+(?:to|for)\s.*", re.IGNORECASE)
# Short words that also begin names: only before a first and a last name.
_SHORT_PREFIX = re.compile(r"^(?:da|di|av|af|od|de)\s+(?=\S+\s+\S+$)")
_BRACKETS = re.compile(r"\s*[(\[（][^)\]）]*[)\]）]?")
_PLACE = re.compile(
    r"^(?P<who>\S+(?:\s\S+)+?),?\s+(?:reporting\s+)?(?:in|from|aus|à|a|en|w|в|i|at|for)\s+(?:the\s+)?"
    r"(?=[^\W\d_])(?-i:[A-ZÀ-ÞА-Я]).*$",
    re.IGNORECASE,
)
_APLACE = re.compile(r"^(?:in|from|aus|à|a|en|w|в|at|for)\s", re.IGNORECASE)
_PARTS = re.compile(r"\s*[;•·/]\s*|、|，")
_COMMAS = re.compile(r"\s*,\s*")
_AND = re.compile(
    r"\s+(?:and|und|et|y|e|en|og|och|ja|és|ve|dan|и|та|i|&|with|mit|avec|con)\s+", re.IGNORECASE
)
_FIRST_LETTER = re.compile(r"[^\W\d_]")


def authors(
    story: Story, head: Head, feed: Sequence[str], site: Site, tree: HtmlElement | None = None
) -> list[str]:
    """The people named by JSON-LD, else by the feed, else by a meta tag, else by the byline."""
    tagged = [head.lists[name] for name in _META if name in head.lists]
    for witness in (story.authors, feed, *tagged):
        if names := people_in(witness, site):
            return names
    return people_in(bylines(tree), site, strict=True) if tree is not None else []


def people_in(values: Iterable[str], site: Site, strict: bool = False) -> list[str]:
    """The people that the values name, each once, in order; `strict` asks for two words."""
    found: dict[str, str] = {}
    for value in values:
        for name in _names(value):
            if _is_person(name, site, strict):
                found.setdefault(name.casefold(), name)
    return [name for key, name in found.items() if not _longer(key, found)][:MAX_AUTHORS]


def _longer(key: str, found: Iterable[str]) -> bool:
    """Whether it is another's name with more around it."""
    return any(
        key != other and (key.startswith(f"{other} ") or key.endswith(f" {other}"))
        for other in found
        if " " in other
    )


def _names(value: str) -> Iterator[str]:
    if _DOMAIN.search(value) and "@" not in value:
        return
    for line in value[:MAX_FIELD].splitlines():
        text = _BEHIND.sub("", _PREFIX.sub("", _BRACKETS.sub(" ", squeeze(line))))
        for part in _PARTS.split(_CONTACT.sub(" ", text)):
            for piece in _pieces(part):
                yield from map(_freed, _people_of(piece))


def _pieces(part: str) -> list[str]:
    """`part` at its commas; a single word behind a full name is a place or a house."""
    pieces = [piece for piece in map(str.strip, _COMMAS.split(part)) if piece]
    single = [piece for piece in pieces if " " not in piece]
    if len(pieces) == 2 == len(single) and not any(_word(p) in _DEGREE for p in pieces):
        return [f"{pieces[1]} {pieces[0]}"]
    return [p for p in pieces if p not in single] if len(single) < len(pieces) else pieces


def _people_of(piece: str) -> list[str]:
    """`piece` parted at its "and"s; "Ortega y Gasset" is one person, "and agencies" is none."""
    parts = _AND.split(_AND_ALSO.sub("", piece))
    if len(parts) == 2 and " " in parts[0] and " " not in parts[1]:
        return parts[:1] if _word(parts[1]) in _NO_PERSON else [piece]
    return parts


def _freed(name: str) -> str:
    name = _PREFIX.sub("", name.strip())
    name = _SHORT_PREFIX.sub("", name)
    if _APLACE.match(name):
        return ""
    placed = _PLACE.match(name)
    words = _without_role((placed["who"] if placed else name).split())
    while len(words) > 1 and _clings(words):
        words.pop()
    return " ".join(words).strip(" ,.:-–—*\"'“”")


def _clings(words: Sequence[str]) -> bool:
    """Whether the last word is a degree, or an agency's letters behind a full name."""
    last = _word(words[-1])
    degree = last in _KINLESS or last.replace(".", "") in _KINLESS
    agency = len(words) > 2 and words[-1].isupper() and last in _NO_PERSON
    return degree or (agency and not words[0].isupper())


def _without_role(words: list[str]) -> list[str]:
    """A name of two or three words without the office before or behind it ("Senior Reporter")."""
    plain = [_word(word) for word in words]
    start, end = 0, len(words)
    if plain and plain[-1] in _ROLE:
        end -= 1
        while end > 2 and plain[end - 1] in _BEAT:
            end -= 1
        named = end < len(words) - 1
    else:
        while start < end - 2 and (plain[start] in _BEAT or plain[start].split("-")[-1] in _ROLE):
            start += 1
        named = any(word.split("-")[-1] in _ROLE for word in plain[:start])
    named = named and end - start in (2, 3) and _BEAT.isdisjoint(plain[start:end])
    return words[start:end] if named else words


def _word(word: str) -> str:
    return word.casefold().strip(".,:")


def _is_person(name: str, site: Site, strict: bool) -> bool:
    words = name.split()
    plain = [_word(word) for word in words]
    if (
        not words
        or len(words) > MAX_WORDS
        or len(name) > MAX_NAME
        or _DOMAIN.search(name)
        or "@" in name
    ):
        return False
    if any(char.isdigit() or char == ":" for char in name) or is_name(name, site):
        return False
    if plain[0] in {"the", "our", "ask"} or any(word in _NO_PERSON | _ROLE for word in plain):
        return False
    return _looks_like_one(words, strict)


def _looks_like_one(words: list[str], strict: bool) -> bool:
    first, last = _FIRST_LETTER.search(words[0]), _FIRST_LETTER.search(words[-1])
    if first is None or last is None or (len(words) == 1 and _word(words[0]) in _DEGREE):
        return False
    if not first.group().isupper() and not first.group().islower():
        return True
    if len(words) == 1:
        acronym = words[0].isupper() and len(words[0]) <= MAX_ACRONYM
        return not (strict or acronym or words[0].islower() or "." in words[0])
    return not strict or (first.group().isupper() and last.group().isupper())
