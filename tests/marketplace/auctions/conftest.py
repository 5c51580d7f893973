"""Lots made once for all tests of a file."""

import copy

import pytest


@pytest.fixture(scope="module")
def lasting_lots(lasting, request):
    """Return what each of the factories makes that a file names as SHARED."""
    return {made: made() for made in request.module.SHARED}


@pytest.fixture
def ready(lasting_lots, for_now):
    """Return a function that gives what a factory has made, for one test."""
    return lambda made: copy.deepcopy(lasting_lots[made])
