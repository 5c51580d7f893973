"""What an update of the code needs before the site starts."""

import shutil
from io import StringIO

import pytest
from django.core.management import call_command

from cms.portal.site import ensure_site
from search.documents import SOURCES
from search.embedded import EmbeddedEngine
from search.engines import get_engine
from search.indexing import rebuild_index
from tests.marketplace.auctions.making import announced_lot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def indices(tmp_path, settings):
    """Every index as the demo leaves it, that of lots as code of another schema left it."""
    settings.SEARCH_DIR = tmp_path / "search"
    settings.DEMO = False
    announced_lot()
    ensure_site()
    for kind in SOURCES:
        rebuild_index(kind)
    get_engine().close()
    (settings.SEARCH_DIR / "lot" / "current").write_text("00000000-1")
    return settings.SEARCH_DIR


def generations():
    return {one.kind: one.generation for one in get_engine().health().kinds}


def test_an_index_of_another_schema_is_made_anew_and_the_others_stay(indices, client):
    before, told = generations(), StringIO()

    call_command("prepare", stdout=told)

    after = generations()
    assert get_engine().health().ok
    assert {kind for kind in after if after[kind] != before[kind]} == {"lot"}
    assert client.get("/lots/").context["total"] == 1
    assert "engine_down" not in client.get("/lots/").context


def test_an_index_that_is_gone_is_made_anew_and_one_with_nothing_to_hold_is_not(indices, client):
    get_engine().close()
    for kind in ("lot", "need"):
        shutil.rmtree(indices / kind)
    told = StringIO()

    call_command("prepare", stdout=told)

    assert generations()["lot"] != ""
    assert generations()["need"] == ""
    assert "Building the index anew" in told.getvalue()
    assert client.get("/lots/").context["total"] == 1


def test_a_rebuild_that_fails_is_told_and_the_site_starts_all_the_same(indices, client):
    another, trouble = EmbeddedEngine(indices), StringIO()

    with another.rebuild("lot"):
        call_command("prepare", stdout=StringIO(), stderr=trouble)
        answer = client.get("/lots/")
    another.close()

    assert trouble.getvalue() != ""
    assert answer.context["engine_down"]
    assert len(answer.context["results"]) == 1
