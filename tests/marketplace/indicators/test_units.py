"""The unit behind a figure of the board follows the count, in the grammar of the language."""

import pytest

from tests.marketplace.indicators.test_board import register_at

pytestmark = pytest.mark.django_db


def test_the_unit_follows_the_count(client):
    for day in ((2025, 5, 1), (2025, 6, 1), (2025, 6, 2)):
        register_at(day, amount=100)
    asked = ("/en/board/?period=2025-05", "/en/board/?period=2025-06", "/board/?period=2025-06")

    may, june, in_chinese = (client.get(address).content.decode() for address in asked)

    assert "1 <small>contract</small>" in may
    assert "0 <small>lots</small>" in may
    assert "2 <small>contracts</small>" in june
    assert "2<small>份</small>" in in_chinese
