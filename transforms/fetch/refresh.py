"""The one redirect that pages make in markup: `<meta http-equiv="refresh">`.

Scripts are never run; a refresh inside noscript, script, style or a comment is not followed,
nor one that a reader would have time to read past.
"""

import re

from transforms.htmltags import tags

_SCANNED = 64 * 1024
_MAX_DELAY_S = 5
_TARGET = re.compile(
    r"\s*(\d{1,4})(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?(.+)", re.IGNORECASE | re.DOTALL
)


def refresh_target(body: bytes) -> str:
    """The URL that the page sends its reader on to within 5 s; '' for none."""
    head = body[:_SCANNED]
    if b"refresh" not in head.lower():
        return ""
    for tag in tags(head.decode("utf-8", "replace"), "meta"):
        if tag.attributes.get("http-equiv", "").strip().lower() != "refresh":
            continue
        found = _TARGET.fullmatch(tag.attributes.get("content", ""))
        if found and int(found[1]) <= _MAX_DELAY_S:
            return found[2].strip().strip("\"'").strip()
    return ""
