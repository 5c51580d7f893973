"""The one clock: real by default, moved only where the settings say so."""

from datetime import UTC, date, datetime

import pytest

from marketplace.core import clock

LATE = datetime(2026, 6, 18, 16, 30, tzinfo=UTC)  # already the 19th in Wenzhou


def test_moves_inside_the_block_only():
    with clock.moved_to(LATE):
        assert clock.now() == LATE
        assert clock.today() == date(2026, 6, 19)

    assert clock.now() != LATE


def test_refuses_to_move_in_production(settings):
    settings.CLOCK_MAY_MOVE = False

    with pytest.raises(RuntimeError), clock.moved_to(LATE):
        pass


def test_refuses_a_naive_instant(settings):
    settings.CLOCK_MAY_MOVE = True

    with pytest.raises(ValueError, match="aware"), clock.moved_to(datetime(2026, 6, 18)):  # noqa: DTZ001
        pass
