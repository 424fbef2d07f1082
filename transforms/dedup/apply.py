"""The rows of `crisiswire apply copies`: JSON objects in, verdicts and verified pairs out."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from transforms.dedup.cluster import Pair
from transforms.dedup.find import Doc, find_copies, judge_pairs
from transforms.dedup.options import CopyOptions
from transforms.errors import ConfigError

Row = dict[str, Any]


def copies_rows(rows: Iterable[Row], workers: int = 1) -> tuple[list[Row], list[Row]]:
    """(one verdict a document in the order given, each verified pair); ConfigError names the
    row that is no document."""
    docs = [_doc(row) for row in rows]
    order = [doc.id for doc in docs]
    if len(set(order)) < len(order):
        double = next(i for i in order if order.count(i) > 1)
        raise ConfigError(f"id {double!r} comes more than once; give each document its own")
    copies = find_copies(docs, workers=workers)
    by_id = {verdict.id: verdict for verdict in copies.verdicts}
    keys = ("id", "dup_kind", "dup_of", "dup_cluster_id", "dup_score", "is_canonical")
    out = [{key: getattr(by_id[identity], key) for key in keys} for identity in order]
    return out, [_pair_row(pair) for pair in copies.pairs]


def given_pairs(
    rows: Iterable[Row], pairs: Iterable[tuple[str, str]], partial_tokens: int = 60
) -> list[Row]:
    """The kind of each given pair, without the search for candidates; `score` of a partial copy
    is the number of copied tokens here."""
    texts = {doc.id: doc.text for doc in map(_doc, rows)}
    work = [(min(a, b), max(a, b)) for a, b in pairs]
    options = CopyOptions(partial_tokens=partial_tokens)
    out = []
    for (a, b), found in zip(work, judge_pairs(work, texts.__getitem__, options), strict=True):
        score = found.covered if found.kind == "partial" else found.score
        out.append({"a": a, "b": b, "kind": found.kind, "score": score})
    return out


def _pair_row(pair: Pair) -> Row:
    return {"a": pair.a, "b": pair.b, "kind": pair.kind, "score": pair.score}


def _doc(row: Row) -> Doc:
    text = row.get("text") or ""
    if not isinstance(text, str):
        raise ConfigError(f"document {row['id']!r}: text is no string")
    return Doc(
        id=str(row["id"]),
        text=text,
        host=str(row.get("host") or ""),
        title=str(row.get("title") or ""),
        published_at=_millis(row.get("published_at"), row["id"]),
        language=str(row.get("language") or ""),
    )


def _millis(value: object, identity: object) -> int | None:
    """UTC ms of an ISO 8601 string or a number of ms; None for nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, int | float):
        return int(value)
    try:
        when = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise ConfigError(f"document {identity!r}: published_at: {error}") from error
    return int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() * 1000)
