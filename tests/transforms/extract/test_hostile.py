"""Pages built in ways that extractors trip over: what a reader sees as the story comes out whole,
and nothing of what surrounds it."""

import sys
from pathlib import Path

import pytest

from transforms.extract.article import extract_page

sys.path.append(str(Path(__file__).resolve().parent))
from hostile_pages import CASES, H1, S, p, page
from pages import CTX, page_of


def told(html: str) -> str:
    return extract_page(page_of(html, url="https://courier.example/2024/river"), CTX).article.text


@pytest.mark.parametrize("name", CASES)
def test_the_story_and_nothing_else_comes_out(name: str) -> None:
    case = CASES[name]
    text = told(case.html)
    missing = [line for line in case.holds if line not in " ".join(text.split())]
    assert not missing, text
    assert [line for line in case.lacks if line in " ".join(text.split())] == []
    assert all(text.count(line) == 1 for line in S if line in case.holds)


ARABIC = [
    "ارتفع منسوب النهر مترين ليلة الثلاثاء ووصل إلى المنازل الأولى في المدينة القديمة "
    "قبل الرابعة فجرا بقليل.",
    "نقل رجال الإطفاء أربعين من نزلاء دار المسنين إلى المدرسة المجاورة، "
    "ولم يصب أحد بأذى وفقا للبلدية.",
    "وكان مشغل السد قد حذر منذ الأحد من أن البوابات لا يمكن رفعها أكثر من ذلك "
    "من دون إصلاحات عاجلة.",
]
CHINESE = [
    "周二夜间河水上涨两米，凌晨四点前不久淹到了老渡口的第一批房屋，市议会在当天上午的通报中这样表示。",
    "消防员把养老院的四十名居民从房间里背了出来，没有人受伤，磨坊街的学校为他们打开了大门并准备了热汤。",
    "上游水闸的运营方从周日起就警告说，如果不进行维修，闸门无法再提高，而维修的申请早在春天就已经递交。",
]
THAI = [
    "ระดับน้ำในแม่น้ำสูงขึ้นสองเมตรในคืนวันอังคารและท่วมถึงบ้านหลังแรกก่อนตีสี่เล็กน้อยตามที่สภาเมืองแถลง",
    "เจ้าหน้าที่ดับเพลิงอุ้มผู้พักอาศัยสี่สิบคนออกจากบ้านพักคนชราไม่มีผู้ใดได้รับบาดเจ็บและโรงเรียนเปิดรับทุกคน",
    "ผู้ดูแลประตูระบายน้ำเตือนมาตั้งแต่วันอาทิตย์ว่าไม่สามารถยกประตูขึ้นได้อีกหากไม่มีการซ่อมแซม",
]


@pytest.mark.parametrize(("lines", "way"), [(ARABIC, "rtl"), (CHINESE, "ltr"), (THAI, "ltr")])
def test_scripts_that_run_backwards_or_without_spaces_are_paragraphs_too(
    lines: list[str], way: str
) -> None:
    body = f"<article><h1>{lines[0][:20]}</h1>{p(lines)}</article>"
    assert told(page(f"<div dir={way}>{body}</div>", title=lines[0][:20])).split("\n") == lines


def test_the_lines_of_a_poem_stay_lines() -> None:
    poem = "The river came<br>and took the chairs,<br>the river went<br>and left us theirs."
    text = told(
        page(f"<article>{H1}{p(S[:3])}<blockquote><p>{poem}</p></blockquote>{p(S[3:])}</article>")
    )
    assert "The river came" in text
    assert "and left us theirs." in text
    assert "cameand" not in text


def test_code_in_a_story_stays_and_program_text_of_the_page_goes() -> None:
    code = "pump --level 6.02 --gate 3"
    html = page(
        f"<article>{H1}{p(S[:3])}<pre><code>{code}</code></pre><script>var level = 6.02;</script>"
        f"<style>.gate {{ display: block }}</style>{p(S[3:])}</article>"
    )
    text = told(html)
    assert code in text
    assert "var level" not in text
    assert "display: block" not in text
