"""What two texts say differently, marked word by word."""

import pytest

from marketplace.core.comparing import Piece, differences, side_by_side


def test_chinese_is_compared_by_the_character():
    assert differences("锁用模组", "锁用模组二代") == [Piece("", "锁用模组"), Piece("ins", "二代")]
    assert differences("", "新") == [Piece("ins", "新")]


@pytest.mark.parametrize(
    ("before", "after", "out", "into"),
    [
        ("总价 80 万元", "总价 180 万元", "80", "180"),
        ("1,200.50 元", "1,200.55 元", "1,200.50", "1,200.55"),
        ("提成5%", "提成15%", "5%", "15%"),
        ("paid once", "paid twice", "once", "twice"),
        ("交付样机2台", "交付样机3台", "2", "3"),
    ],
)
def test_a_number_and_a_word_in_latin_letters_change_as_wholes(before, after, out, into):
    changed = [piece for piece in differences(before, after) if piece.tag]

    assert changed == [Piece("del", out), Piece("ins", into)]


def test_both_texts_stand_whole_beside_each_other():
    before, after = "分三期支付，\n首期30%。", "分两期支付，\n首期50%，余款验收后付。"

    left, right = side_by_side(before, after)

    assert ("".join(each.text for each in left), "".join(each.text for each in right)) == (before, after)
    assert {each.tag for each in left} == {"", "del"}
    assert {each.tag for each in right} == {"", "ins"}


def test_very_long_texts_are_shown_whole():
    assert differences("甲" * 7000, "乙" * 10) == [Piece("del", "甲" * 7000), Piece("ins", "乙" * 10)]
