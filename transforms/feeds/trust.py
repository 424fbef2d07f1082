"""Learned trust in a feed's validators (ETag, Last-Modified; RFC 9110 §8.8).

The first polls of a feed go without validators: they show whether these tell the truth. One that
stayed while the entries changed, that changes though the entries don't, or that lies in the
future is not sent for a month, then tried again. Every so often a trusted one is left out too, so
that a server which answers "unchanged" for ever is found out.
"""

from typing import Any, NamedTuple

from transforms.feeds.dates import DAY_MS, parse_date

FULL_FIRST = 3  # polls without validators when a feed is new
DISTRUST_DAYS = 30
FULL_EVERY = 20  # polls
FULL_DAYS = 7
RESTLESS = 5  # changes without new content in a row

Trust = dict[str, Any]
"""{polls: that went well; etag, modified, content: of the last body; unseen: polls since; full_at,
until: UTC ms; restless: count; why}"""


class Sent(NamedTuple):
    """The validators to send at the next poll, '' for none, and the trust after this one."""

    etag: str
    last_modified: str
    trust: Trust


def after_body(
    trust: Trust, etag: str, modified: str, content: str, now: int, full_first: int = FULL_FIRST
) -> Sent:
    """After a body that was read well; `content` is a hash of its entries."""
    why = _offence(trust, etag, modified, content, now)
    same = trust.get("content") == content
    agrees = _agrees(trust, etag, modified)
    restless = int(trust.get("restless", 0)) + 1 if same and not agrees else 0
    if restless >= RESTLESS:
        why = why or "changes with every answer"
    polls = int(trust.get("polls", 0)) + 1
    learnt: Trust = {"etag": etag, "modified": modified, "content": content, "full_at": now}
    learnt["polls"] = polls
    if why:
        learnt |= {"until": now + DISTRUST_DAYS * DAY_MS, "why": why}
    else:
        learnt |= {key: trust[key] for key in ("until", "why") if key in trust}
        learnt["restless"] = restless
    return _sent(learnt, now, full_first)


def after_unchanged(
    trust: Trust, etag: str, modified: str, now: int, full_first: int = FULL_FIRST
) -> Sent:
    """After a 304; both validators are refreshed where the answer names them."""
    learnt = dict(trust)
    learnt["etag"] = etag or trust.get("etag", "")
    learnt["modified"] = modified or trust.get("modified", "")
    learnt["unseen"] = int(trust.get("unseen", 0)) + 1
    learnt["polls"] = int(trust.get("polls", 0)) + 1
    learnt.setdefault("full_at", now)
    return _sent(learnt, now, full_first)


def distrusted(trust: Trust, now: int) -> str:
    """Why the validators aren't sent now; '' when they are trusted."""
    return str(trust.get("why", "")) if int(trust.get("until", 0)) > now else ""


def _sent(trust: Trust, now: int, full_first: int) -> Sent:
    due = int(trust["polls"]) < full_first or int(trust.get("unseen", 0)) >= FULL_EVERY - 2
    due = due or now - int(trust.get("full_at", now)) > FULL_DAYS * DAY_MS
    if due or distrusted(trust, now):
        return Sent("", "", trust)
    return Sent(str(trust.get("etag", "")), str(trust.get("modified", "")), trust)


def _agrees(trust: Trust, etag: str, modified: str) -> bool:
    """The validators of two answers say "same", by the one that a server looks at first."""
    if etag and trust.get("etag"):
        return bool(etag == trust["etag"])
    return bool(modified and modified == trust.get("modified"))


def _offence(trust: Trust, etag: str, modified: str, content: str, now: int) -> str:
    if trust.get("content") not in (None, content) and _agrees(trust, etag, modified):
        return "stayed the same although the entries changed"
    moment = parse_date(modified) if modified and not etag else None
    if moment is not None and moment.at > now + DAY_MS:
        return "lies in the future"
    return ""
