"""The one redirect that pages make in markup: `<meta http-equiv="refresh">`.

Scripts are never run; a refresh inside noscript, script, style or a comment is not followed,
nor one that a reader would have time to read past.
"""

import html
import re

_SCANNED = 64 * 1024
_MAX_DELAY_S = 5
_HIDDEN = re.compile(
    rb"<!--.*?-->|<(noscript|script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE
)
_META = re.compile(rb"<meta\s[^>]{0,2000}>", re.IGNORECASE)
_EQUIV = re.compile(rb"""http-equiv\s*=\s*["']?\s*refresh\b""", re.IGNORECASE)
_CONTENT = re.compile(rb"""\bcontent\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""", re.IGNORECASE)
_TARGET = re.compile(
    r"\s*(\d{1,4})(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?(.+)", re.IGNORECASE | re.DOTALL
)


def refresh_target(body: bytes) -> str:
    """The URL that the page sends its reader on to within 5 s; '' for none."""
    head = body[:_SCANNED]
    if b"refresh" not in head.lower():
        return ""
    for meta in _META.findall(_HIDDEN.sub(b"", head)):
        content = _CONTENT.search(meta) if _EQUIV.search(meta) else None
        if content is None:
            continue
        value = html.unescape(content.group(1).decode("utf-8", "replace").strip("\"'"))
        found = _TARGET.fullmatch(value)
        if found and int(found.group(1)) <= _MAX_DELAY_S:
            return found.group(2).strip().strip("\"'").strip()
    return ""
