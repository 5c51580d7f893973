"""Search in the admin, in a browser: a rebuild is seen to go on by itself, and a synonym is tried."""

import os
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from marketplace.core import clock
from marketplace.core.journal import Entry, Kind
from marketplace.organisations.roles import Role
from marketplace.organisations.staff import set_up_groups
from search.engines import get_engine
from search.indexing import rebuild_index
from search.keeping import add_first_synonyms
from search.models import IndexRun
from search.noting import note_search
from search.rebuilding import carry_out
from tasks.models import Delivery
from tests.factories import people
from tests.journeys.test_desk import enter
from tests.marketplace.auctions import making
from tests.standing_site import ensure_site

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
PICTURES = os.environ.get("SEARCH_PICTURES")


@pytest.fixture
def page(visitor, transactional_db, tmp_path, settings):
    """An officer's browser, with one outcome in an index of its own."""
    settings.SEARCH_DIR = tmp_path / "search"
    ensure_site()
    set_up_groups()
    add_first_synonyms()
    facts = {"published_at": timezone.now(), "expires_on": "2099-01-01", "state": "available"}
    making.outcome(title="钛合金支架3D打印工艺", **facts)
    rebuild_index("outcome")
    page = visitor()
    enter(page, people.staff(Role.OFFICER, is_staff=True))
    yield page
    get_engine().close()


def picture(page, name):
    """Keep pictures for whoever looks at the design (SEARCH_PICTURES names a folder)."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def test_a_rebuild_is_seen_to_begin_and_to_end_without_a_reload(page):
    page.goto("/admin/search-index/")
    picture(page, "index")
    row = page.locator("#indexes tbody tr").first

    row.get_by_role("button", name="重建").click()
    expect(row).to_contain_text("等待索引进程")
    picture(page, "index-waiting")
    page.evaluate("window.not_reloaded = true")
    carry_out(IndexRun.objects.get(kind="outcome"))

    expect(row.get_by_role("button", name="重建")).to_be_visible()
    expect(page.locator("[hx-get]")).to_have_count(0)
    assert page.evaluate("window.not_reloaded")


def test_a_question_without_answer_becomes_a_synonym_that_is_tried(page):
    note_search("outcome", "三维成型", results=0, took_ms=5)
    note_search("", "机器视觉", results=4, took_ms=800)
    page.goto("/admin/searches/")
    picture(page, "asked")

    page.get_by_role("link", name="添加同义词").click()
    page.fill("[name=alternatives]", "3D打印")
    picture(page, "synonym-new")
    page.get_by_role("button", name="创建").click()
    page.fill("[name=try]", "三维成型")
    page.get_by_role("button", name="试一试").click()

    expect(page.get_by_text("使用同义词：1 项结果")).to_be_visible()
    expect(page.get_by_text("不用同义词：0 项结果")).to_be_visible()
    picture(page, "synonyms-tried")


def test_a_record_that_failed_is_shown_with_its_reason(page):
    outcome = making.outcome()
    entry = Entry.objects.create(kind=Kind.OUTCOME_PUBLISHED, subject=outcome, actor=None, recorded_at=clock.now())
    Delivery.objects.create(
        entry=entry, consequence="index.index_subject", due_at=clock.now(), attempts=3, error="IndexIncomplete: trl"
    )

    page.goto("/admin/search-index/")

    expect(page.get_by_role("cell", name=outcome.number)).to_be_visible()
    expect(page.get_by_role("button", name="再试")).to_be_visible()
    picture(page, "index-failed")
