"""Links that aren't the article's own address: click counters that carry it, and opaque wrappers.

`unwrap` takes the true address out of the link itself; `is_opaque` tells the links of aggregators
that hold no address at all (their page is a script). Nothing is fetched here.
"""

import base64
import binascii
import re
from urllib.parse import parse_qs, urlsplit

from transforms.feeds.urlrules import RULES

_WRAPPERS: list[dict[str, str | list[str]]] = RULES["wrappers"]
_OPAQUE: list[dict[str, str]] = RULES["opaque"]
# An AMP cache keeps the page under its address: /c/s/host/path, `s` for https.
_AMP_CACHE = re.compile(r"^/(?:amp|[civ](?:/a)?)/(s/)?([^/]+\.[^/]+)(/.*)?$")
_PACKED_URL = re.compile(rb"https?://[\x21-\x7e]{4,2000}")
_AMP_HOSTS = ("www.google.com", "google.com")


def unwrap(link: str) -> str:
    """The address that a known redirector's link carries, or the link as it is."""
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").lower()
    except ValueError:
        return link
    if host.endswith(".ampproject.org") or host in _AMP_HOSTS:
        cached = _AMP_CACHE.match(parts.path)
        if cached:
            scheme = "https" if cached.group(1) else "http"
            tail = f"?{parts.query}" if parts.query else ""
            return f"{scheme}://{cached.group(2)}{cached.group(3) or '/'}{tail}"
    if host == "news.google.com":
        return _packed(parts.path) or link
    for rule in _WRAPPERS:
        if _host_matches(host, str(rule["host"])) and parts.path.startswith(str(rule["path"])):
            return _carried(parts.query, rule["params"]) or link
    return link


def is_opaque(link: str) -> bool:
    """True for an aggregator's link that names no article address (`unresolved_link`)."""
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").lower()
    except ValueError:
        return False
    return any(
        _host_matches(host, rule["host"]) and parts.path.startswith(rule["path"])
        for rule in _OPAQUE
    )


def _packed(path: str) -> str:
    """The address that older Google News links hold in base64; newer ones hold a key only."""
    token = path.rstrip("/").rsplit("/", 1)[-1]
    if not 20 <= len(token) <= 4000:
        return ""
    try:
        packed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return ""
    found = _PACKED_URL.search(packed)
    return found[0].decode("ascii") if found else ""


def _host_matches(host: str, pattern: str) -> bool:
    return host.endswith(pattern) if pattern.startswith(".") else host == pattern


def _carried(query: str, names: str | list[str]) -> str:
    try:
        values = parse_qs(query)
    except ValueError:
        return ""
    for name in names:
        for value in values.get(name, []):
            if value.lower().startswith(("http://", "https://")):
                return value
    return ""
