"""Canonical URLs: two addresses of one page become one string; nothing is fetched here.

The result is for comparing and for ids, never for fetching (`http` is folded to `https`, mobile and
AMP hosts to the main one). What is dropped stands in url_rules.yaml. Syntax: RFC 3986, section 6.
"""

import re
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

import tld

from transforms.feeds.redirectors import unwrap
from transforms.feeds.urlrules import RULES

_DROP = frozenset(RULES["drop"])
_DROP_PREFIX = tuple(RULES["drop_prefix"])
_DROP_VALUE = {name: frozenset(values) for name, values in RULES["drop_value"].items()}
_MOBILE = frozenset(RULES["mobile_labels"])
_INNER = frozenset(RULES["inner_labels"])
_INDEX = frozenset(RULES["index_names"])

_PORTS = {"http": 80, "https": 443}
_NOISE = re.compile(r"[\x00-\x20\x7f\u200b-\u200f\ufeff]+")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})?")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*", re.IGNORECASE)
_AMP_TAIL = re.compile(r"(?:/amp(?:\.html?)?|\.amp)$", re.IGNORECASE)
_SAFE_PATH = "/%:@!$&'()*+,;=~"
_SAFE_QUERY = _SAFE_PATH + "?[]|"
_MAX_ROUNDS = 50
_NO_HOST = re.compile(r"[\x00-\x20#%/:<>?@\\^|\x7f]")  # URL Standard, forbidden host code points


def host_of(url: str) -> str:
    """Lower-case host of a URL, with `:port` where it isn't the scheme's own; '' without one."""
    try:
        return _netloc(urlsplit(url.strip()))
    except ValueError:
        return ""


@lru_cache(maxsize=65536)
def site_of(host: str) -> str:
    """Registrable domain of a host (public suffix list); the host itself for IPs and bare names."""
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    name = host.partition(":")[0].rstrip(".").lower()
    return _registrable(name) or name


def canonical_url(url: str) -> str:
    """The one spelling of a page's address, for comparing; '' when it is no http(s) URL.

    Idempotent. The order of parameters doesn't matter, meaningful parameters are kept.
    """
    current = _NOISE.sub("", url)
    for _ in range(_MAX_ROUNDS):
        folded = _fold(current)
        if folded == current:
            break
        current = folded
    return current


def feed_key(url: str) -> str:
    """The spelling by which two addresses are one feed; '' when it is no http(s) URL.

    Scheme, `www.`, default port, a closing slash, the order of parameters, the fragment and
    parameters that track a reader don't matter. Those that tell channels apart by their value
    (`rss=1`) do: of a feed they may choose the document.
    """
    try:
        parts = urlsplit(_NOISE.sub("", url))
        host = _netloc(parts).removeprefix("www.")
    except ValueError:
        return ""
    if parts.scheme.lower() not in _PORTS or not host:
        return ""
    path = "/" + "/".join(part for part in _escapes(parts.path, _SAFE_PATH).split("/") if part)
    query = "&".join(sorted(part for part in parts.query.split("&") if part and not _tracks(part)))
    return f"https://{host}{path}" + (f"?{_escapes(query, _SAFE_QUERY)}" if query else "")


def believed_canonical(page_url: str, claimed: str) -> str:
    """What a page says its address is (`rel=canonical`, og:url), absolute; '' if not believed.

    Believed on the same site only, and never when it says less than the page's own address does:
    a front page for an article, or the path without the parameter that names the article.
    """
    try:
        absolute = urljoin(page_url, _NOISE.sub("", claimed))
    except ValueError:
        return ""
    ours, theirs = canonical_url(page_url), canonical_url(absolute)
    if not ours or not theirs or not _same_site(host_of(ours), host_of(theirs)):
        return ""
    own, said = urlsplit(ours), urlsplit(theirs)
    if said.path == "/" and not said.query and (own.path != "/" or own.query):
        return ""
    if own.query and not said.query and own.path == said.path:
        return ""
    return absolute


