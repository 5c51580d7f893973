"""What the tests of consequences share."""

import pytest

from tasks.delivery import at_once


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """Carry out at once what follows from a call."""

    def run(call):
        with at_once(), django_capture_on_commit_callbacks(execute=True):
            return call()

    return run
