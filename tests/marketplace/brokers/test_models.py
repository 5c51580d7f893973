"""What the register says of a certificate on a given day."""

from datetime import UTC, date, datetime

import pytest

from marketplace.brokers.models import TechBroker

State, Standing = TechBroker.State, TechBroker.Standing


def certificate(**facts):
    return TechBroker(**{"valid_from": date(2024, 10, 1), "valid_until": date(2027, 9, 30), **facts})


@pytest.mark.parametrize(
    ("facts", "day", "standing"),
    [
        ({}, date(2024, 9, 30), Standing.NOT_YET),
        ({}, date(2024, 10, 1), Standing.VALID),
        ({}, date(2027, 9, 30), Standing.VALID),
        ({}, date(2027, 10, 1), Standing.EXPIRED),
        ({"valid_until": None}, date(2060, 1, 1), Standing.VALID),
        ({"state": State.SUSPENDED}, date(2026, 1, 1), Standing.SUSPENDED),
        ({"state": State.SUSPENDED}, date(2028, 1, 1), Standing.SUSPENDED),
        ({"state": State.REVOKED}, date(2026, 1, 1), Standing.REVOKED),
        ({"state": State.REVOKED}, date(2028, 1, 1), Standing.REVOKED),
    ],
)
def test_standing_follows_from_state_and_dates(facts, day, standing):
    assert certificate(**facts).standing(day) == standing


def test_the_last_day_ends_at_midnight_in_wenzhou():
    broker = certificate()

    assert broker.is_valid(datetime(2027, 9, 30, 15, 59, 59, tzinfo=UTC))  # 23:59:59 in Asia/Shanghai
    assert not broker.is_valid(datetime(2027, 9, 30, 16, 0, tzinfo=UTC))
