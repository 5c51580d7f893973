"""What a person typed, taken apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.asking import parse, without_signs


def test_phrases_and_exclusions_are_taken_out():
    asked = parse('钙钛矿 "光扩散板" -液流电池 -"指 静脉"')

    assert asked.free == "钙钛矿"
    assert asked.phrases == (("光", "扩", "散", "板"),)
    assert asked.without == (("指", "静", "脉"), ("液", "流", "电", "池"))


@pytest.mark.parametrize("text", ["-25~70℃", "α-Fe2O3", "GB/T 19001-2016", "无氰-电镀"])
def test_a_hyphen_inside_or_before_a_number_excludes_nothing(text):
    assert parse(text).without == ()


@pytest.mark.parametrize(
    ("text", "free"),
    [
        ('钙钛矿 "光扩散板" -液流电池 -"指 静脉"', "钙钛矿 光扩散板"),
        ("“锁芯”“电机”", "锁芯 电机"),
        ("GB/T 19001-2016 -25~70℃", "GB/T 19001-2016 -25~70℃"),
        ("-锁芯", ""),
        ("锁体 切削", "锁体 切削"),
    ],
)
def test_without_signs_the_words_stay_and_nothing_is_demanded(text, free):
    assert without_signs(text) == free


@pytest.mark.parametrize("text", ["CG20260042", "cg-2026-0042", "ＣＧ－２０２６－００４２", " CG 2026 0042 "])
def test_the_number_of_a_record_is_demanded_as_it_is_written(text):
    asked = parse(text)

    assert (asked.free, asked.phrases) == ("", (("cg", "2026", "0042"),))


def test_the_number_of_a_patent_is_demanded_with_its_point():
    assert parse("ZL2014104246975").phrases == parse("zl201410424697.5").phrases == (("zl", "201410424697", "5"),)


@pytest.mark.parametrize("text", ["CG-2026", "TRL8", "GB/T 19001-2016", "18650", "CG-2026-0042 锁芯", "OH-20"])
def test_what_only_resembles_a_number_is_words(text):
    assert parse(text).phrases == ()


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("低功耗的锁", {"低功", "功耗", "锁"}),
        ("锁太耗电", {"锁", "耗电"}),
        ("目的地的太阳能", {"目的", "的地", "太阳", "阳能"}),  # 目的地, 太阳能 are words
        ("智能锁与门禁", {"智能", "能锁", "门禁"}),
        ("的", {"的"}),  # nothing else is left
    ],
)
def test_little_words_need_not_occur(text, terms):
    assert set(parse(text).base) == terms


@pytest.mark.parametrize("text", ["电镀 NOT 无氰", 'NOT "无氰" 电镀', "电镀 -无氰"])
def test_not_in_capitals_excludes_like_a_minus(text):
    asked = parse(text)

    assert (asked.free, asked.without) == ("电镀", (("无", "氰"),))
    assert without_signs(text) == "电镀"


@pytest.mark.parametrize("text", ["do not freeze", "NOT", "电镀 NOT"])
def test_other_nots_exclude_nothing(text):
    assert parse(text).without == ()


def test_chinese_quotes_and_brackets_are_quotes():
    assert parse("“锁芯”").phrases == parse("「锁芯」").phrases == (("锁", "芯"),)


@pytest.mark.parametrize("text", ["", "   ", "。，", '""', "-"])
def test_nothing_asked(text):
    assert parse(text).is_empty


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("锁", 1),
        ("锁芯", 1),
        ("钙钛矿", 2),
        ("钙钛矿扩散板工艺", 5),  # a phrase or a name: three fifths, at most six
        ("样例智能科技有限公司", 6),
        ("求一种钙钛矿光扩散板的制备工艺，透光率不低于九成。", 3),  # a sentence
        ("锁 芯", 2),
        ("扩散板 工艺 光谱", 4),  # words set apart: all
        ("钙钛矿 扩散板 工艺", 4),  # from five on one may be missing
        ("钙钛矿 扩散板 工艺 透光率 光谱", 6),
        ("low power lock for doors", 3),  # little words among them: three fifths
        ("wifi 锁芯", 2),
    ],
)
def test_how_many_terms_are_required(text, count):
    assert parse(text).required() == count


def test_a_lone_character_is_looked_for_among_single_characters():
    assert parse("锁").base == {"锁": "uni"}
    assert parse("锁芯").base == {"锁芯": "bi"}


@given(st.text(max_size=600))
def test_nothing_a_person_types_is_an_error(text):
    asked = parse(text)

    assert asked.required() <= max(len(asked.base), 0)


@given(st.text(alphabet='锁芯a1 "“”「」-－。,', max_size=80))
def test_what_stands_without_signs_demands_nothing(text):
    free = parse(without_signs(text))

    assert free.phrases == ()
