"""A manifest is read back as written, or is known to be damaged."""

import json
import random

import pytest

from transforms.errors import LakeError
from transforms.store.books import Books
from transforms.store.manifest import (
    Manifest,
    StagedFile,
    decode,
    encode,
    in_publish_order,
    partition_of,
)

FILES = [
    StagedFile(table, f"{table}/date=2025-01-01/p.parquet", 3, 100, "ab", "date=2025-01-01")
    for table in ("polls", "fingerprints", "events", "dead_letters", "articles", "outcomes")
]
BOOKS = Books(1, {"polled": 1}, 2, {"article": 2}, {})
MANIFEST = Manifest("run", "run", 5, 6, in_publish_order(FILES), BOOKS, ["articles/old.parquet"])


def test_it_comes_back_equal() -> None:
    assert decode(encode(MANIFEST), "x") == MANIFEST
    assert decode(encode(MANIFEST._replace(books=None)), "x").books is None
    assert MANIFEST.rows()["articles"] == 3


def test_rows_are_published_before_what_makes_later_runs_skip_them() -> None:
    assert [file.table for file in in_publish_order(FILES)] == [
        "articles", "events", "outcomes", "dead_letters", "fingerprints", "polls",
    ]  # fmt: skip


def test_any_damage_is_noticed() -> None:
    content = encode(MANIFEST)
    chance = random.Random(11)
    for _ in range(500):
        cut = bytearray(content[: chance.randrange(1, len(content) + 1)])
        place = chance.randrange(len(cut))
        if len(cut) == len(content) and chr(cut[place]).isspace():
            continue
        cut[place] = cut[place] ^ (1 << chance.randrange(7))
        try:
            assert decode(bytes(cut), "x") == MANIFEST
        except LakeError as error:
            assert str(error).startswith("x: ")  # noqa: PT017


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"null", b'{"sha256": 1}', b"\xff"])
def test_valid_json_of_another_shape_is_damage_too(content: bytes) -> None:
    with pytest.raises(LakeError, match="damaged manifest"):
        decode(content, "x")


def test_a_newer_format_is_refused() -> None:
    import hashlib

    body = json.loads(encode(MANIFEST))
    del body["sha256"]
    body["format"] = 99
    text = json.dumps(body, sort_keys=True)
    body["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    with pytest.raises(LakeError, match="newer"):
        decode(json.dumps(body).encode(), "x")


@pytest.mark.parametrize(
    ("at", "date"),
    [
        (0, "1970-01-01"),
        (86_399_999, "1970-01-01"),
        (86_400_000, "1970-01-02"),
        (-1, "1969-12-31"),
        (10**18, "9999-12-31"),
        (-(10**18), "0001-01-01"),
    ],
)
def test_partitions_are_utc_dates(at: int, date: str) -> None:
    assert partition_of(at) == f"date={date}"
