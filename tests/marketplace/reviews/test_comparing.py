"""What a reviewer sees marked."""

from marketplace.reviews.comparing import Piece, differences, line_differences


def test_prose_is_compared_character_by_character():
    assert differences("锁用模组", "锁用模组二代") == [Piece("", "锁用模组"), Piece("ins", "二代")]
    assert differences("", "新") == [Piece("ins", "新")]


def test_amounts_and_numbers_are_compared_as_wholes():
    assert line_differences("80 万元\n甲", "180 万元\n甲") == [
        Piece("del", "80 万元"),
        Piece("", "\n"),
        Piece("ins", "180 万元"),
        Piece("", "\n"),
        Piece("", "甲"),
    ]


def test_very_long_texts_are_shown_whole():
    assert differences("甲" * 7000, "乙" * 10) == [Piece("del", "甲" * 7000), Piece("ins", "乙" * 10)]
