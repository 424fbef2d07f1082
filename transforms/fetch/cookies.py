"""Cookies within one chain of redirects: sites that set one and send the reader round again.

Nothing is kept beyond the chain, and nothing is sent to another host than the one that set it.
"""

import re

Cookies = tuple[tuple[str, str, str], ...]  # host, name, value

_MAX_COOKIES = 20
_MAX_LENGTH = 4096
_PAIR = re.compile(r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]{1,100})=([^;\x00-\x1f\x7f-\U0010ffff]*)")


def gathered(known: Cookies, host: str, headers: tuple[tuple[str, str], ...]) -> Cookies:
    """`known` and what the Set-Cookie headers of an answer from `host` add or replace."""
    jar = {(owner, name): value for owner, name, value in known}
    for key, line in headers:
        found = _PAIR.match(line) if key == "set-cookie" and len(line) <= _MAX_LENGTH else None
        if found:
            jar[host, found.group(1)] = found.group(2).strip()
    return tuple((owner, name, value) for (owner, name), value in jar.items())[-_MAX_COOKIES:]


def cookie_header(cookies: Cookies, host: str) -> str:
    """The Cookie header for a request to `host`; '' for none."""
    return "; ".join(f"{name}={value}" for owner, name, value in cookies if owner == host)
