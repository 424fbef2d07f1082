"""Which network addresses are public, and names resolved to such addresses only.

The table is our own because `ipaddress.is_global` differs between Python versions and lets
multicast, NAT64, 6to4 and IPv4-compatible forms pass. One private address among a name's
answers refuses the name. IANA special-purpose registries (RFC 6890 and updates).
"""

import ipaddress
import socket
import threading
from collections.abc import Callable, Sequence
from typing import Any

from transforms.errors import ItemError
from transforms.outcomes import Reason

SockAddr = tuple[Any, ...]
Resolver = Callable[[str, int], Sequence[tuple[int, SockAddr]]]

_V4_REFUSED = tuple(
    ipaddress.IPv4Network(net)
    for net in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # Azure's host agent
        "169.254.0.0/16",  # link-local, cloud metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
)
_V6_GLOBAL = ipaddress.IPv6Network("2000::/3")
_V6_REFUSED = tuple(
    ipaddress.IPv6Network(net)
    for net in (
        "2001::/23",  # protocol assignments, Teredo, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
    )
)
_MAX_ADDRESSES = 4


def is_public(address: str) -> bool:
    """True when `address` (as getaddrinfo spells it) is a public unicast address."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.scope_id is not None:
            return False
        if ip.ipv4_mapped is None:
            return ip in _V6_GLOBAL and not any(ip in net for net in _V6_REFUSED)
        ip = ip.ipv4_mapped
    return not any(ip in net for net in _V4_REFUSED)


def system_resolver(host: str, port: int) -> Sequence[tuple[int, SockAddr]]:
    """The system's own answer: (family, socket address) pairs in its order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [(family, address) for family, _, _, _, address in found]


def literal(host: str, port: int) -> list[tuple[int, SockAddr]] | None:
    """The socket address of a host that is a plain IP address; None for names and odd spellings."""
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        return None
    if ip.version == 4:
        return [(socket.AF_INET, (str(ip), port))]
    return [(socket.AF_INET6, (str(ip), port, 0, 0))]


def vetted(
    host: str, port: int, *, exempt: bool, resolver: Resolver, limit_s: float
) -> list[tuple[int, SockAddr]]:
    """The addresses of `host` to connect to, resolved once and checked.

    `exempt` skips the check for hosts that the configuration names. Raises ItemError with
    dns_failed (no answer within `limit_s` seconds, or none at all) or refused_address (any of
    the answers is not public).
    """
    answers = literal(host, port) or _resolved(host, port, resolver, limit_s)
    if not answers:
        raise ItemError(Reason.DNS_FAILED, f"{host}: no address")
    if not exempt:
        for _, address in answers:
            if not is_public(str(address[0])):
                raise ItemError(Reason.REFUSED_ADDRESS, f"{host} is {address[0]}, not public")
    return list(dict.fromkeys(answers))[:_MAX_ADDRESSES]


def _resolved(
    host: str, port: int, resolver: Resolver, limit_s: float
) -> list[tuple[int, SockAddr]]:
    # getaddrinfo obeys no timeout, so it runs in a thread that may be left behind.
    answers: list[tuple[int, SockAddr]] = []
    failure: list[str] = []

    def ask() -> None:
        try:
            answers.extend(resolver(host, port))
        except (OSError, UnicodeError, ValueError) as error:
            failure.append(f"{type(error).__name__}: {error}")

    thread = threading.Thread(target=ask, name=f"resolve-{host}", daemon=True)
    thread.start()
    thread.join(limit_s)
    if thread.is_alive():
        raise ItemError(Reason.DNS_FAILED, f"{host}: no answer within {limit_s:g} s")
    if failure:
        raise ItemError(Reason.DNS_FAILED, f"{host}: {failure[0]}"[:200])
    return answers


def numeric(host: str, port: int) -> Sequence[tuple[int, SockAddr]]:
    """Like `system_resolver` for addresses in any numeric spelling; gaierror for names."""
    flags = socket.AI_NUMERICHOST
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    return [(family, address) for family, _, _, _, address in found]
