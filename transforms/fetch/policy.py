"""How requests are made: names, limits and manners, one frozen value for the whole room.

Bytes are counted after decompression; times are seconds. Defaults are those of the product's
configuration file, which is where a user changes them.
"""

import functools
from dataclasses import dataclass

PRODUCT = "crisiswire"


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """All that steers a request.

    `allow_hosts` names `host:port` pairs exempt from the public-address rule (tests, intranets);
    `ports` are ports allowed besides 80 and 443; `host_budget_s` is how long one run may spend
    on the queue of one host before the rest of it is deferred (0: no limit); `ca_file` is a
    bundle trusted besides the system's; `robots_cache` is a file of remembered robots.txt
    (see `transforms.fetch.memory`), `journal` a folder for what was answered in this run
    (see `transforms.fetch.answers`).
    """

    contact: str = ""
    version: str = "0.1.0"
    product: str = PRODUCT
    connect_s: float = 5.0
    first_byte_s: float = 10.0
    total_s: float = 20.0
    feed_max_bytes: int = 10_000_000
    article_max_bytes: int = 5_000_000
    robots_max_bytes: int = 512_000
    redirects: int = 5
    delay_s: float = 1.0
    max_crawl_delay_s: float = 60.0
    host_budget_s: float = 900.0
    retry_after_5xx_s: float = 5.0
    allow_hosts: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    robots: bool = True
    slots: int = 32
    queue: int = 8192
    shards: int = 64
    proxy: str | None = None
    ca_file: str | None = None
    robots_cache: str | None = None
    journal: str | None = None

    @property
    def user_agent(self) -> str:
        """`product/version (+contact)`, without the bracket while no contact is set."""
        name = f"{self.product}/{self.version}"
        contact = "".join(c for c in self.contact if c.isprintable() and ord(c) < 128).strip()
        return f"{name} (+{contact})" if contact else name

    def exempts(self, pair: str) -> bool:
        """Whether `allow_hosts` names this `host:port` (host in lower case)."""
        return pair in _exempt(self.allow_hosts)


@functools.lru_cache(maxsize=16)
def _exempt(allow_hosts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(pair.strip().lower() for pair in allow_hosts)
