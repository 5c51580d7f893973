"""A registered contract, made once for all tests of a file."""

import copy

import pytest

from tests.marketplace.contracts.factories import signed


@pytest.fixture(scope="module")
def lasting_sides(lasting):
    return signed()


@pytest.fixture
def sides(lasting_sides, for_now):
    """Return the contract with its seller's and its buyer's manager, for one test."""
    return copy.deepcopy(lasting_sides)
