"""Fixtures every test may use."""

import asyncio
import gc
import os
import re
import shutil
from collections.abc import Callable, Generator, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.signals import setting_changed
from django.db import connection, transaction
from django.dispatch import receiver
from django.template import Context, RequestContext, Template
from django.test import TransactionTestCase
from django.test.signals import template_rendered
from django.test.utils import override_settings
from django.utils import translation
from django.utils.safestring import SafeString
from playwright.sync_api import Error as PlaywrightError

from cms import shell
from cms.bare import test as bare
from cms.bare.turns import share_a_core
from cms.portal import remembering
from marketplace.core import code_lists
from search.engines import keep_only
from tests import databases
from tests.browser_loop import no_running_loop, show
from tests.cores import all_cores
from tests.emptying import empty_tables, keep_shipped_rules
from tests.standing_site import keep_made_site

LONGEST = re.compile(
    r"/(walk/\w+|faults/test_index_worker|test_demo|test_one_deal|test_trial_first|test_hybrid_session"
    r"|test_price_to_statement|test_bare_machine|faults/auction/test_rotation)\.py"
)
BEFORE_THE_DATABASE = re.compile(r"/(test_settings|test_architecture)\.py")  # ask for it late, or never
# a container's /dev/shm is small: a page that outgrows it crashes, and scripts asked of a crashed page never answer
# and a page lives for a second: what V8 compiles a third time, beside the page, costs more than it is worth; a process
# that only draws took a fourteenth of the browsers' time to be talked to
CHROMIUM_WORDS = [
    "--no-sandbox",
    "--in-process-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--js-flags=--no-maglev --no-turbofan",
]


@pytest.hookimpl(trylast=True)  # of what is left once marks have chosen
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the longest files first, so that no worker is left alone with one; files stay whole.

    Before them what needs no database, while that is being migrated. A worker is handed the next file when two tests
    are left to it: those behind long files of one test would wait for it at the end of a run, and not here.
    """
    first = (BEFORE_THE_DATABASE, LONGEST)
    items.sort(key=lambda item: tuple(not each.search(item.nodeid) for each in first))


def pytest_collection() -> None:
    """Look for no garbage while modules are loaded: nearly all of what they make stays."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Look for garbage among what tests leave, not among the modules and test items that stay."""
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000, 10, 20)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Give this worker a copy of the migrated template database."""
    own, home = settings.DATABASES["default"]["TEST"]["NAME"], connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        databases.make(own)
        shutil.rmtree(settings.SEARCH_DIR, ignore_errors=True)  # what an earlier run wrote is of no row here
        keep_shipped_rules()
        keep_made_site()
        share_a_core(connection, int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]))
    TransactionTestCase._fixture_teardown = empty_tables
    yield
    with django_db_blocker.unblock():
        connection.close()
        databases.drop(own, home)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Give a test with a browser all cores, as browser and server work at the same time; keep the loop from others."""
    with all_cores() if "browser" in getattr(item, "fixturenames", ()) else no_running_loop():
        return (yield)


@pytest.fixture(scope="session")
def launch_browser(launch_browser: Callable[..., Any]) -> Callable[..., Any]:
    """Start the browser a second time where the first fell over as it began: all tests of the worker would fail."""

    def launch(**how: Any) -> Any:
        try:
            return launch_browser(**how)
        except PlaywrightError:
            return launch_browser(**how)

    return launch


@pytest.fixture(scope="session")
def browser(browser: Any) -> Iterator[Any]:
    """Start a browser, and let it be closed where the last test of a worker has none."""
    loop = asyncio.get_running_loop()
    yield browser
    show(loop)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Have pytest-playwright start Debian's chromium; one browser serves all tests of a worker."""
    program = bare.browser()
    assert program, bare.NO_BROWSER
    return {"executable_path": program, "args": CHROMIUM_WORDS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Have nothing move on the pages: drawing what pulses took two fifths of the browsers' time."""
    return {**browser_context_args, "reduced_motion": "reduce"}


@pytest.fixture(scope="session", autouse=True)
def _answers_last() -> None:
    """Keep what is kept for seconds as long as a test takes: asked again after a slow request, counts would differ."""
    code_lists.SECONDS = 600.0
    shell.REMEMBERED = remembering.FRESH = 600


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Start each test with no counted limits, no remembered pages and no remembered lists."""
    cache.clear()
    code_lists.forget()


@pytest.fixture(autouse=True)
def _speak_chinese() -> None:
    """Start each test in the default language, whatever a page of the test before was read in."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(scope="session", autouse=True)
def _pages_are_noted(django_test_environment: None) -> None:
    """Note what `answer.context` tells of pages only: a copy for each part and each field took a tenth of the time."""
    Template._render = _note_page


def _note_page(template: Template, context: Context) -> SafeString:
    if isinstance(context, RequestContext) and context.template is template:
        template_rendered.send(sender=template, template=template, context=context)
    return template.nodelist.render(context)


@receiver(setting_changed)
def _let_go_of_indexes(*, setting: str, value: Any, enter: bool, **_others: Any) -> None:
    """Close an index with the test that had it: at the end of a run a worker had 1,400 threads, all awake at times."""
    if setting == "SEARCH_DIR" and not enter:
        keep_only(value)


@pytest.fixture(scope="module")
def lasting(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Begin a transaction and an index that last for all tests of a file and leave nothing; they use no `db`.

    What lasts is made before the first test is set up, so it begins here as a test does.
    """
    cache.clear()
    code_lists.forget()
    translation.activate(settings.LANGUAGE_CODE)
    own_index = override_settings(SEARCH_DIR=tmp_path_factory.mktemp("search"))
    with own_index, django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def for_now(lasting: None) -> Iterator[None]:
    """Take back what a test writes into tables, once it is asked whether that would have stood."""
    with transaction.atomic():
        yield
        if not connection.needs_rollback:
            connection.check_constraints()
        transaction.set_rollback(True)
