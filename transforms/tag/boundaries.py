"""Word boundaries per script: what a pattern looks for, and whether a match of it is whole words.

Words are set off by blanks in a copy of the text that has the same length, and the boundary is
part of what is looked for; so most wrong matches never arise. Han, kana and Thai have no
boundaries; Arabic and Hebrew words may carry clitics before them; a stem may go on for some
letters, the tail of a compound may have some before it.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from transforms.tag.normalise import BETWEEN, IGNORED, CharMap, fold

STEM_LETTERS = 8
COMPOUND_LETTERS = 60  # before the tail of a compound; a bound for texts without blanks
_ARABIC_CLITICS = frozenset(
    re.findall(r"\S+", "و ف ب ل ك س ال وال بال فال لل كال ولل وب ول وس فب فل بو")
)
_HEBREW_CLITICS = frozenset(re.findall(r"\S+", "ו ה ב ל מ ש כ וה ומ וב ול שה מה בה"))


_LEFT_OPEN, _CLITIC, _HEBREW, _STEM, _RIGHT_OPEN = 1, 2, 4, 8, 16


def ends_whole(text: str, end: int, rest: str) -> int:
    """Where the words `rest` after a stem that ends at `end` end in turn; 0 where others follow."""
    match = _rest(rest).match(text, end + 1)
    return 0 if match is None else match.end() - 1


def head_of(rest: str) -> str:
    """The letters, after a blank, with which the words `rest` begin in any case."""
    return " " + _letters(rest.split(" ", 1)[0].rstrip("*")).strip()


@cache
def _rest(words: str) -> re.Pattern[str]:
    """What follows a stem inside a phrase: further words, stems among them."""
    plain = " ".join(
        _letters(word).strip() + word[-1:] * word.endswith("*") for word in words.split()
    )
    parts = [
        re.escape(word.rstrip("*")) + (rf"[^ ]{{0,{STEM_LETTERS}}}" if word.endswith("*") else "")
        for word in plain.split()
    ]
    return re.compile(" " + " ".join(parts) + "(?= )")


def _letters(words: str) -> str:
    """`words` as the scanned copy of a text spells them."""
    return blanked()(fold(words).replace(IGNORED, ""))


def sought(patterns: Sequence[str]) -> tuple[list[str], bytes, dict[int, str]]:
    """Of each pattern the letters to look for, with blanks at closed ends, and what `bounded` is to
    check of a match, 0 for nothing; by position the words after a stem inside a phrase."""
    bare, checks, rests = list(patterns), bytearray(len(patterns)), {}
    for at in [at for at, pattern in enumerate(bare) if "*" in pattern]:
        bare[at], checks[at], rest = _unstarred(bare[at])
        if rest:
            rests[at] = rest
    letters = _between_blanks(bare)
    for at in [at for at, sign in enumerate(letters) if not sign.isascii()]:
        checks[at] = _script_checks(letters[at][1], letters[at][-2], checks[at])
    for at in [at for at, check in enumerate(checks) if check]:
        core, check = letters[at][1:-1], checks[at]
        left = "" if check & (_LEFT_OPEN | _CLITIC | _HEBREW) else " "
        right = "" if check & (_STEM | _RIGHT_OPEN) else " "
        letters[at] = f"{left}{core}{right}"
    return letters, bytes(checks), rests


def _between_blanks(patterns: Sequence[str]) -> list[str]:
    """The letters of each of `patterns` with one blank before and one behind.

    Those in ASCII together, then the others: one long text costs far less than many short ones.
    """
    letters = [""] * len(patterns)
    plain = [at for at, pattern in enumerate(patterns) if pattern.isascii()]
    other = [at for at, pattern in enumerate(patterns) if not pattern.isascii()]
    for places, spelt, between in ((plain, _plain_letters, "\n"), (other, _letters, BETWEEN)):
        text = spelt(f" {between} ".join([patterns[at] for at in places]))
        for loose in (f"  {between}", f"{between}  "):
            while loose in text:
                text = text.replace(loose, loose.replace("  ", " "))
        for at, found in zip(places, f" {text.strip(' ')} ".split(between), strict=False):
            letters[at] = found
    return letters


def _plain_letters(lines: str) -> str:
    """`_letters` of lines in ASCII."""
    return lines.encode("ascii").translate(_PLAIN).decode("ascii")


def _unstarred(pattern: str) -> tuple[str, int, str]:
    """The pattern without stars, its checks, and the words after a stem inside it."""
    head, star, rest = pattern[1:].partition("* ")
    if rest:
        pattern = pattern[0] + head + star
    pattern = pattern.strip()
    check = (_STEM if pattern[-1] == "*" else 0) | (_LEFT_OPEN if pattern[0] == "*" else 0)
    return pattern.strip("*"), check, rest


def _script_checks(first: str, last: str, check: int) -> int:
    if _unspaced(first):
        check |= _LEFT_OPEN
    if _unspaced(last):
        check = (check | _RIGHT_OPEN) & ~_STEM
    if "\u0600" <= first <= "\u06ff" and not check & _LEFT_OPEN:
        check |= _CLITIC
    elif "\u0590" <= first <= "\u05ff" and not check & _LEFT_OPEN:
        check |= _HEBREW
    return check


def bounded(text: str, start: int, end: int, check: int) -> tuple[int, int] | None:
    """The span in the unpadded text, or None where the boundary is wrong."""
    if check & (_CLITIC | _HEBREW):
        if text[start - 1] != " ":
            word = text.rfind(" ", max(0, start - _CLITIC_LETTERS - 1), start) + 1
            clitics = _CLITIC_SETS[check & (_CLITIC | _HEBREW)]
            if not word or text[word:start] not in clitics:
                return None
        start -= 1
    elif check & _LEFT_OPEN:
        if not _unspaced(text[start]):
            start = text.rfind(" ", max(0, start - COMPOUND_LETTERS - 1), start) + 1
            if not start:
                return None
        start -= 1
    if check & _STEM:
        word_end = text.find(" ", end, end + STEM_LETTERS + 1)
        return (start, word_end - 1) if word_end >= 0 else None
    return (start, end - 1) if check & _RIGHT_OPEN else (start, end - 2)


_CLITIC_LETTERS = max(map(len, _ARABIC_CLITICS | _HEBREW_CLITICS))
_CLITIC_SETS = {_CLITIC: _ARABIC_CLITICS, _HEBREW: _HEBREW_CLITICS}


def _unspaced(char: str) -> bool:
    return char > "\u0dff" and (
        "\u2e80" <= char <= "\u9fff"
        or "\u0e00" <= char <= "\u0eff"
        or "\u1000" <= char <= "\u109f"
        or "\u1780" <= char <= "\u17ff"
        or "\U00020000" <= char <= "\U0003ffff"
    )


class _Blanks(dict[int, str]):
    """Letters, digits and marks stay; everything else becomes a blank."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kept = unicodedata.category(char)[0] in "LNM"
        kept_or_blank = self[code] = char if kept else " "
        return kept_or_blank


@cache
def blanked() -> CharMap:
    """The map that leaves letters, digits and marks and makes all else blanks."""
    return CharMap(_Blanks())


_PLAIN = bytes(  # of each ASCII character its letter or a blank; lines stay apart
    [ord("\n") if code == ord("\n") else ord(_letters(chr(code))) for code in range(128)]
) + bytes(128)
