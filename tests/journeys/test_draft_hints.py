"""Hints beside a draft in a browser: they come with autosave, choose nothing by themselves, and fit a phone."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from marketplace.reviews.drafts import save_draft
from search.indexing import rebuild_index
from tasks.index import sign_outcomes
from tests.journeys.test_desk import enter
from tests.marketplace.outcomes import making

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
WIDER = "document.documentElement.scrollWidth > innerWidth"


@pytest.fixture
def writing(visitor, transactional_db, tmp_path, settings):
    """Return a page on which a publisher writes a draft of few words, the draft, and a public outcome of others."""
    settings.SEARCH_DIR = tmp_path / "search"
    making.set_up()
    institute, public = making.Institute(), making.Institute().published()
    draft = institute.draft(title="一项草稿")
    version = draft.newest_version
    version.summary, version.field = "", None
    save_draft(version, by=institute.publisher)
    sign_outcomes()
    rebuild_index("outcome")
    page = visitor()
    enter(page, institute.publisher)
    page.goto(reverse("outcome-edit", args=[draft.number]))
    page.wait_for_load_state("networkidle")
    return page, draft, public


def test_hints_come_with_what_is_typed_and_a_field_is_chosen_by_a_press_only(writing, accessible):
    page, draft, public = writing
    alike = page.get_by_role("link", name="并排对照")
    assert alike.count() == 0

    page.fill("[name=title]", public.title)
    page.fill("[name=summary]", public.summary)
    expect(alike).to_be_visible(timeout=15_000)
    suggested = page.locator("button[data-fill]", has=page.locator(f'data[value="{public.field.pk}"]'))
    expect(suggested).to_have_count(1)
    before = page.input_value("[name=field]")
    accessible(page)
    suggested.click()
    expect(suggested).to_have_count(0, timeout=15_000)

    assert before == ""
    assert page.input_value("[name=field]") == str(public.field.pk)
    assert making.fresh(draft).newest_version.field == public.field


@pytest.mark.parametrize("width", [1280, 390])
def test_side_by_side_has_two_columns_and_one_on_a_phone(writing, accessible, width):
    page, draft, public = writing
    page.set_viewport_size({"width": width, "height": 900})

    page.goto(reverse("outcome-beside", args=[draft.number, public.number]))

    left, right = (page.locator(f"#{name}-title").bounding_box() for name in ("left", "right"))
    assert (left["x"] == right["x"]) == (width == 390)
    assert not page.evaluate(WIDER)
    accessible(page)
