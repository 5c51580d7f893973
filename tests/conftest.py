"""Fixtures every test may use."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import translation

from tests import databases


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Give this worker a copy of the migrated template database."""
    own, home = settings.DATABASES["default"]["TEST"]["NAME"], connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        databases.make(own)
    yield
    with django_db_blocker.unblock():
        connection.close()
        databases.drop(own, home)


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Start each test with no counted limits and no remembered pages."""
    cache.clear()


@pytest.fixture(autouse=True)
def _speak_chinese() -> None:
    """Start each test in the default language, whatever a page of the test before was read in."""
    translation.activate(settings.LANGUAGE_CODE)
