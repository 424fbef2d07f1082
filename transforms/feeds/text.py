"""Text of feed fields: safe for every encoder, plain where it must be plain, never too long."""

import html
import re

MAX_TITLE = 1_000
MAX_SUMMARY = 20_000
MAX_CONTENT = 500_000
MAX_NAME = 256
MAX_NAMES = 30
MAX_GUID = 1_000

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# What a browser would take for a tag or a comment; `a < b` and `<3` are text.
_TAG = re.compile(
    r"<(?:/?[A-Za-z][A-Za-z0-9:-]{0,30}(?:[\s/][^<>]{0,4000})?|!--.{0,4000}?--)>", re.S
)
_BREAK = re.compile(r"<(?:br|p|/p|div|/div|li|/li|tr|h[1-6]|/h[1-6])\b[^<>]{0,500}>", re.I)
_HIDDEN = re.compile(r"<(script|style)\b[^<>]*>.{0,100000}?</\1\s*>", re.I | re.S)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_SPACE = re.compile(r"\s+")


def safe(text: object, limit: int = MAX_CONTENT) -> str:
    """`text` as a string that every encoder takes, cut to `limit` code points; '' for non-strings.

    Surrogate pairs become their character, lone ones U+FFFD; control characters go.
    """
    if not isinstance(text, str):
        return ""
    cut = text[:limit]
    if _SURROGATE.search(cut):
        cut = cut.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _CONTROL.sub("", cut)


def line(text: object, limit: int = MAX_TITLE) -> str:
    """`text` as one safe line: white space collapsed."""
    return _SPACE.sub(" ", safe(text, limit * 4)).strip()[:limit]


def decode_once_more(text: str) -> str:
    """Entities that survived the parser (double-escaped), decoded if none is left afterwards."""
    if not _ENTITY.search(text):
        return text
    decoded = html.unescape(text)
    return text if _ENTITY.search(decoded) else decoded


def strip_tags(markup: str) -> str:
    """The words of an HTML fragment; blocks become spaces, entities stay as they are."""
    if "<" not in markup:
        return markup
    return _TAG.sub("", _BREAK.sub(" ", _HIDDEN.sub(" ", markup)))


def plain_title(title: object) -> str:
    """A title as plain text: tags stripped, entities decoded, one line."""
    raw = safe(title, MAX_TITLE * 8)
    return line(decode_once_more(strip_tags(raw)))


def plain_summary(markup: str) -> str:
    """The words of a summary on one line, for hashes and comparisons."""
    return _SPACE.sub(" ", html.unescape(strip_tags(markup))).strip()
