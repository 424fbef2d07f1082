"""Page bytes to a tree: charset, scripts out, JSON-LD kept, swallowed stories released."""

import pytest

from transforms.errors import ItemError
from transforms.extract.markup import DEPTH_CUT, as_utf8, parse_markup, strip_scripts
from transforms.outcomes import Reason

STORY = "The harbour master counted the ships again, and one was missing from the list."


@pytest.mark.parametrize(
    ("page", "left"),
    [
        (b"<p>a</p><script>var x = '<p>b</p>';</script><p>c</p>", b"<p>a</p><p>c</p>"),
        (b"<STYLE type=x>p {}</Style >d", b"d"),
        (b"<noscript><img></noscript>e", b"e"),
        (b"f<!-- <script> --><b>g</b>", b"f<b>g</b>"),
        (b"<!-->h", b"h"),
        (b"<p>i<script>never closed", b"<p>i<script>never closed"),
        (b"<scripted>j</scripted>", b"<scripted>j</scripted>"),
    ],
)
def test_what_no_reader_sees_is_taken_out(page: bytes, left: bytes) -> None:
    assert strip_scripts(page)[0] == left


def test_linked_data_is_kept_aside_unless_it_is_commented_out() -> None:
    block = b'<script type="application/ld+json">{"a": 1}</script>'
    assert strip_scripts(block + b"<!--" + block + b"-->") == (b"", ['{"a": 1}'])


def test_many_scripts_that_never_close_cost_one_search() -> None:
    page = b"<script>" * 200_000
    assert strip_scripts(page)[0] == page


@pytest.mark.parametrize("tag", ["nav", "button", "label", "a"])
def test_chrome_that_holds_the_story_is_a_plain_block(tag: str) -> None:
    page = f"<body><{tag} id=x><article><p>{STORY}</p></article></body>".encode()
    assert [e.tag for e in parse_markup(page).tree.iter() if e.get("id") == "x"] == ["div"]


def test_chrome_beside_the_story_stays_chrome() -> None:
    page = f"<body><nav><p>Home</p></nav><p>{STORY}</p></body>".encode()
    assert parse_markup(page).tree.find(".//nav") is not None


def test_a_link_around_most_of_the_text_is_a_plain_block() -> None:
    page = f"<body><a href=x id=x><p>{STORY}</p></a><p><a href=y>More</a></p></body>".encode()
    assert [e.tag for e in parse_markup(page).tree.iter("a", "div")] == ["div", "a"]


@pytest.mark.parametrize("end", ["</html>", "</BODY ></HTML>", "<frameset><noframes>"])
def test_a_page_goes_on_behind_its_end(end: str) -> None:
    page = f"<html><body><p>Menu</p>{end}<div><p>{STORY}</p></div>".encode()
    assert parse_markup(page).tree.findtext(".//div/p") == STORY


def test_a_declarative_shadow_tree_is_read_and_other_templates_are_not() -> None:
    shadow = b"<template shadowrootmode=open><p>a</p><script>b</script></template>"
    kept, _ = strip_scripts(shadow + b"<template><p>c</p></template>")
    assert kept == b"<p>a</p></template>"


def test_characters_that_xml_forbids_are_dropped() -> None:
    page = "<p>a\x00b\x0bc\ufffed\n\te</p>".encode()
    assert parse_markup(page).tree.findtext(".//p") == "abcd\n\te"


def test_nesting_beyond_the_parser_is_flattened_and_told() -> None:
    deep = b"<div>" * 3000 + f"<p>{STORY}</p>".encode()
    markup = parse_markup(deep)
    assert markup.flags == [DEPTH_CUT]
    assert STORY in "".join(markup.tree.itertext())


@pytest.mark.parametrize(
    ("body", "header", "text"),
    [
        ("Köln".encode(), "text/html; charset=iso-8859-1", "Köln"),
        ("Köln".encode("cp1252"), "text/html; charset=iso-8859-1", "Köln"),
        (b"\xff\xfeK\x00", "", "K"),
        ("<meta charset=windows-1251>Мир".encode("cp1251"), "", "<meta charset=windows-1251>Мир"),
        ("停戦合意".encode("iso2022_jp"), "text/html; charset=ISO-2022-JP", "停戦合意"),
        ("<meta charset=hz>停火".encode("hz"), "", "<meta charset=hz>停火"),
        ("停戦合意".encode(), "text/html; charset=iso-2022-jp", "停戦合意"),
        (b"Plain ~ text", "text/html; charset=hz-gb-2312", "Plain ~ text"),
    ],
)
def test_charset_is_what_decodes(body: bytes, header: str, text: str) -> None:
    assert as_utf8(body, header)[0].decode() == text


@pytest.mark.parametrize("body", [b"", b" \n", b"<script>x</script>"])
def test_a_page_without_markup_is_empty(body: bytes) -> None:
    with pytest.raises(ItemError):
        parse_markup(body)


@pytest.mark.parametrize("body", [b"<!DOCTYPE x</html>", b"<!D=a</body></html>", b"", b" "])
def test_markup_of_no_element_is_empty(body: bytes) -> None:
    with pytest.raises(ItemError) as raised:
        parse_markup(body)
    assert raised.value.reason is Reason.EXTRACT_EMPTY
