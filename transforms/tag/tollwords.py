"""The expressions of a language for dead and injured, compiled from data/casualties.yaml."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from transforms.tag.normalise import fold
from transforms.tag.numberwords import NumberWords, either, number_words
from transforms.tag.yamlfile import YamlFile, load_yaml

CASUALTIES = Path(__file__).parent / "data" / "casualties.yaml"
_DIGITS = r"\d{1,3}(?:[.,' \u00a0]\d{3})+|\d+"
_JOINING = r"(?:and|when|und|et|y|e|и|та|ve|و)\s"
_WORD = re.compile(r"\w+")
_NUMBERS, _JOIN, _BEFORE = "numbers", "join", "join_before"


class Words(NamedTuple):
    """One language's expressions, compiled; `starts`: where a number may begin."""

    numbers: NumberWords
    starts: re.Pattern[str]
    patterns: Sequence["Expression"]
    none: Sequence["Expression"]
    coordinated: re.Pattern[str] | None


class Expression(NamedTuple):
    """A pattern (groups `about`, `n`, `w`) that holds only where one of `needs` stands.

    `leads`: it begins with the number. Compiled when first looked for: such long ones take time.
    """

    kind: str
    text: str
    needs: Sequence[str]
    leads: bool = False

    @property
    def pattern(self) -> re.Pattern[str]:
        """The pattern, compiled."""
        return _compiled(self.text)

    def may_hold(self, sentence: str) -> bool:
        """Whether a search is worth its time."""
        for need in self.needs:  # noqa: SIM110  half the time of any()
            if need in sentence:
                return True
        return False

    def matches(self, sentence: str, starts: Sequence[int]) -> Iterator[re.Match[str]]:
        """All that don't overlap, from left; `starts`: where numbers may begin."""
        if not self.leads:
            yield from self.pattern.finditer(sentence)
            return
        end, pattern = 0, self.pattern
        for start in starts:
            match = pattern.match(sentence, start) if start >= end else None
            if match is not None:
                yield match
                end = match.end()


@cache
def _compiled(text: str) -> re.Pattern[str]:
    return re.compile(text)


@lru_cache(maxsize=1)
def _file() -> YamlFile:
    return load_yaml(CASUALTIES)


@lru_cache(maxsize=32)
def words_of(language: str) -> Words | None:
    """The expressions of `language`, or None where the data file has none."""
    file = _file()
    sections = file.mapping(file.root, "casualties")
    if language not in sections:
        return None
    section = file.mapping(sections[language], language)
    lists = {
        key: [fold(text) for text, _ in file.items(value)]
        for key, value in section.items()
        if key not in (_NUMBERS, _JOIN, _BEFORE)
    }
    values = {}
    if _NUMBERS in section:
        for text, line in file.items(section[_NUMBERS]):
            values.update(_number_word(file, fold(text), line))
    join = section.get(_JOIN) or section.get(_BEFORE)
    joiners = [fold(text) for text, _ in file.items(join)] if join is not None else []
    numbers = number_words(values, joiners, _BEFORE in section)
    spaced = language not in ("zh", "ja", "th")
    patterns = _patterns(numbers, lists, spaced)
    starts = _starts(numbers, lists, spaced)
    return Words(numbers, starts, patterns, _nones(lists), _coordinated(lists))


def _starts(
    numbers: NumberWords, lists: Mapping[str, Sequence[str]], spaced: bool
) -> re.Pattern[str]:
    """Where a number, or words like "at least" before one, may begin."""
    if not spaced:
        return re.compile("")
    texts = [*numbers.values, *lists.get("least", ()), *lists.get("most", ())]
    by_letter: dict[str, list[str]] = {}
    for head in sorted({word for text in texts for word in _WORD.findall(text)[:1]}):
        by_letter.setdefault(head[0], []).append(re.escape(head[1:]))
    heads = "|".join(f"{letter}(?:{'|'.join(rest)})" for letter, rest in by_letter.items())
    endings = rf"|\w*(?:{either(numbers.endings)})" if numbers.endings else ""
    return re.compile(rf"\b(?:(?:{heads}{endings})(?!\w)|\d)")


def starts_of(sentence: str, words: Words) -> list[int]:
    """Where a number, or words like "at least" before one, may begin in `sentence`."""
    return [match.start() for match in words.starts.finditer(sentence)]


def _number_word(file: YamlFile, text: str, line: int) -> dict[str, tuple[int, int]]:
    word, _, value = text.rpartition(" ")
    match = re.fullmatch(r"(\d+)(?:-(\d+))?", value)
    if not word or match is None:
        raise file.error(line, f"{text!r} must be a word and a number or a range")
    low = int(match.group(1))
    return {word: (low, int(match.group(2) or low))}


def _patterns(
    numbers: NumberWords, lists: Mapping[str, Sequence[str]], spaced: bool
) -> list[Expression]:
    edge = r"(?<!\w)" if spaced else ""
    close = r"(?!\w)" if spaced else ""
    about = either([*lists.get("least", ()), *lists.get("most", ())])
    head = rf"(?P<about>(?:{about})\s*)?" if about else "(?P<about>)?"
    number = rf"{edge}{head}(?P<n>{_DIGITS}|(?:{numbers.pattern}){close})"
    gap = _gap(5, numbers.counts) if spaced else r"[^\d.,;]{0,9}?"
    short = _gap(3, numbers.counts) if spaced else r"[^\d.,;]{0,6}?"
    found = []
    for kind in ("dead", "injured"):
        after, before = lists.get(f"{kind}_after", ()), lists.get(f"{kind}_before", ())
        if after:
            text = rf"{number}\s*{gap}{edge}(?P<w>{either(after)}){close}"
            found.append(Expression(kind, text, _needs(after), True))
        if before:
            text = rf"{edge}(?P<w>{either(before)}){close}\s*{short}{number}"
            found.append(Expression(kind, text, _needs(before)))
    if lists.get("toll"):
        text = rf"{edge}(?P<w>{either(lists['toll'])}){close}\s*{_gap(9, numbers.counts)}{number}"
        found.append(Expression("dead", text, _needs(lists["toll"])))
    return found


def _needs(texts: Sequence[str]) -> list[str]:
    """The longest word of each of `texts`, without its star, and none that holds another one."""
    words = {max(text.replace("*", " ").split(), key=len) for text in texts}
    needs: list[str] = []
    for word in sorted(words, key=lambda word: (len(word), word)):
        if not any(need in word for need in needs):
            needs.append(word)
    return needs


def _gap(words: int, count: str) -> str:
    """A few words without numbers, and not begun by what joins a new clause."""
    return rf"(?!{_JOINING})(?:(?!(?:{count})(?!\w))[^\s\d.,;:!?()]+\s+){{0,{words}}}?"


def _nones(lists: Mapping[str, Sequence[str]]) -> list[Expression]:
    found = []
    for kind in ("dead", "injured"):
        texts = lists.get(f"no_{kind}", ())
        if texts:
            text = rf"(?<!\w)(?:{either(texts)})(?!\w)"
            found.append(Expression(kind, text, _needs(texts)))
    return found


def _coordinated(lists: Mapping[str, Sequence[str]]) -> re.Pattern[str] | None:
    victims = lists.get("victims", ())
    if not victims:
        return None
    return re.compile(rf"(?<!\w)(?P<n>\w+)\s+(?:\w+\s+)?(?:{either(victims)})(?!\w)")
