"""Trials made once for all tests of a file."""

import copy

import pytest


@pytest.fixture(scope="module")
def lasting_trials(lasting, request):
    """Return a trial for each of the factories that a file names as SHARED."""
    return {made: made() for made in request.module.SHARED}


@pytest.fixture
def ready(lasting_trials, for_now):
    """Return a function that gives what a factory has made, for one test."""
    return lambda made: copy.deepcopy(lasting_trials[made])
