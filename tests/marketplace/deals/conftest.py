"""A deal from a match, made once for all tests of a file."""

import copy

import pytest

from tests.marketplace.deals.factories import from_match


@pytest.fixture(scope="module")
def lasting_match(lasting):
    return from_match()


@pytest.fixture
def matched(lasting_match, for_now):
    """Return a deal from a match with its two parties."""
    return copy.deepcopy(lasting_match)
