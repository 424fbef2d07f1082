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
_NO_PERSON, _ROLE, _DEGREE = (frozenset(_WORDS[kind]) for kind in ("whole", "role", "degree"))
_DOMAIN = re.compile(r"https?:|www\.|\b[\w-]{2,}\.(?:com|org|net|info|[a-z]{2})(?:/|\s|\)|$)")
_PREFIX = re.compile(
    r"^\W*(?:(?:(?:written|posted|published|reporting|story|text|words|recipe|article|interview|report"
    r"|artikel|bericht|veröffentlicht|eingestellt|erstellt|geschrieben|verfasst|publicado|escrito|publié"
    r"|écrit|scritto|pubblicato)(?:\s+and\s+[a-z]+)?\s*)?(?:by|von|vom|par|por|door)"
    r"|autor(?:in|es)?|author|text|interview|автор|作者|文|記者|记者)(?=[\W_])[:：\s]*",
    re.IGNORECASE,
)
# Short words that also begin names: only before a first and a last name.
_SHORT_PREFIX = re.compile(r"^(?:da|di|av|af|od|de)\s+(?=\S+\s+\S+$)")
_BRACKETS = re.compile(r"\s*[(\[（][^)\]）]*[)\]）]?")
_PLACE = re.compile(
    r"^(?P<who>\S+(?:\s\S+)+?),?\s+(?:reporting\s+)?(?:in|from|aus|à|a|en|w|в|i|at|for)\s+(?:the\s+)?"
    r"(?=[^\W\d_])(?-i:[A-ZÀ-ÞА-Я]).*$",
    re.IGNORECASE,
)
_APLACE = re.compile(r"^(?:in|from|aus|à|a|en|w|в|at|for)\s", re.IGNORECASE)
_PARTS = re.compile(r"\s*[;\n•·]\s*|\s+/\s+|、|，")
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
    text = _BRACKETS.sub(" ", squeeze(value.split("|", 1)[0])[:MAX_FIELD])
    for part in _PARTS.split(_PREFIX.sub("", text)):
        pieces = [piece for piece in _COMMAS.split(part) if piece]
        if len(pieces) == 2 and not any(" " in p or _word(p) in _DEGREE for p in pieces):
            pieces = [f"{pieces[1]} {pieces[0]}"]
        for piece in pieces:
            yield from map(_freed, _people_of(piece))


def _people_of(piece: str) -> list[str]:
    """`piece` parted at its "and"s; "Ortega y Gasset" is one person."""
    parts = _AND.split(piece)
    if len(parts) == 2 and " " in parts[0] and " " not in parts[1]:
        return [piece]
    return parts


def _freed(name: str) -> str:
    name = _PREFIX.sub("", name.strip())
    name = _SHORT_PREFIX.sub("", name)
    if _APLACE.match(name):
        return ""
    placed = _PLACE.match(name)
    name = placed["who"] if placed else name
    words = name.split()
    while len(words) > 1 and _word(words[-1]) in _DEGREE - {"jr", "sr", "ii", "iii", "iv"}:
        words.pop()
    return " ".join(words).strip(" ,.:-–—*\"'“”")


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
