"""Fixtures every test may use."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import translation

from tests import databases

CHROMIUM = Path("/usr/bin/chromium")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the browser tests last: from its first one on, Playwright's loop runs in the worker's own thread."""
    items.sort(key=lambda item: "browser" in getattr(item, "fixturenames", ()))


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


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Have pytest-playwright start Debian's chromium; one browser serves all tests of a worker."""
    assert CHROMIUM.exists(), "The browser tests need chromium: apt-get install chromium"
    return {"executable_path": str(CHROMIUM), "args": ["--no-sandbox", "--disable-background-networking"]}


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Start each test with no counted limits and no remembered pages."""
    cache.clear()


@pytest.fixture(autouse=True)
def _speak_chinese() -> None:
    """Start each test in the default language, whatever a page of the test before was read in."""
    translation.activate(settings.LANGUAGE_CODE)
