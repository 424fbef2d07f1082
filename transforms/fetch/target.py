"""An address parsed once, and refused for its form: scheme, user info, spelling, port.

Where it leads to is not decided here but by the addresses its name resolves to (`address`).
RFC 3986 for the parts; UTS 46 for names in other scripts.
"""

import ipaddress
import re
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

import idna

from transforms.errors import ItemError
from transforms.fetch.policy import FetchPolicy
from transforms.outcomes import Reason

MAX_URL = 8192
DEFAULT_PORTS = {"http": 80, "https": 443}
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?")
_SAFE = "!#$%&'()*+,/:;=?@[]~"  # what a URL may hold unescaped, '%' included


class Target(NamedTuple):
    """Where a request goes: `url` is the whole thing in ASCII, `path` includes the query."""

    url: str
    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """Scheme, host and port: what one robots.txt speaks for."""
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """The value of the Host header: the port only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if DEFAULT_PORTS[self.scheme] == self.port else f"{host}:{self.port}"

    @property
    def pair(self) -> str:
        """`host:port` as `allow_hosts` spells it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def parse_target(url: str, policy: FetchPolicy) -> Target:
    """Parse `url`; raise ItemError(refused_url) for any form that is not plainly http(s)."""
    url = url.strip()
    if len(url) > MAX_URL:
        raise ItemError(Reason.REFUSED_URL, f"URL of {len(url)} characters")
    if _FORBIDDEN.search(url):
        raise ItemError(Reason.REFUSED_URL, "control character, space or backslash in the URL")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ItemError(Reason.REFUSED_URL, str(error)) from error
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS:
        raise ItemError(Reason.REFUSED_URL, f"scheme '{scheme[:20]}' is not http or https")
    if "@" in parts.netloc:
        raise ItemError(Reason.REFUSED_URL, "user information in the URL")
    host = ascii_host(parts.hostname or "")
    path = quote(parts.path or "/", safe=_SAFE)
    if parts.query:
        path += "?" + quote(parts.query, safe=_SAFE)
    target = Target("", scheme, host, DEFAULT_PORTS[scheme] if port is None else port, path)
    target = target._replace(url=target.origin + path)
    _check_port(target, policy)
    return target


def ascii_host(host: str) -> str:
    """The host in lower-case ASCII without a trailing dot; IPv6 without brackets.

    Raises ItemError(refused_url) for zone ids and for what no host name can be.
    """
    if ":" in host:
        return _ipv6(host)
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except UnicodeError as error:
            raise ItemError(Reason.REFUSED_URL, f"host name: {error}"[:200]) from error
    host = host.lower().removesuffix(".")
    if not _HOST.fullmatch(host) or ".." in host:
        raise ItemError(Reason.REFUSED_URL, f"'{host[:80]}' is not a host name")
    return host


def _ipv6(host: str) -> str:
    if "%" in host:
        raise ItemError(Reason.REFUSED_URL, "IPv6 address with a zone id")
    try:
        return str(ipaddress.IPv6Address(host))
    except ValueError as error:
        raise ItemError(Reason.REFUSED_URL, str(error)[:200]) from error


def _check_port(target: Target, policy: FetchPolicy) -> None:
    if target.port in (80, 443) or target.port in policy.ports:
        return
    if policy.exempts(target.pair):
        return
    raise ItemError(Reason.REFUSED_URL, f"port {target.port} is not allowed")


def redirect_url(base: str, location: str) -> str:
    """The absolute URL that a Location header or a meta refresh names.

    Header bytes arrive as Latin-1 text; those beyond ASCII, and spaces, are percent-encoded as
    browsers do. Raises ItemError(refused_redirect) when nothing can be made of it.
    """
    text = location.strip()
    try:
        raw = text.encode("latin-1")
    except UnicodeEncodeError:
        raw = text.encode("utf-8", "replace")
    try:
        return urljoin(base, quote(raw, safe=_SAFE + "\\"))
    except ValueError as error:
        raise ItemError(Reason.REFUSED_REDIRECT, f"Location: {error}"[:200]) from error


def host_key(url: str) -> str:
    """The host of a URL as its queue is named; '' for what is no URL."""
    try:
        return ascii_host(urlsplit(url.strip()).hostname or "")
    except (ValueError, ItemError):
        return ""
