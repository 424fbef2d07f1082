"""The notation of lexicon entries, expanded to plain patterns.

`{a|b}` one of, with `?` after it perhaps none; `<name>` one of a named set; `word~` an English
verb in all its forms; `word+` an English noun with its plural; `*` after a word any ending of up to
eight letters; a leading `*` the tail of a compound. Nothing here knows categories or languages.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

MAX_FORMS = 4000
_WORD_BEFORE = re.compile(r"[^\W\d_]+$")
_DOUBLING = frozenset(
    re.findall(
        r"\w+",
        "stop ban cut hit plan slip step trap drop rob plot bar stun grab drag kidnap commit admit "
        "expel rebel quit set shut split wrap slam stab rig compel propel cancel pin rip swap ship "
        "strip tap zip chop dub occur refer",
    )
)
_VOWELS = "aeiou"

Sets = Mapping[str, Sequence[str]]


class NotationError(ValueError):
    """An entry that cannot be read; the message says why."""


def forms_of(entry: str, sets: Sets, irregular: Sets) -> list[str]:
    """All plain patterns of `entry`, in a fixed order, without repeats.

    `sets` are the expanded named sets, `irregular` the forms of irregular verbs and nouns.
    Raises NotationError for unknown sets, unbalanced signs or too many forms.
    """
    if _WORDS.fullmatch(entry):
        return [entry]
    reader = _Reader(" ".join(entry.split()), sets, irregular)
    forms = reader.sequence("")
    if reader.at < len(reader.entry):
        raise NotationError(f"{entry!r}: a closing sign without an opening one")
    together = "\n".join(("", *forms, ""))
    if "  " in together or " \n" in together or "\n " in together:
        forms = [" ".join(form.split()) for form in forms]
    if _SIGN.search(together) or not all(map(str.isalnum, [form[:1] for form in forms])):
        for form in forms:
            _check(entry, form)
    return list(dict.fromkeys(forms))


class _Reader:
    """Recursive descent over one entry."""

    def __init__(self, entry: str, sets: Sets, irregular: Sets) -> None:
        self.entry, self.sets, self.irregular = entry, sets, irregular
        self.at = 0

    def sequence(self, stops: str) -> list[str]:
        """Forms of what stands from here up to one of `stops` or the end."""
        forms = [""]
        while self.at < len(self.entry) and self.entry[self.at] not in stops + "}":
            char = self.entry[self.at]
            self.at += 1
            if char == "{":
                forms = self._joined(forms, self._group())
            elif char == "<":
                forms = self._joined(forms, self._named())
            elif char in "~+":
                forms = [form for head in forms for form in self._inflected(head, char)]
            else:
                match = _RUN.match(self.entry, self.at - 1)
                run = match.group() if match else char
                self.at += len(run) - 1
                forms = [head + run for head in forms]
        return forms

    def _group(self) -> list[str]:
        choices: list[str] = []
        flat = _FLAT.match(self.entry, self.at)
        if flat is not None:
            self.at = flat.end()
            choices = flat[1].split("|")
            if "~" in flat[1] or "+" in flat[1]:
                choices = [form for choice in choices for form in self._flat(choice)]
        while flat is None:
            choices += self.sequence("|")
            if self.at >= len(self.entry):
                raise NotationError(f"{self.entry!r}: {{ is not closed")
            self.at += 1
            if self.entry[self.at - 1] == "}":
                break
        if self.entry[self.at : self.at + 1] == "?":
            self.at += 1
            choices.append("")
        return choices

    def _flat(self, text: str) -> list[str]:
        """Forms of a choice that holds no group and no set."""
        if "~" not in text and "+" not in text:
            return [text]
        forms = [""]
        for run, sign in _INFLECTED.findall(text):
            forms = [head + run for head in forms]
            if sign:
                forms = [form for head in forms for form in self._inflected(head, sign)]
        return forms

    def _named(self) -> Sequence[str]:
        end = self.entry.find(">", self.at)
        name = self.entry[self.at : end]
        if end < 0 or name not in self.sets:
            raise NotationError(f"<{name}> is not a set of this file")
        self.at = end + 1
        return self.sets[name]

    def _inflected(self, head: str, sign: str) -> list[str]:
        match = _WORD_BEFORE.search(head)
        if match is None:
            raise NotationError(f"{self.entry!r}: no word before {sign}")
        stem = head[: match.start()]
        return [stem + form for form in inflect(match.group(), sign, self.irregular)]

    def _joined(self, heads: list[str], tails: Sequence[str]) -> list[str]:
        if len(heads) * len(tails) > MAX_FORMS:
            raise NotationError(f"{self.entry!r} has over {MAX_FORMS} forms")
        return [head + tail for head in heads for tail in tails]


def inflect(word: str, sign: str, irregular: Mapping[str, Sequence[str]]) -> list[str]:
    """English forms of `word`: of a verb (`~`: four or five), of a noun (`+`: two)."""
    if word in irregular and (sign == "~" or len(irregular[word]) == 1):
        return [word, *irregular[word]]
    return [word, *_verb(word)] if sign == "~" else [word, _with_s(word)]


@lru_cache(maxsize=4096)
def _with_s(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return word[:-1] + "ies"
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    return word + "s"


@lru_cache(maxsize=4096)
def _verb(word: str) -> tuple[str, str, str]:
    third = _with_s(word)
    if word.endswith("e"):
        stem = word[:-1] if not word.endswith(("ee", "oe", "ye")) else word
        return third, word + "d", stem + "ing"
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return third, word[:-1] + "ied", word + "ing"
    double = word + word[-1] if word in _DOUBLING else word
    return third, double + "ed", double + "ing"


_WORD = r"[^\W_]+(?:[-'’.][^\W_]+)*"
_WORDS = re.compile(rf"{_WORD}(?: {_WORD})*\*?")
_FLAT = re.compile(r"([^{}<>?]*)\}")
_INFLECTED = re.compile(r"([^~+]*)([~+]?)")
_SIGN = re.compile(r"[{}<>|?~+*]")
_RUN = re.compile(r"[^{}|<>?~+]+")
_BAD = re.compile(r"[{}<>|?~+]|(?<![^\W_])\*(?!\Z)|\*[^\W_]|\*\*")
_LETTER = re.compile(r"[^\W_]")


def _check(entry: str, form: str) -> None:
    """Stars may end any word of `form` and begin the first; no other sign of the notation."""
    core = form.removeprefix("*")
    if _BAD.search(core) or not _LETTER.search(core):
        raise NotationError(f"{entry!r} is not a pattern: {form!r}")
