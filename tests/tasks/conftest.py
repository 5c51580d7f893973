"""What the tests of consequences share."""

import pytest
from django.test import TestCase

from tasks.delivery import at_once


def carried_out(call):
    """Carry out at once what follows from a call."""
    with at_once(), TestCase.captureOnCommitCallbacks(execute=True):
        return call()


@pytest.fixture
def commit():
    return carried_out
