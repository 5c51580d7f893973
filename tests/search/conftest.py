"""Each engine there is, fresh for every test."""

import uuid

import hypothesis
import pytest

from search.elastic import ElasticEngine
from search.embedded import EmbeddedEngine
from tests.elasticsearch.server import address
from tests.marketplace.outcomes import making
from tests.search.documents import library

ENGINES = ["embedded", "elastic"]

hypothesis.settings.register_profile("search", deadline=None)  # the dictionary loads on the first word
hypothesis.settings.load_profile("search")


@pytest.fixture
def server():
    """The address of an Elasticsearch server: ELASTICSEARCH_URL's, else the run's own."""
    return address()


@pytest.fixture
def elastic(server):
    """An empty Elasticsearch engine, with indices of its own."""
    made = ElasticEngine(server, prefix=f"test-{uuid.uuid4().hex[:10]}")
    yield made
    made.remove_everything()
    made.close()


@pytest.fixture
def embedded(tmp_path):
    """An empty embedded engine."""
    made = EmbeddedEngine(tmp_path / "search")
    yield made
    made.close()


@pytest.fixture(params=ENGINES)
def engine(request):
    """An empty engine of each sort."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def stocked(engine):
    """An engine that holds the library."""
    report = engine.apply(library())
    assert (report.applied, report.stale, report.failed) == (20, 0, [])
    engine.refresh()
    return engine


@pytest.fixture
def platform(db):
    """A database with classifications and reviews, as setup_platform leaves it."""
    making.set_up()


@pytest.fixture
def institute(platform):
    """An institute whose outcomes go their real way."""
    return making.Institute()
