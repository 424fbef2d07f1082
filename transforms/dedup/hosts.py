"""The text that copies are found by: without what its host repeats, which is no part of a story."""

from transforms.clean.host_cut import cut
from transforms.clean.host_learn import Furniture, table
from transforms.clean.host_text import lines_of
from transforms.dedup.tokens import count_tokens, normalise

MIN_REST = 0.15  # share of the tokens that must remain for a text to be stripped


def body_of(text: str, furniture: Furniture | None, min_tokens: int = 30) -> str:
    """`text` less what its host repeats, as long as a text remains.

    More may go here than from the article that is kept. A text that says nothing but what its host
    says elsewhere is a copy there, not furniture.
    """
    if furniture is None:
        return text
    rest, gone = cut(text, lines_of(text), table(furniture))
    if not gone:
        return text
    enough = max(min_tokens, MIN_REST * count_tokens(normalise(text)))
    return rest if count_tokens(normalise(rest)) >= enough else text
