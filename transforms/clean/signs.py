"""What speaks for and against a line of text being part of the story: named signs.

Structure first (where the line stood in the page), then form (length, marks), then words. Each sign
is a fact that a reader can check; how much it weighs is told in data/signs.yaml.
"""

import re
from collections.abc import Sequence

from transforms.clean.phrases import kinds_of
from transforms.clean.setting import Setting, signature_of
from transforms.clean.words import content_words, folded, share, words_of
from transforms.extract.blocks import Block
from transforms.extract.roles import Place

_SENTENCE_END = tuple(".!?…。！？।؟۔:;”\"'’»)]")
_QUOTE = re.compile("[“”„«»「」『』]|\"[^\"]{3,}\"|(?:^| )['‘’][^'’]{8,}['’]")
_DATE = re.compile(r"\b\d{1,2}[:.h]\d{2}\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b(?:19|20)\d\d\b")
_LINK = re.compile(r"https?://|www\.\w|\b\w+\.(?:com|org|net)\b|pic\.twitter")
_LINKED = ("://", "www.", ".com", ".org", ".net", "pic.twitter")
_HANDLE = re.compile(r"(?:^|\s)@\w{3,}|\S@\S{1,200}?\.\w{2,}")
# Words that speak to the reader or of the house, in the languages where they are words.
_READER_WORDS = """
    you You your Your yours Yours YOU our Our Ihnen Ihr Ihre Ihren Ihrem Ihrer
    Ihres dir dich euch euer vous Vous votre Votre vos Vos notre Notre nos Nos ustedes tu Tu tus
    Tus nuestro nuestra nuestros nuestras Nuestro Nuestra Nuestros Nuestras você nosso nossa
    nossos nossas Nosso Nossa Nossos Nossas tuo tua nostro nostra nostri nostre Nostro Nostra
    Nostri Nostre jouw onze Onze twój вы Вы вас Вас вам Вам σας μας Anda kami
"""
_READER = frozenset(_READER_WORDS.split())
_READER_STEMS = (
    *("dein", "unser", "Unser", "nasz", "Nasz"),
    *("ваш", "Ваш", "наш", "Наш", "siz", "bizi"),
)
_TAGS = frozenset(
    {"p", "div", "li", "td", "th", "dt", "dd", "section", "article", "main", "header", "footer",
     "aside", "figcaption", "blockquote", "pre", "summary", "form", "body", "address"}
)  # fmt: skip
_READER_PARTS = ("您", "你们", "我们", "我們", "本网", "本站", "本報", "あなた", "당신", "저희")
COHERENT = 0.34
ALIEN = 0.12
MIN_CONTENT_WORDS = 4
LABEL_CHARS = 32
HEADLINE_WORDS = 4
_POINTING = tuple(":：»›→▶►>")
ALIKE = 0.3
DATE_WORDS = 14
BELOW = 5  # blocks from the headline down to where a standfirst may stand
STANDFIRST_WORDS = 4
HIDDEN = "unseen_itself"  # one paragraph kept from sight among others; a hidden part may unfold
WORDS_READ = 25  # words of furniture are looked for in lines of up to so many


def _place_signs(block: Block, place: Place, setting: Setting) -> list[str]:
    out = []
    if place.steps < 0:
        out.append("outside")
    elif place.steps != setting.step:
        out.append("other_level")
    if place.tag != setting.tag:
        heading = place.tag[0] == "h" and len(place.tag) == 2
        other = f"in_{place.tag}" if place.tag in _TAGS else "in_other"
        out.append("heading" if heading else other)
    if "unseen" not in setting.common and setting.describer.hides(block.element):
        out.append(HIDDEN)
    out += ["own_summary"] if "summary" in place.own and "summary" not in setting.common else []
    out += [f"role_{role}" for role in place.roles if role not in setting.common]
    out += [f"above_{tag}" for tag in place.above if tag not in setting.common]
    out += _kin_signs(block, setting)
    return out + _link_signs(block)


def _kin_signs(block: Block, setting: Setting) -> list[str]:
    """Whether it is marked up as the story's paragraphs are, and stands among them."""
    alike = setting.signatures.get(signature_of(block), 0.0)
    out = ["alike" if alike >= ALIKE else "half_alike" if alike else "unlike"]
    parent = block.element.getparent()
    for name, node in (
        ("kin", parent),
        ("far_kin", None if parent is None else parent.getparent()),
    ):
        story, whole = setting.held.get(node, (0, 1)) if node is not None else (0, 1)
        out.append(f"{name}_{min(3, 4 * story // max(1, whole)) if story else 'none'}")
    return out


def _link_signs(block: Block) -> list[str]:
    share, out = block.link_share, []
    if share >= 0.9:
        out.append("all_link")
    elif share >= 0.5:
        out.append("mostly_link")
    elif share >= 0.18:
        out.append("some_link")
    # A short label and then nothing but a link, as before a teaser in any language.
    if 0 < block.lead <= LABEL_CHARS and block.rest <= 2 and share >= 0.4 and block.links == 1:
        out.append("label_link")
        label = block.text[: block.lead + 1].rstrip()
        headline = len(words_of(block.text[block.lead :])) >= HEADLINE_WORDS
        if label[-1:] in _POINTING and headline:
            out.append("pointing_link")
    if block.emphasis >= 0.9:
        out.append("all_emphasis")
    elif block.emphasis >= 0.3:
        out.append("some_emphasis")
    return out


