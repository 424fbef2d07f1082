"""New, revised or unchanged: what a page that was fetched again is."""

from typing import Any

import pytest

from transforms.entries.revision import fate
from transforms.fingerprint import revision_hash
from transforms.outcomes import Outcome
from transforms.records import Article
from transforms.store.seen import Known

FIELDS: dict[str, Any] = dict.fromkeys(Article._fields)
OLD = Article(**{**FIELDS, "content_hash": "c1", "title_raw": "Mole to be rebuilt | Post"})
KNOWN = Known(1, revision_hash(OLD), "e", 0, "seen")


@pytest.mark.parametrize(
    ("now", "known", "expected"),
    [
        (OLD, None, Outcome.ARTICLE),
        (OLD, KNOWN._replace(revision=0, content_hash=""), Outcome.ARTICLE),
        (OLD, KNOWN, Outcome.UNCHANGED),
        (OLD._replace(content_hash="c2"), KNOWN, Outcome.REVISION),
        (OLD._replace(title_raw="Mole NOT to be rebuilt | Post"), KNOWN, Outcome.REVISION),
        (OLD._replace(title_raw="MOLE  to be rebuilt | Post"), KNOWN, Outcome.UNCHANGED),
        (OLD._replace(title_feed="Renamed", title="Renamed"), KNOWN, Outcome.UNCHANGED),
    ],
    ids=["never stored", "only listed", "the same", "text", "headline", "case", "feed's title"],
)
def test_fate(now: Article, known: Known | None, expected: Outcome) -> None:
    assert fate(now, known) is expected
