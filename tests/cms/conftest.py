"""Fixtures of the portal's tests."""

import pytest

from tests.standing_site import ensure_site


@pytest.fixture
def site(db):
    """The page tree of a new installation, whatever a race test emptied before."""
    return ensure_site()
