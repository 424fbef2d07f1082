"""The articles of a host, as the window of fingerprints remembers them."""

from pathlib import Path

import pyarrow as pa
import pytest
from lake_samples import NOW, fingerprint, store

from transforms.errors import LakeError
from transforms.store.hosts import HostMemory
from transforms.store.lake import Lake


def test_articles_by_host_with_their_hashes(tmp_path: Path) -> None:
    rows = [fingerprint(n)._replace(sentence_keys=bytes([n] * 4)) for n in range(3)]
    rows.append(rows[1]._replace(revision=2, sentence_keys=b"newr"))
    rows.append(fingerprint(7)._replace(host="other.example", sentence_keys=b"9999"))
    rows.append(fingerprint(8))
    store(str(tmp_path), "run0", {"fingerprints": rows})
    memory = HostMemory.open(Lake(str(tmp_path)).signature_window("next", NOW))
    found = memory.articles("news.example")
    assert sorted(keys for _, _, keys in found) == [b"\0\0\0\0", b"\2\2\2\2", b"newr"]
    assert {at for at, _, _ in found} == {NOW}
    assert [i for _, i, _ in memory.articles("other.example")] == [fingerprint(7).id]
    assert memory.articles("unknown.example") == []


def test_an_empty_window_knows_nobody() -> None:
    assert HostMemory.open("").articles("news.example") == []


def test_a_file_without_the_columns_is_an_error() -> None:
    with pytest.raises(LakeError, match="sentence_keys"):
        HostMemory(pa.table({"id": ["a"], "host": ["h"], "first_seen_at": [1]}))
