"""Signatures and candidates: copies share slots, other texts don't."""

import numpy as np
import pytest

from tests.transforms.dedup.stories import spin, story
from transforms.dedup.candidates import candidates, candidates_with
from transforms.dedup.find import signature_of, sketch
from transforms.dedup.signature import BYTES, SLOTS, K, S, V, W, from_bytes, sentences_of


def signature(text: str) -> np.ndarray:
    return from_bytes([signature_of(text)])[0]


def shared(one: str, other: str) -> dict[str, int]:
    a, b = signature(one), signature(other)
    same = (a == b) & (a != 0)
    both = set(sentences_of(a[None])[0].tolist()) & set(sentences_of(b[None])[0].tolist()) - {0}
    return {
        "W": int(same[W].sum()),
        "V": int(same[V].sum()),
        "K": int(same[K].sum()),
        "S": len(both),
    }


def test_a_signature_has_320_bytes_and_is_the_same_every_time() -> None:
    assert len(signature_of(story(1))) == BYTES == 320
    assert signature_of(story(1)) == signature_of(story(1))


def test_a_spun_copy_keeps_the_skeleton() -> None:
    found = shared(story(1), spin(story(1), 1, 0.5))
    assert found["K"] == 16
    assert found["V"] < 8


def test_a_passage_keeps_sentences() -> None:
    assert shared(story(1), "\n\n".join(story(1).split("\n\n")[:2]))["S"] >= 2


def test_different_stories_share_nothing() -> None:
    assert shared(story(1), story(2)) == {"W": 0, "V": 0, "K": 0, "S": 0}


def test_shuffled_sentences_keep_the_skeleton() -> None:
    paragraphs = story(5).split("\n\n")
    assert shared(story(5), "\n\n".join(reversed(paragraphs)))["K"] == 16


@pytest.mark.parametrize("text", ["", "…", "\u200b"])
def test_nothing_to_read_gives_an_empty_signature(text: str) -> None:
    assert not signature(text).any()


def test_scripts_without_spaces_use_single_rows_of_characters() -> None:
    text = "昨日午后港口管理局宣布关闭北侧码头因为检查人员发现承重墙出现多处裂缝。" * 3
    slots = signature(text)
    assert (slots[K] & 1).all()


def test_a_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="320"):
        from_bytes([b"short"])


def matrix(texts: list[str]) -> np.ndarray:
    return from_bytes([signature_of(text) for text in texts])


def test_candidates_are_the_copies_and_nothing_else() -> None:
    texts = [story(1), spin(story(1), 1, 0.4), story(2), story(3), spin(story(3), 9, 0.4)]
    assert candidates(matrix(texts)).tolist() == [[0, 1], [3, 4]]


def test_old_and_new_meet_as_they_would_in_one_run() -> None:
    new, old = [spin(story(1), 1, 0.4), story(2)], [story(3), story(1), spin(story(2), 3, 0.2)]
    assert candidates_with(matrix(new), matrix(old)).tolist() == [[0, 1], [1, 2]]


def test_a_full_bucket_is_linked_to_its_first_only() -> None:
    many = np.repeat(matrix([story(1)]), 100, axis=0)
    assert candidates(many, cap=64).tolist() == [[0, other] for other in range(1, 100)]


def test_no_documents_no_candidates() -> None:
    empty = np.empty((0, SLOTS), dtype=np.uint64)
    assert len(candidates(empty)) == len(candidates_with(empty, empty)) == 0


FRAME = "Subscribe to our letter. All rights belong to the publishing house."


def test_furniture_leaves_the_exact_hash_alone() -> None:
    text = f"{FRAME}\n{story(1)}"
    assert sketch(text, story(1)).stream == sketch(text, text).stream
    assert sketch(text, story(1)).signature == sketch(story(1), story(1)).signature


def test_sentences_fill_two_halves_of_a_slot() -> None:
    assert (sentences_of(signature(story(1))[None])[0] != 0).sum() == 14
    assert signature(story(1))[S].all() == (14 >= 16)
