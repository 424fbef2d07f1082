"""What robots.txt says, by RFC 9309: rules, no rules, or a host that must be left alone.

Parsing and matching are protego's; here are the answers to failures, the byte order mark that
hides a group from the parser, the clamp of Crawl-delay and the age of what is remembered.
"""

import math
import re
from dataclasses import dataclass, replace

from protego import Protego

from transforms.fetch.response import CUT, Response
from transforms.outcomes import Reason

DAY_MS = 86_400_000
KEEP_UNREACHABLE_MS = 30 * DAY_MS  # RFC 9309 section 2.3.1.4 lets a copy serve longer
MIN_EXPIRY_MS = 3_600_000
MAX_EXPIRY_MS = DAY_MS  # section 2.4

_NO_FILE = frozenset(
    {
        Reason.NOT_FOUND,
        Reason.GONE,
        Reason.BLOCKED,  # the other 4xx but 429
        Reason.WRONG_TYPE,  # 204: a file without content
        Reason.REDIRECT_LIMIT,
        Reason.REFUSED_REDIRECT,
        Reason.REFUSED_URL,
    }
)
_NO_HOST = frozenset(
    {
        Reason.DNS_FAILED,
        Reason.CONNECT_FAILED,
        Reason.TIMEOUT_CONNECT,
        Reason.TLS_FAILED,
        Reason.REFUSED_ADDRESS,
        Reason.DEFERRED,
    }
)
_MAX_AGE = re.compile(r"max-age\s*=\s*(\d{1,9})", re.IGNORECASE)
# Blanks, never line ends: a file of nothing but these would take hours.
_VERSIONED = re.compile(
    r"^([ \t]*user-?agent[ \t]*:[ \t]*[a-z_-]+)/\S*", re.IGNORECASE | re.MULTILINE
)
_SIGNAL = re.compile(
    r"^[ \t]*content-signal[ \t]*:[ \t]*([^#\r\n]{1,200})", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Rules:
    """What one origin allows. `word` is rules, no_rules or unreachable; times are UTC ms.

    `reason` and `detail` say why nothing may be fetched when unreachable; `delay_s` is the
    Crawl-delay asked for, unclamped; `signals` are statements about AI use found in the file.
    """

    word: str
    parser: Protego | None = None
    text: str = ""
    delay_s: float = 0.0
    signals: tuple[str, ...] = ()
    reason: Reason = Reason.REFUSED_ROBOTS
    detail: str = ""
    fetched_at: int = 0
    expires_at: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a URL may be fetched, and the word for it in `rights`."""

    allowed: bool
    word: str
    reason: Reason = Reason.FETCHED
    detail: str = ""


OFF = Decision(True, "off")


def rules_of(response: Response, agent: str, now: int, known: Rules | None = None) -> Rules:
    """The rules that an answer to /robots.txt stands for (RFC 9309 section 2.3.1).

    `agent` is the product's token, `now` UTC ms, `known` an older copy that may serve while
    the host is unreachable.
    """
    if response.ok:
        text = response.body.decode("utf-8-sig", "replace")
        if CUT in response.flags:
            text = text.rpartition("\n")[0]
        return parsed(text, agent, now, now + expiry_ms(response.header("cache-control")))
    if response.reason in _NO_FILE:
        return Rules("no_rules", fetched_at=now, expires_at=now + MAX_EXPIRY_MS)
    if known is not None and known.text and now - known.fetched_at < KEEP_UNREACHABLE_MS:
        return replace(known, expires_at=now + MIN_EXPIRY_MS)
    host_down = response.reason in _NO_HOST
    why = f"robots.txt: {response.reason.value}"
    return Rules(
        "unreachable",
        reason=response.reason if host_down else Reason.REFUSED_ROBOTS,
        detail=f"{why}: {response.detail}" if response.detail else why,
        fetched_at=now,
        expires_at=now + MIN_EXPIRY_MS,
    )


def parsed(text: str, agent: str, fetched_at: int, expires_at: int) -> Rules:
    """The rules of a robots.txt as text."""
    # Names are product tokens: a version behind one is not part of it (section 2.2.1).
    parser = Protego.parse(_VERSIONED.sub(r"\1", text))
    signals = tuple(
        dict.fromkeys(
            part.strip().lower()
            for line in _SIGNAL.findall(text)
            for part in line.split(",")
            if "=" in part
        )
    )
    delay = parser.crawl_delay(agent)
    sane = delay is not None and math.isfinite(delay) and delay > 0
    return Rules(
        "rules",
        parser=parser,
        text=text,
        delay_s=float(delay or 0.0) if sane else 0.0,
        signals=signals,
        fetched_at=fetched_at,
        expires_at=expires_at,
    )


def expiry_ms(cache_control: str) -> int:
    """How long a robots.txt may be remembered: its max-age, within one hour and one day."""
    found = _MAX_AGE.search(cache_control)
    asked = int(found.group(1)) * 1000 if found else MAX_EXPIRY_MS
    return min(max(asked, MIN_EXPIRY_MS), MAX_EXPIRY_MS)


def decide(rules: Rules, url: str, agent: str) -> Decision:
    """Whether `agent` may fetch `url` under `rules`."""
    if rules.word == "unreachable":
        return Decision(False, rules.word, rules.reason, rules.detail)
    if rules.parser is None:
        return Decision(True, rules.word)
    if rules.parser.can_fetch(url, agent):
        return Decision(True, "allowed")
    return Decision(False, "disallowed", Reason.REFUSED_ROBOTS, "robots.txt disallows this path")
