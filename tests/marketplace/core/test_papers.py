"""Papers as PDF: the words as they were written, the font inside, the same bytes each time."""

import io
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from PIL import Image, ImageChops

from marketplace.core.papers import (
    Bars,
    Check,
    Facts,
    Paper,
    Signatures,
    Table,
    Text,
    as_pdf,
    compiler_of,
    paper_response,
)
from tests.pdf_text import embedded_fonts, text_of

DATED = datetime(2026, 6, 18, 6, 3, tzinfo=UTC)
# what typst would read as code, emphasis, mathematics, a label, a reference, a comment, a link
MARKUP = '#panic("x") $a^2$ *b* _c_ \\ `d` [e] <f> @g // h /* i */ = j - k + l "m" {n}; ~ https://o.example'


def paper(*blocks, title="拍卖公告", subject="样例专场"):
    return Paper(title, subject, "OLP-2026-01", DATED, list(blocks))


def squeezed(text):
    return "".join(text.split())


@pytest.mark.parametrize(
    "block",
    [
        Facts([(MARKUP, MARKUP)], heading=MARKUP),
        Table([MARKUP, "价"], [[MARKUP, "160"], ["乙", MARKUP]], heading="拍品", numbers=(1,), widths=(3, 1)),
        Text([MARKUP]),
        Bars([(MARKUP, 3.5, 7.0, "160 万元"), ("无", 0, None, MARKUP)]),
        Signatures([MARKUP]),
        Check("https://a.example/verify/ABCD", [MARKUP]),
    ],
    ids=lambda block: block.kind,
)
def test_what_people_wrote_is_never_read_as_markup(block):
    found = text_of(as_pdf(paper(block, subject=MARKUP)))

    assert found.count(squeezed(MARKUP)) >= 2


def test_the_font_is_inside_and_rare_characters_are_found():
    rare = "㙓䶮𬱖龘靐𰻝朤 é Ø “引号” — –− ① ≥ ✓ · ¥"

    pdf = as_pdf(paper(Text([rare])))

    assert embedded_fonts(pdf) == {"NotoSansSC-Regular"}
    assert squeezed(rare) in text_of(pdf)


def picture_of(paper):
    """Return the one page of a paper as a picture in greys."""
    drawn = compiler_of(paper).compile(format="png", ppi=72)
    assert isinstance(drawn, bytes), "one page"
    return Image.open(io.BytesIO(drawn)).convert("L")


def ink(picture):
    """Return the box the ink fills, as shares of width and height."""
    left, top, right, bottom = ImageChops.invert(picture).getbbox()
    return left / picture.width, top / picture.height, right / picture.width, bottom / picture.height


def test_on_the_picture_of_a_page_each_character_has_a_shape_of_its_own_within_the_margins():
    """A font that lacks them would draw one box for all, and the map of the letters would not tell."""
    signs = "瓯海技术转移市场登记证明贰拾万元整"
    pages = {sign: picture_of(paper(Text([sign * 3]))) for sign in signs}

    assert len({page.tobytes() for page in pages.values()}) == len(signs)
    for page in pages.values():
        left, top, right, bottom = ink(page)
        assert 0.05 < left < right < 0.95
        assert 0.02 < top < bottom < 0.98


def test_what_the_font_lacks_is_written_by_its_code_point():
    found = text_of(as_pdf(paper(Text(["吉祥的𠮷，🙂"]))))

    assert "吉祥的〔U+20BB7〕，〔U+1F642〕" in found


def test_lines_and_fingerprints_stay_whole():
    found = text_of(as_pdf(paper(Facts([("指纹", "0123456789abcdef" * 4), ("说明", "第一行\n第二行")]))))

    assert "0123456789abcdef" * 4 in found
    assert "第一行第二行" in found


def test_words_and_page_numbers_are_in_the_language_that_is_active():
    with translation.override("en"):
        english = text_of(as_pdf(paper()))
    chinese = text_of(as_pdf(paper()))

    assert "page1of1" in english
    assert "第1页，共1页" in chinese


def test_a_paper_of_many_pages_repeats_the_heads_of_its_table():
    rows = [[str(number), "出价"] for number in range(200)]

    found = text_of(as_pdf(paper(Table(["序号", "事件"], rows, widths=(1, 4)))))

    assert found.count("序号事件") > 1
    assert "199出价" in found


MADE = """
import hashlib, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
django.setup()
from tests.marketplace.core.test_papers import example
from marketplace.core.papers import as_pdf
print(hashlib.sha256(as_pdf(example())).hexdigest())
"""


def example():
    return paper(
        Facts([("组织方", "区科技局")], heading="概要"),
        Table(["序"], [["1"]]),
        Bars([("甲", 1, 2, "x")]),
        Signatures(["受让方"]),
        Check("https://a.example/verify/ABCD", ["扫码"]),
    )


def test_the_same_paper_gives_the_same_bytes_in_another_process():
    import hashlib

    first, second = as_pdf(example()), as_pdf(example())
    elsewhere = subprocess.run([sys.executable, "-c", MADE], capture_output=True, text=True, check=True).stdout.strip()

    assert first == second
    assert elsewhere == hashlib.sha256(first).hexdigest()


def test_another_word_or_day_gives_other_bytes():
    other_day = Paper("拍卖公告", "样例专场", "OLP-2026-01", DATED.replace(day=19), [])

    assert as_pdf(paper()) != as_pdf(paper(subject="样例专场二"))
    assert as_pdf(paper()) != as_pdf(other_day)


def test_a_paper_is_shown_in_the_browser_under_its_own_name():
    answer = paper_response(paper(), "成交确认书 1")

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline; filename*=UTF-8''%E6%88%90")
    assert answer.content.startswith(b"%PDF")


def test_a_name_among_words_of_ours_is_marked_however_its_code_is_spelt():
    facts = Facts([("Enterprise", "样例甲\ncredit code 91A3B3C0M4D1E2F3G4"), ("Said", "<b>甲</b>\n& others")])

    with translation.override("en"):
        page = render_to_string("components/paper.html", {"paper": paper(facts)})

    assert '<dd><span lang="zh-Hans">样例甲</span><br>credit code 91A3B3C0M4D1E2F3G4</dd>' in page
    assert '<dd>&lt;b&gt;<span lang="zh-Hans">甲</span>&lt;/b&gt;<br>&amp; others</dd>' in page
