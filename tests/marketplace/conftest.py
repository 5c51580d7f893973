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


@pytest.fixture(scope="module")
def lasting_institute(lasting):
    """An institute with outcomes at every stage, for all tests of a file; each takes a copy."""
    making.set_up()
    return making.Institute().furnish()
