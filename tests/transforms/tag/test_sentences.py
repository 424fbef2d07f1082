"""Where sentences end: signs of several scripts, line ends; not at abbreviations."""

import pytest

from transforms.tag.sentences import Sentences


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One. Two! Three?", ["One. ", "Two! ", "Three?"]),
        ("Mr. Smith met Gen. Lee. They left.", ["Mr. Smith met Gen. Lee. ", "They left."]),
        ("The U.S. Army left. It rained.", ["The U.S. Army left. ", "It rained."]),
        ("Am 3. Mai kam er. Dann nicht.", ["Am 3. Mai kam er. ", "Dann nicht."]),
        ("He paid 3.5 million. Then left.", ["He paid 3.5 million. ", "Then left."]),
        ("“Stop.” He left.", ["“Stop.” ", "He left."]),
        ("It ended. and went on. New.", ["It ended. and went on. ", "New."]),
        ("停火。战争！", ["停火。", "战争！"]),
        ("هل؟ نعم. انتهى", ["هل؟ ", "نعم. ", "انتهى"]),
        ("Head\n\nBody one. Body two.", ["Head\n\n", "Body one. ", "Body two."]),
        ("", [""]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, found: list[str]) -> None:
    sentences = Sentences(text)
    spans = [sentences.span(i) for i in range(len(sentences.starts))]
    assert [text[a:b] for a, b in spans] == found
    assert all(sentences.of(a) == i for i, (a, b) in enumerate(spans) if b > a)


def test_paragraphs_are_counted_at_line_ends() -> None:
    assert Sentences("One. Two.\nThree. Four.\n\nFive.").paragraph == [0, 0, 1, 1, 2]
