"""The text that copies are found by: without what the host repeats."""

from tests.transforms.dedup.stories import spin, story
from transforms.clean.host_learn import Furniture, learn, packed
from transforms.clean.host_text import codes_of, lines_of
from transforms.dedup.find import Doc, find_copies
from transforms.dedup.hosts import body_of

FRAME = "Subscribe to our letter today. All rights belong to the publishing house of this town."


def learned(texts: list[str]) -> Furniture | None:
    return learn((0, str(n), packed(codes_of(lines_of(text)))) for n, text in enumerate(texts))


def test_what_enough_articles_share_goes() -> None:
    texts = [f"{story(n)}\n{FRAME}" for n in range(5)]
    assert body_of(texts[0], learned(texts)) == story(0)
    assert learned(texts[:4]) is None


def test_a_text_of_nothing_but_furniture_stays_whole() -> None:
    frame = story(900, 5)
    known = learned([f"{frame}\n{story(n)}" for n in range(6)])
    assert body_of(f"{frame}\n{story(1)}", known) == story(1)
    assert body_of(frame, known) is frame
    assert body_of(frame, None) is frame


def test_more_may_go_from_what_is_compared_than_from_what_is_kept() -> None:
    frame = story(900, 8)
    known = learned([f"{frame}\n{story(n, 3)}" for n in range(6)])
    assert body_of(f"{frame}\n{story(50, 3)}", known) == story(50, 3)


def test_articles_in_one_frame_are_no_copies_and_a_copy_in_it_is_exact() -> None:
    frame = story(900, 8)
    docs = [Doc(f"{n}", f"{frame}\n{story(n, 3)}", "a.example") for n in range(6)]
    docs.append(Doc("again", docs[2].text, "a.example"))
    docs.append(Doc("mirror", docs[3].text, "b.example"))
    docs.append(Doc("spun", f"{frame}\n{spin(story(4, 3))}", "c.example"))
    kinds = {v.id: (v.dup_kind, v.dup_of) for v in find_copies(docs).verdicts}
    assert kinds["again"] == ("exact", "2")
    assert kinds["mirror"] == ("exact", "3")
    assert {kinds[f"{n}"] for n in range(6)} == {("none", None)}
