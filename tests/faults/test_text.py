"""Group F of the hostile cases: characters, mojibake, languages; each row names its case."""

import io
import random
import subprocess
import sys
import unicodedata
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.extract.pages import CTX, page_of, story_html
from tests.transforms.extract.walls.load import pages as labelled
from transforms.clean.characters import MENDED, join_hyphens, mend, normalise
from transforms.dedup.apply import copies_rows
from transforms.extract.article import extract_page, writable
from transforms.language import UNKNOWN, detect

ROOT = Path(__file__).resolve().parents[2]
TEXTS: dict[str, str] = yaml.safe_load(
    (ROOT / "tests/transforms/language_texts.yaml").read_text("utf-8")
)

F1 = [
    ("decomposed accents compose", "Cafe\u0301 Zu\u0308rich", "Café Zürich"),
    ("hangul jamo compose", "\u1112\u1161\u11ab", "한"),
    ("angstrom sign", "\u212bngstro\u0308m", "Ångström"),
    ("soft hyphen", "Donau\u00addampf", "Donaudampf"),
    ("zero-width space", "Gaza\u200b strip", "Gaza strip"),
    ("word joiner", "No\u2060NATO", "NoNATO"),
    ("byte order mark inside", "a\ufeffb", "ab"),
    ("left-to-right mark", "\u200eKyiv\u200f", "Kyiv"),
    ("bidi embedding", "\u202aRTL\u202c", "RTL"),
    ("bidi override", "\u202etxt.exe\u202c", "txt.exe"),
    ("bidi isolate", "\u2066ABC\u2069", "ABC"),
    ("arabic letter mark", "\u061cغزة", "غزة"),
    ("combining grapheme joiner", "a\u034fb", "ab"),
    ("language tags", "UK\U000e0067\U000e0062\U000e007f", "UK"),
    ("interlinear annotation", "a\ufff9b\ufffbc", "abc"),
    ("zwnj in Latin", "off\u200cice", "office"),
    ("zwj in Cyrillic", "Ки\u200dев", "Киев"),
    ("zwnj in Persian stays", "می\u200cروم", "می\u200cروم"),
    ("zwj in Hindi stays", "क्\u200dष", "क्\u200dष"),
    ("zwj in Sinhala stays", "ශ්\u200dරී", "ශ්\u200dරී"),
    ("doubled zwnj becomes one", "می\u200c\u200cروم", "می\u200cروم"),
    ("zwnj at the end goes", "می\u200c", "می"),
    ("emoji family stays", "👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
    ("emoji with colour stays", "🏳\ufe0f\u200d🌈", "🏳\ufe0f\u200d🌈"),
    ("skin tone stays", "👍🏽", "👍🏽"),
    ("arabic marks stay", "كَتَبَ", "كَتَبَ"),
    ("hebrew points stay", "שָׁלוֹם", unicodedata.normalize("NFC", "שָׁלוֹם")),
    ("mixed directions stay", "Hamas حماس said", "Hamas حماس said"),
    ("nul and controls", "a\x00b\x1bc\x7fd", "abcd"),
    ("no-break and thin spaces", "1\u00a0000\u2009km", "1 000 km"),
    ("line and paragraph separators", "a\u2028b\u2029c", "a\nb\nc"),
    ("carriage returns and tabs", "a\r\nb\t c \rd", "a\nb c\nd"),
    ("noncharacters", "a\ufffeb\uffffc", "abc"),
    ("ideographic space", "停战\u3000协议", "停战 协议"),
]


@pytest.mark.parametrize(("case", "raw", "clean"), F1, ids=[f"F1 {row[0]}" for row in F1])
def test_f1_characters_that_nobody_sees_go_and_others_stay(case: str, raw: str, clean: str) -> None:
    assert normalise(raw) == clean
    assert normalise(clean) == clean


_ODD = (
    "aé \u0301\u200c\u200d\u200b\u00ad\u202e\n\r\t\u2028-\u2010م\u064eक"
    "\u094dष👩🏽\ufe0f\x00\x85Ã©Ð¸"
)


@given(st.text() | st.text(alphabet=_ODD, max_size=40))
def test_f1_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert join_hyphens(join_hyphens(text)) == join_hyphens(text)


def as_read_by(text: str, charset: str) -> str:
    """UTF-8 bytes of `text` as a browser reads them in `charset` (holes are C1 controls)."""
    return "".join(bytes([b]).decode(charset, "ignore") or chr(b) for b in text.encode("utf-8"))


F2 = [
    *[(code, "cp1252") for code in ("de", "fr", "es", "pt", "it", "sv", "da", "nb", "pl", "cs")],
    *[(code, "cp1252") for code in ("hr", "tr", "ru", "uk", "bg", "el", "he", "ar", "ja", "zh")],
    *[(code, "latin-1") for code in ("de", "fr", "ru", "ar", "ko", "th", "vi", "ka", "hi")],
    *[(code, "cp1251") for code in ("ru", "uk", "be", "bg")],
    *[(code, "cp1250") for code in ("fr", "es", "pl", "sv")],
]


@pytest.mark.parametrize(("code", "charset"), F2, ids=[f"F2 {c} {e}" for c, e in F2])
def test_f2_mojibake_is_repaired(code: str, charset: str) -> None:
    assert mend(as_read_by(TEXTS[code], charset)) == (TEXTS[code], True)


def innocent() -> list[str]:
    """Texts in which nothing is broken: the tests' own, in pieces, capitals and quotation marks."""
    own = [*TEXTS.values(), *(page.html for page in labelled())]
    own += [text.upper() for text in TEXTS.values()] + [f"»{t}« – “{t}”…" for t in TEXTS.values()]
    odd = [
        "ÃO PAULO, SÃO JOÃO",
        "Ð and Þ are letters",
        "РЁ РЅЕ РАВНО",
        "naïve café à la carte",
        "20 °C ± 2 µm",
        "Ä“x”",
        "МИНИСТЕРСТВО РФ — СССР",
        "É» «Ê…",
        "Âge d’or",
    ]
    return own + [f"{a} {b}" for a in odd for b in odd]


def test_f2_no_innocent_text_is_touched() -> None:
    texts = innocent()
    assert len(texts) >= 200
    assert [text for text in texts if mend(text) != (text, False)] == []


def test_f2_a_page_is_repaired_before_extractors_drop_half_of_it() -> None:
    told = as_read_by(TEXTS["ru"], "latin-1")
    article = extract_page(
        page_of(story_html(as_read_by("Мост", "latin-1"), paragraphs=[told, told + "!"])), CTX
    ).article
    assert TEXTS["ru"] in article.text
    assert article.title == "Мост"
    assert MENDED in article.flags
    assert article.language == "ru"


F3 = [
    ("lone high surrogate", "a\ud83db"),
    ("lone low surrogate", "\udc00"),
    ("reversed pair", "\ude00\ud83d"),
    ("noncharacters", "\ufffe\uffff\U0010ffff"),
    ("a megabyte of one character", "x" * 1_000_000),
    ("a megabyte of combining marks", "a" + "\u0301" * 500_000),
]


@pytest.mark.parametrize(("case", "text"), F3, ids=[f"F3 {row[0]}" for row in F3])
def test_f3_whatever_comes_can_be_written(case: str, text: str) -> None:
    for value in (normalise(text), writable(text)):
        table = pa.table({"text": pa.array([value], pa.string())})
        pq.write_table(table, sink := io.BytesIO())
        assert pq.read_table(io.BytesIO(sink.getvalue()))["text"].to_pylist() == [value]


@pytest.mark.parametrize("text", ["Gaza", "12345", "https://example.org/gaza", "🔥🚀", ""])
def test_f4_what_is_too_short_is_unnamed(text: str) -> None:
    assert detect(text).code == UNKNOWN


def test_f5_many_threads_asking_first_all_get_english() -> None:
    script = (
        "import sys; from concurrent.futures import ThreadPoolExecutor as P\n"
        "def ask(t):\n"
        "    from transforms.language import detect\n"
        "    return [detect(t).code for _ in range(3)]\n"
        f"with P(16) as p: said = sum(p.map(ask, [{TEXTS['en']!r}] * 16), [])\n"
        "sys.exit(said != ['en'] * 48)"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0


def test_f6_the_same_text_has_the_same_label_in_every_process() -> None:
    both = TEXTS["uk"] + TEXTS["ru"]
    hard = [*(text[:125] for text in TEXTS.values()), TEXTS["en"].upper(), both]
    script = (
        "from transforms.language import detect\n"
        f"print([detect(t) for t in {hard!r} for _ in '12'])"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            encoding="utf-8",
            check=True,
        ).stdout.strip()
        for seed in ("0", "random")
    }
    assert said == {str([detect(t) for t in hard for _ in "12"])}


def test_f7_a_page_in_ten_languages_is_unnamed_and_a_page_in_two_lists_the_second() -> None:
    codes = ("en", "de", "fr", "es", "pl", "ru", "tr", "sv", "it", "nl")
    many = extract_page(page_of(story_html(paragraphs=[TEXTS[c][:100] for c in codes])), CTX)
    both = extract_page(page_of(story_html(paragraphs=[TEXTS["de"]] * 2 + [TEXTS["fr"]])), CTX)
    assert many.article.language == UNKNOWN
    assert both.article.language == "de"
    assert "also_fr" in both.article.flags


SERBIAN = (
    "Градско веће састало се у уторак увече и три сата разговарало о старом мосту преко реке. "
    "Мост је од прошлогодишње јесење поплаве затворен за теретна возила, а пешаци га и даље "
    "користе. Председник општине каже да ће поправка почети на пролеће и трајати пола године."
)
LATIN = (
    "Gradsko veće sastalo se u utorak uveče i tri sata razgovaralo o starom mostu preko reke. "
    "Most je od prošlogodišnje jesenje poplave zatvoren za teretna vozila, a pešaci ga i dalje "
    "koriste. Predsednik opštine kaže da će popravka početi na proleće i trajati pola godine."
)
SIMPLIFIED = (
    "市议会星期二晚上开会，用三个小时讨论了河上的旧桥。"
    "自去年秋天的洪水以来，这座桥一直禁止卡车通行。市长说，维修将于春天开始，历时半年。"
)
TRADITIONAL = (
    "市議會星期二晚上開會，用三個小時討論了河上的舊橋。"
    "自去年秋天的洪水以來，這座橋一直禁止卡車通行。市長說，維修將於春天開始，歷時半年。"
)


@pytest.mark.parametrize(
    ("case", "one", "other", "code"),
    [("F8 sr", SERBIAN, LATIN, "sr"), ("F8 zh", SIMPLIFIED, TRADITIONAL, "zh")],
    ids=["F8 sr", "F8 zh"],
)
def test_f8_a_story_in_two_scripts_is_one_language_and_two_rows(
    case: str, one: str, other: str, code: str
) -> None:
    assert (detect(one).code, detect(other).code) == (code, code)
    rows = [{"id": "1", "text": one, "host": "a"}, {"id": "2", "text": other, "host": "b"}]
    found = copies_rows(rows)[0]
    assert [row["is_canonical"] for row in found] == [True, True]
    assert len({row["dup_cluster_id"] for row in found}) == 2


@pytest.mark.slow
def test_f1_a_hundred_thousand_strings_are_clean_after_one_pass() -> None:
    draw = random.Random(20)
    blocks = [
        (0x20, 0x17F),
        (0x300, 0x36F),
        (0x400, 0x4FF),
        (0x590, 0x6FF),
        (0x900, 0x97F),
        (0x2000, 0x20FF),
        (0x1F300, 0x1FAFF),
        (0xFE00, 0xFFFF),
        (0xE0000, 0xE007F),
        (0, 0x9F),
    ]
    for _ in range(100_000):
        text = "".join(chr(draw.randint(*draw.choice(blocks))) for _ in range(draw.randint(0, 30)))
        once = normalise(text)
        assert normalise(once) == once
        once.encode("utf-8")
