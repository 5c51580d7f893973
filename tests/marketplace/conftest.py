"""Fixtures of the domain's tests."""

import pytest

from tests.marketplace.outcomes import making


@pytest.fixture
def platform(db):
    """A database with classifications and reviews, as setup_platform leaves it."""
    making.set_up()


@pytest.fixture
def institute(platform):
    return making.Institute()
