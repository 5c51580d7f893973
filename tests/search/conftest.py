"""Each engine there is, fresh for every test; Elasticsearch where ELASTICSEARCH_URL points to a server."""

import os
import uuid

import hypothesis
import pytest

from search.embedded import EmbeddedEngine
from tests.search.documents import library

ENGINES = ["embedded", "elastic"]

hypothesis.settings.register_profile("search", deadline=None)  # the dictionary loads on the first word
hypothesis.settings.load_profile("search")


def _elastic():
    from search.elastic import ElasticEngine

    return ElasticEngine(os.environ["ELASTICSEARCH_URL"], prefix=f"test-{uuid.uuid4().hex[:10]}")


@pytest.fixture(params=ENGINES)
def engine(request, tmp_path):
    """An empty engine."""
    if request.param == "embedded":
        made = EmbeddedEngine(tmp_path / "search")
        yield made
        made.close()
        return
    if not os.environ.get("ELASTICSEARCH_URL"):
        pytest.skip("ELASTICSEARCH_URL points to no Elasticsearch server")
    made = _elastic()
    yield made
    made.remove_everything()


@pytest.fixture
def stocked(engine):
    """An engine that holds the library."""
    report = engine.apply(library())
    assert (report.applied, report.stale, report.failed) == (20, 0, [])
    engine.refresh()
    return engine
