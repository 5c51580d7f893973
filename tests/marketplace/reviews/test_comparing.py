"""What a reviewer sees marked."""

from marketplace.core.comparing import Piece
from marketplace.reviews.comparing import line_differences


def test_amounts_and_numbers_are_compared_as_wholes():
    assert line_differences("80 万元\n甲", "180 万元\n甲") == [
        Piece("del", "80 万元"),
        Piece("", "\n"),
        Piece("ins", "180 万元"),
        Piece("", "\n"),
        Piece("", "甲"),
    ]
