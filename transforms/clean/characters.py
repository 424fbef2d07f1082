"""Characters: Unicode NFC, invisible and bidi controls, white space, mojibake where certain.

Zero-width joiners stay inside Arabic-script and Indic words and emoji, where they carry meaning
(Unicode Standard, 23.2); everywhere else they are noise that makes equal words differ. Every
function is idempotent. Mojibake is only repaired when the repair is lossless and leaves a text of
one script where there was a mix of marks (ftfy's heuristic decides).
"""

import re
import unicodedata

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
_BREAK_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u2010]\n(?=[^\W\d_])")
# Where a joiner is orthography: Arabic, Syriac, N'Ko, Mandaic, and the Brahmic blocks.
_JOINING = re.compile(
    "[\u0600-\u07ff\u0840-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u17ff\ufb50-\ufdff\ufe70-\ufefc]"
)
_EMOJI = re.compile("[\u200d\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]")
_SUSPECT = re.compile(
    "[\u00c2-\u00f0\u0102-\u0111\u0402-\u045f][\u0080-\u00bf\u0152-\u0178\u2018-\u203a\u20ac\u2122\u0402-\u045f]"
)


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


def mend(text: str) -> tuple[str, bool]:
    """(text, whether mojibake was repaired): UTF-8 that was once read as a one-byte charset."""
    if len(_SUSPECT.findall(text)) < 2:
        return text, False
    try:
        mended = ftfy.fix_encoding(text)
    except (UnicodeError, RecursionError):
        return text, False
    if mended == text or badness(mended) >= badness(text) or "\ufffd" in mended:
        return text, False
    return mended, True


def join_hyphens(text: str) -> str:
    """Words parted by a hyphen at the end of a line, put together again."""
    return _BREAK_HYPHEN.sub("", text)