def _form_signs(text: str, low: str, words: int) -> list[str]:
    """`low` is the text with case ignored."""
    out = []
    ended = text.endswith(_SENTENCE_END)
    if words <= 4:
        out.append("tiny")
    elif words <= 12:
        out.append("short" if not ended else "short_sentence")
    elif words <= 25:
        out.append("middling")
    elif words > 50:
        out.append("very_long")
    if words > 12 and not ended:
        out.append("no_end")
    if text.endswith("?"):
        out.append("question")
    if text.endswith((":", "…", "...")):
        out.append("trails_off")
    if text[:2] in ("- ", "| ", "• "):
        out.append("bullet" if text[0] != "|" else "table")
    if words <= DATE_WORDS and _DATE.search(text):
        out.append("date")
    if any(map(low.__contains__, _LINKED)) and _LINK.search(low):
        out.append("address")
    if "@" in text and _HANDLE.search(text):
        out.append("handle")
    if text[:1] in "—–*†‡[(" or text[:2] == "--":
        out.append("marked")
    if text.count("|") >= 2 and text[0] != "|":
        out.append("bars")
    if text.isupper() and words > 1:
        out.append("capitals")
    return out


def quotes(text: str) -> bool:
    """Whether a text holds somebody's words."""
    if text.isascii() and text.count('"') < 2 and " '" not in text and text[:1] != "'":
        return False
    return bool(_QUOTE.search(text))


def speaks_to_reader(block: Block) -> bool:
    """Whether a block speaks to the reader, or of the house as we."""
    if not _READER.isdisjoint(block.words):
        return True
    if any(map(block.text.__contains__, _READER_STEMS)):
        return any(word.startswith(_READER_STEMS) for word in block.words)
    return not block.text.isascii() and any(map(block.text.__contains__, _READER_PARTS))


def _word_signs(block: Block, low: str, quoted: bool, setting: Setting) -> list[str]:
    out = []
    if block.size <= WORDS_READ * 2:
        out = [f"says_{kind}" for kind in kinds_of(block.text)]
    if any(map(low.__contains__, setting.people)):
        out.append("names_author")
    if any(map(low.__contains__, setting.sites)):
        out.append("names_site")
    if not quoted and speaks_to_reader(block):
        out.append("to_reader")
    words = folded(block.words)
    if setting.spoken:
        told = share(words, setting.spoken)
        out += ["spoken"] if told >= 0.6 else ["unspoken"] if told <= 0.2 else []
    if setting.summary and block.size >= 8 and share(words, setting.summary) >= 0.6:
        out.append("is_summary")
    content = content_words(words)
    if len(content) >= MIN_CONTENT_WORDS:
        shared = len(content & setting.vocabulary) / len(content)
        if shared >= COHERENT:
            out.append("coherent")
        elif shared <= ALIEN:
            out.append("alien")
    return out


def signs_of(block: Block, setting: Setting) -> list[str]:
    """Every sign that the block shows by itself, by name."""
    low, quoted = block.text.casefold(), quotes(block.text)
    return [
        *_place_signs(block, setting.describer.place(block), setting),
        *_form_signs(block.text, low, block.size),
        *(["quote"] if quoted else []),
        *_word_signs(block, low, quoted, setting),
    ]


def _steps_to(told: Sequence[bool], number: int, step: int) -> int:
    """Blocks to the next one of the story, at most 20."""
    for away in range(1, 21):
        at = number + step * away
        if not 0 <= at < len(told):
            return 20
        if told[at]:
            return away
    return 20


def _reach(name: str, away: int) -> str:
    return f"{name}_{1 if away == 1 else 2 if away <= 3 else 4 if away <= 8 else 9}"


def _title_signs(block: Block, away: int, signs: Sequence[str]) -> list[str]:
    """Where a block stands to the headline, if near; a standfirst is named so, or is the page's
    own summary, and stands below it."""
    if away < 0:
        return ["above_title"]
    if away > BELOW:
        return []
    out = [f"below_title_{1 if away == 0 else 2 if away <= 2 else 4}"]
    summary = "own_summary" in signs or "is_summary" in signs
    return [*out, "standfirst"] if summary and block.size >= STANDFIRST_WORDS else out


def all_signs(blocks: Sequence[Block], told: Sequence[bool], setting: Setting) -> list[list[str]]:
    """The signs of every block, with those that its neighbours and its place lend it."""
    own = [signs_of(block, setting) for block in blocks]
    to_come = sum(told)
    last = len(blocks) - 1
    seen: set[str] = set()
    for number, (block, signs) in enumerate(zip(blocks, own, strict=True)):
        if told[number]:
            from_end = to_come = to_come - 1
            signs.append(
                "last" if from_end == 0 else "near_last" if from_end <= 2 else "before_last"
            )
        signs.append(_reach("up", _steps_to(told, number, -1)))
        signs.append(_reach("down", _steps_to(told, number, 1)))
        if setting.below >= 0:
            signs += _title_signs(block, number - setting.below, signs)
        if block.letters in seen:
            signs.append("repeated")
        seen.add(block.letters)
        if number < last and "in_li" in signs and "all_link" in own[number + 1]:
            signs.append("beside_links")
        if number and "heading" in own[number - 1]:
            signs.append("under_heading" if told[number - 1] else "under_foreign_heading")
    return own
