"""What publisher and protocol say about how often to come: seconds to wait, hours to leave out.

Cache-Control and Expires (RFC 9111 §4.2), RSS 2.0 `ttl`, `skipHours`, `skipDays`, the RSS module
`sy:updatePeriod`. Values that make no sense say nothing.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from transforms.feeds.dates import parse_date

HOUR_MS = 3_600_000
MAX_HINT_S = 86_400
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def fresh_for_s(headers: Mapping[str, str]) -> int:
    """Seconds that the answer stays fresh by its headers (lower-case names); 0 when unsaid."""
    control = headers.get("cache-control", "")
    if re.search(r"\bno-(?:cache|store)\b", control, re.IGNORECASE):
        return 0
    found = _MAX_AGE.search(control)
    if found:
        fresh = int(found[1]) - _whole(headers.get("age", ""))
        return max(0, min(fresh, MAX_HINT_S))
    expires, date = parse_date(headers.get("expires", "")), parse_date(headers.get("date", ""))
    if expires is None or date is None:
        return 0
    return max(0, min((expires.at - date.at) // 1000, MAX_HINT_S))


def document_wait_s(hints: Mapping[str, str]) -> int:
    """Seconds between updates by the document's own word (ttl, sy:updatePeriod); 0 when unsaid."""
    ttl = _whole(hints.get("ttl", "")) * 60
    period = _PERIODS.get(hints.get("sy_updateperiod", "").strip().lower(), 0)
    if period:
        period //= max(1, _whole(hints.get("sy_updatefrequency", "")) or 1)
    return min(max(ttl, period), MAX_HINT_S)


def skipped(hints: Mapping[str, str], at: int) -> bool:
    """True when `at` (UTC ms) lies in an hour or on a day that the document leaves out."""
    moment = datetime.fromtimestamp(at / 1000, UTC)
    hours = {_hour(value) for value in hints.get("skip_hours", "").split(",")}
    days = {value.strip().lower() for value in hints.get("skip_days", "").split(",")}
    return moment.hour in hours or _DAYS[moment.weekday()] in days


def after_skips(hints: Mapping[str, str], at: int, latest: int) -> int:
    """The first moment from `at` on that isn't skipped, at most `latest`."""
    moment = at
    while moment < latest and skipped(hints, moment):
        start = datetime.fromtimestamp(moment / 1000, UTC).replace(
            minute=0, second=0, microsecond=0
        )
        moment = int((start + timedelta(hours=1)).timestamp() * 1000)
    return min(moment, max(latest, at))


def _whole(text: str) -> int:
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0


def _hour(text: str) -> int:
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()):
        return -1
    return int(digits) % 24 if int(digits) <= 24 else -1