def article_id(canonical: str) -> str:
    """128-bit id (32 hex digits) of a canonical URL."""
    return blake2b(canonical.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def url_hash(ident: str) -> int:
    """The first 8 bytes of an `article_id` as a signed 64-bit integer."""
    return int.from_bytes(bytes.fromhex(ident[:16]), "big", signed=True)


def _same_site(a: str, b: str) -> bool:
    name = a.partition(":")[0]
    return site_of(a) == site_of(b) if _registrable(name) else a == b


@lru_cache(maxsize=65536)
def _registrable(name: str) -> str:
    found = tld.get_fld(f"https://{name}", fail_silently=True, search_private=True)
    return "" if not found or tld.is_tld(found) else str(found)


def _netloc(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".").lower()
    if not host:
        return ""
    if ":" in host:
        host = f"[{host}]"
    elif not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
        # Compatibility forms hide blanks and signs: a thin space becomes a space here.
        if _NO_HOST.search(host):
            return ""
    port = parts.port
    if port is None or port == _PORTS.get(parts.scheme.lower()):
        return host
    return f"{host}:{port}"


def _fold(url: str) -> str:
    try:
        parts = urlsplit(unwrap(url))
        host = _main_host(_netloc(parts))
    except ValueError:
        return ""
    if parts.scheme.lower() not in _PORTS or not host:
        return ""
    query = _query(parts.query)
    route = parts.fragment.startswith(("!", "/"))
    fragment = f"#{_escapes(parts.fragment, _SAFE_QUERY)}" if route else ""
    return f"https://{host}{_path(parts.path)}" + (f"?{query}" if query else "") + fragment


def _main_host(host: str) -> str:
    name, colon, port = host.partition(":")
    if host.startswith("[") or not _registrable(name):
        return host
    labels = name.split(".")
    while labels[0] in _MOBILE and _registrable(".".join(labels[1:])):
        labels = labels[1:]
    own = _registrable(".".join(labels)).count(".") + 1
    front, site = labels[:-own], labels[-own:]
    kept = front[:1] + [label for label in front[1:] if label not in _INNER]
    return ".".join(kept + site) + (colon + port if port not in ("", "80") else "")


def _path(path: str) -> str:
    clean = _SESSION.sub("", _escapes(path, _SAFE_PATH))
    kept: list[str] = []
    for segment in clean.split("/"):
        if segment == "..":
            kept = kept[:-1]
        elif segment not in ("", "."):
            kept.append(segment)
    if kept and kept[-1].lower() in _INDEX:
        kept.pop()
    return _AMP_TAIL.sub("", "/" + "/".join(kept)) or "/"


def _query(query: str) -> str:
    kept = []
    for piece in query.split("&"):
        piece = _escapes(piece.removeprefix("amp;"), _SAFE_QUERY)
        name, _, value = piece.partition("=")
        if piece and not _meaningless(unquote(name).lower(), unquote(value).lower()):
            kept.append(piece)
    return "&".join(sorted(kept, key=lambda piece: piece.partition("=")[0]))


def _meaningless(name: str, value: str) -> bool:
    if name in _DROP or name.startswith(_DROP_PREFIX):
        return True
    return value in _DROP_VALUE.get(name, ())


def _tracks(piece: str) -> bool:
    name = unquote(piece.removeprefix("amp;").partition("=")[0]).lower()
    return name in _DROP or name.startswith(_DROP_PREFIX)


def _escapes(text: str, safe: str) -> str:
    return quote(_ESCAPE.sub(_one_escape, text), safe=safe, errors="replace")


def _one_escape(match: re.Match[str]) -> str:
    digits = match.group(1)
    if digits is None:
        return "%25"
    char = chr(int(digits, 16))
    return char if char in _UNRESERVED else f"%{digits.upper()}"
