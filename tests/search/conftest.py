"""Each engine there is, fresh for every test; and one of each that holds the library, for all who only ask."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import pytest
from django.utils import timezone

from marketplace.core.classifications import TechnicalField
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.models import ResearchOutcome
from search.elastic import ElasticEngine
from search.embedded import EmbeddedEngine
from search.engines import get_engine
from tests.elasticsearch.server import address
from tests.marketplace.outcomes import making
from tests.search.documents import library

ENGINES = ["embedded", pytest.param("elastic", marks=pytest.mark.long)]

hypothesis.settings.register_profile("search", deadline=None)  # the dictionary loads on the first word
hypothesis.settings.load_profile("search")


@contextmanager
def _elastic(server: str) -> Iterator[ElasticEngine]:
    made = ElasticEngine(server, prefix=f"test-{uuid.uuid4().hex[:10]}")
    yield made
    made.remove_everything()
    made.close()


@contextmanager
def _embedded(folder: Path) -> Iterator[EmbeddedEngine]:
    made = EmbeddedEngine(folder)
    yield made
    made.close()


@pytest.fixture(scope="session")
def server():
    """The address of an Elasticsearch server: ELASTICSEARCH_URL's, else the run's own."""
    return address()


@pytest.fixture
def elastic(server):
    """An empty Elasticsearch engine, with indices of its own."""
    with _elastic(server) as made:
        yield made


@pytest.fixture
def embedded(tmp_path):
    """An empty embedded engine."""
    with _embedded(tmp_path / "search") as made:
        yield made


@pytest.fixture(params=ENGINES)
def engine(request):
    """An empty engine of each sort."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def elastic_library(server):
    with _elastic(server) as made:
        yield _filled(made)


@pytest.fixture(scope="module")
def embedded_library(tmp_path_factory):
    with _embedded(tmp_path_factory.mktemp("library")) as made:
        yield _filled(made)


def _filled(engine):
    report = engine.apply(library())
    assert (report.applied, report.stale, report.failed) == (20, 0, [])
    engine.refresh()
    return engine


@pytest.fixture(scope="module", params=ENGINES)
def stocked(request):
    """An engine of each sort that holds the library, the same one for all tests of a file: ask it, write nothing."""
    return request.getfixturevalue(f"{request.param}_library")


@pytest.fixture
def platform(db):
    """A database with classifications and reviews, as setup_platform leaves it."""
    making.set_up()


@pytest.fixture
def institute(platform):
    """An institute whose outcomes go their real way."""
    return making.Institute()


@pytest.fixture
def index(tmp_path, settings):
    """An empty embedded index in place of the process's own."""
    settings.SEARCH_DIR = tmp_path / "search"
    return get_engine()


@pytest.fixture
def trade(db):
    """Return functions that write public outcomes and needs."""
    user = User.objects.create(username="writer", email="writer@example.cn")
    now = timezone.now()
    owner = Organisation.objects.create(
        name="样例研究院甲", kind="institute", uscc="91000000MA0000011X", registered_at=now, state="verified",
        decided_at=now, region="330304",
    )  # fmt: skip
    field = TechnicalField.objects.create(code="03", name="先进制造", name_en="Advanced manufacturing")
    other = TechnicalField.objects.create(code="05", name="新材料及其应用", name_en="New materials")

    def outcome(title, number, **facts):
        facts = {
            "summary": "演示用的公开简介。", "field": field, "trl": 7, "modes": ["ordinary"], "live": True,
            "published_at": now, "expires_on": "2099-01-01", "is_negotiable": True, "state": "available",
        } | facts  # fmt: skip
        return ResearchOutcome.objects.create(
            title=title, number=number, owner=owner, drafted_by=user, drafted_at=now, **facts
        )

    def need(title, **facts):
        facts = {"problem": "演示用的问题。", "live": True, "published_at": now, "mode": "service"} | facts
        return TechnologyNeed.objects.create(title=title, organisation=owner, drafted_by=user, drafted_at=now, **facts)

    return outcome, need, other
