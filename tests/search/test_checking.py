"""`manage.py check_search`: every feature in use, tried on the engine of the installation."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from elasticsearch import Elasticsearch

from marketplace.outcomes.models import ResearchOutcome
from search import checking
from search.embedded import EmbeddedEngine
from tests.search.conftest import ENGINES

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_index(settings, tmp_path):
    """No index yet."""
    settings.SEARCH_DIR = tmp_path / "search"
    return settings.SEARCH_DIR


def check():
    out = StringIO()
    call_command("check_search", stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def chosen(request, own_index, settings):
    """Have the settings choose an engine; return a function that tells what is left of the trial."""
    if request.param == "embedded":
        return lambda: list(own_index.glob("check-*"))
    settings.ELASTICSEARCH_URL = request.getfixturevalue("server")

    def left():
        with Elasticsearch(settings.ELASTICSEARCH_URL) as client:
            templates = client.indices.get_index_template()["index_templates"]
            names = [*client.indices.get_alias(index="check-*").body, *(one["name"] for one in templates)]
            return [name for name in names if name.startswith("check-")]

    return left


@pytest.mark.parametrize("chosen", ENGINES, indirect=True)
def test_everything_works_and_nothing_is_left(chosen):
    lines = check()

    assert [line.split()[0] for line in lines if "holds" not in line] == ["ok"] * len(checking.FEATURES)
    assert "outcome: the index holds 0 of 0" in lines
    assert chosen() == []


def test_a_server_that_is_down_is_told_once(own_index, settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"

    with pytest.raises(CommandError, match=r"The engine \(elasticsearch\) fails in: write\."):
        check()


def test_a_database_without_migrations_is_told_in_one_line(own_index):
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {ResearchOutcome._meta.db_table} CASCADE")

    with pytest.raises(CommandError) as refused:
        check()

    assert str(refused.value) == "The database lacks tables or columns this code reads: run `manage.py migrate`."


class WithoutWords(EmbeddedEngine):
    """An engine that suggests nothing and counts nothing."""

    def suggest(self, kind, prefix, where, n):
        return []

    def search(self, query):
        page = super().search(query)
        return type(page)(page.hits, page.total, {}, page.took_ms)


def test_names_each_feature_that_is_missing(tmp_path):
    engine = WithoutWords(tmp_path)

    found = {finding.feature: finding.trouble for finding in checking.findings(engine) if finding.trouble}

    assert list(found) == ["facets", "suggestions"]
    assert found["suggestions"] == "电: ['无氰电镀工艺'] is wanted, the answer is []."
    engine.close()


def test_an_index_of_another_schema_is_told(own_index):
    (own_index / "outcome").mkdir(parents=True)
    (own_index / "outcome" / "current").write_text("00000000-1")

    with pytest.raises(CommandError, match="rebuild"):
        check()
