"""What is asked for: feeds, articles, robots.txt; and whether an answer is of that kind.

Type header and first bytes decide together: headers lie often, bytes rarely.
"""

import re
from dataclasses import dataclass

FEED = "feed"
ARTICLE = "article"
ROBOTS = "robots"

ACCEPT = {
    FEED: (
        "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
        "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
    ),
    ARTICLE: "text/html, application/xhtml+xml, application/xml;q=0.8, */*;q=0.5",
    ROBOTS: "text/plain, */*;q=0.5",
}

_MAGIC = (
    (b"%PDF-", "PDF"),
    (b"\x89PNG\r\n", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF8", "GIF image"),
    (b"RIFF", "RIFF container"),
    (b"PK\x03\x04", "ZIP archive"),
    (b"\x1f\x8b", "gzip data"),
    (b"ID3", "MP3 audio"),
    (b"OggS", "Ogg container"),
    (b"\x1aE\xdf\xa3", "Matroska video"),
    (b"\x7fELF", "program"),
    (b"\xd0\xcf\x11\xe0", "Office document"),
)
_MARKUP_TYPES = ("html", "xml", "text/plain")
_FEED_ROOT = re.compile(rb"<(?:\?xml[^>]{0,200}>\s*)?(?:rss|feed|rdf:RDF)[\s>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Request:
    """One thing to get. Validators are sent back exactly as they were received."""

    url: str
    kind: str
    cap: int
    etag: str = ""
    last_modified: str = ""

    @property
    def conditional(self) -> bool:
        """Whether the answer may be 304."""
        return bool(self.etag or self.last_modified)


def not_an_article(content_type: str, body: bytes) -> str:
    """Why an answer can't be an article page; '' when it can be."""
    head = _plain(body[:2048]).lstrip()
    if not head:
        return "empty body"
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if body[4:8] == b"ftyp":
        return "MP4 video"
    declared = content_type.split(";", 1)[0].strip().lower()
    if _FEED_ROOT.match(head):
        return "a feed"
    if b"<" in head:
        return ""
    if head[:1] in (b"{", b"["):
        return "JSON"
    if declared and not any(kind in declared for kind in _MARKUP_TYPES):
        return f"type {declared[:60]}, no markup"
    return "binary data" if b"\x00" in head else ""


def _plain(head: bytes) -> bytes:
    # UTF-16 with a byte order mark, made comparable to ASCII.
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head[2:].replace(b"\x00", b"")
    return head.removeprefix(b"\xef\xbb\xbf")
