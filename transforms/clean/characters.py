"""Characters: Unicode NFC, invisible and bidi controls, white space, mojibake where certain.

Zero-width joiners stay inside Arabic-script and Indic words and emoji, where they carry meaning
(Unicode Standard, 23.2); everywhere else they are noise that makes equal words differ. Every
function is idempotent. Mojibake is only repaired when the repair is lossless and leaves a text of
one script where there was a mix of marks (ftfy's heuristic decides).
"""

import re
import unicodedata
from itertools import islice

import ftfy
from ftfy.badness import badness

# Soft hyphen, zero-width space, word joiner, BOM, bidi marks and isolates, tags, noncharacters.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ufffe\uffff\U000e0000-\U000e007f]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]|[\ud800-\udfff]")
_SPACES = re.compile(r"[^\S\n]+")
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_JOINER = re.compile("[\u200c\u200d]+")
_BREAK_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u2010]\n([^\W\d_])")
# Where a joiner is orthography: Arabic, Syriac, N'Ko, Mandaic, and the Brahmic blocks.
_JOINING = re.compile(
    "[\u0600-\u07ff\u0840-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u17ff\ufb50-\ufdff\ufe70-\ufefc]"
)
_EMOJI = re.compile("[\u200d\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]")
# UTF-8 read as Latin-1 or Windows-1252, then written as UTF-8: a lead byte's letter and as many
# letters of continuation bytes as it announces. On bytes, where a fixed first byte is found fast.
_CONTINUED = (
    rb"(?:\xc2[\x80-\xbf]|\xe2(?:\x80[\x93-\xba]|\x82\xac|\x84\xa2)"
    rb"|\xc5[\x92\x93\xa0\xa1\xb8\xbd\xbe]|\xcb[\x86\x9c]|\xc6\x92)"
)
_SUSPECT_LATIN = re.compile(
    rb"\xc3(?:[\x82-\x9e]%(c)s|[\xa0-\xaf]%(c)s{2}|[\xb0-\xb4]%(c)s{3})" % {b"c": _CONTINUED}
)
# UTF-8 Cyrillic read as Windows-1251: P or C in every other place.
_SUSPECT_CYRILLIC = re.compile(
    rb"\xd0[\xa0\xa1](?:\xc2[\xa0-\xbb]|\xd1[\x92-\x9f]|\xd0[\x82-\x8f]|\xd2[\x90\x91]"
    rb"|\xe2(?:\x80|\x82\xac|\x84[\x96\xa2]))"
)
# The same as Windows-1250.
_SUSPECT_CENTRAL = re.compile(
    rb"\xc4[\x82\xb9](?:\xc2[\x80-\xbf]|\xc5[\x80-\xbf]|\xc4[\x84-\xbe]|\xcb[\x87\x98-\x9d]|\xe2\x80)"
)
MIN_SUSPECTS = 2
MENDED = "mojibake_repaired"


def _joiner(match: re.Match[str]) -> str:
    text, start, end = match.string, match.start(), match.end()
    before, after = text[start - 1 : start], text[end : end + 1]
    joining = _JOINING.match(before) and _JOINING.match(after)
    emoji = "\u200d" in match.group() and _EMOJI.match(before) and _EMOJI.match(after)
    return match.group()[0] if joining or emoji else ""


def normalise(text: str) -> str:
    """NFC, no control or invisible characters, one kind of line end, no runs of blanks."""
    if text.isascii():
        text = _LINE_ENDS.sub("\n", text)
        return _trim_lines(_CONTROL.sub("", text))
    text = unicodedata.normalize("NFC", text)
    text = _INVISIBLE.sub("", _CONTROL.sub("", _LINE_ENDS.sub("\n", text)))
    if "\u200c" in text or "\u200d" in text:
        text = _JOINER.sub(_joiner, text)
    # Removing a mark between a base and its accent lets them compose.
    return _trim_lines(unicodedata.normalize("NFC", text))


def _trim_lines(text: str) -> str:
    return "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n")).strip()


def _suspicious(text: str) -> bool:
    raw = text.encode("utf-8", "surrogatepass")
    return any(
        next(islice(pattern.finditer(raw), MIN_SUSPECTS - 1, None), None) is not None
        for pattern in (_SUSPECT_LATIN, _SUSPECT_CYRILLIC, _SUSPECT_CENTRAL)
    )


def mend(text: str) -> tuple[str, bool]:
    """(text, whether mojibake was repaired): UTF-8 that was once read as a one-byte charset.

    Goes before `normalise` and before extractors, which both drop the control characters that half
    of the damaged letters consist of.
    """
    if text.isascii() or not _suspicious(text):
        return text, False
    try:
        mended = ftfy.fix_encoding(text)
    except (UnicodeError, RecursionError):
        return text, False
    if mended == text or badness(mended) >= badness(text):
        return text, False
    lossless = mended.count("\ufffd") <= text.count("\ufffd")
    return (mended, True) if lossless else (text, False)


def join_hyphens(text: str) -> str:
    """Words parted by a hyphen at the end of a line, put together again.

    Only before a small letter: a capital begins the next line's own sentence or name.
    """
    return _BREAK_HYPHEN.sub(lambda m: m[1] if m[1].islower() else m[0], text)
