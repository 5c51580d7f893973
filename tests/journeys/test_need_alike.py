"""Needs alike a draft in a browser: told on the page on which it is begun, and beside its review, on a phone too."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from marketplace.needs.actions import draft_need
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.roles import Role
from search.indexing import rebuild_index
from tests.factories.people import organisation, person, staff
from tests.factories.world import complete_need
from tests.journeys.test_desk import enter
from tests.marketplace.outcomes import making

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
WIDER = "document.documentElement.scrollWidth > innerWidth"
TITLE = "智能锁静态功耗降低"


@pytest.fixture
def asked(transactional_db, tmp_path, settings):
    """Return a public need of an enterprise, and one of another that waits for the liaison."""
    settings.SEARCH_DIR = tmp_path / "search"
    making.set_up()
    found = []
    for name in ("样例企业甲", "样例企业乙"):
        manager = person()
        house = organisation(manager=manager, name=name)
        found.append(complete_need(draft_need(organisation=house, by=manager, title=TITLE), by=manager))
    for role in (Role.LIAISON, Role.OFFICER):
        step = TechnologyNeed.objects.get(pk=found[0].pk).pending_review
        step.task.specific.on_action(step, staff(role), "approve")
    rebuild_index("need")
    return [TechnologyNeed.objects.get(pk=need.pk) for need in found]


def test_a_need_begun_is_told_of_the_one_that_stands_before_the_page_is_left(visitor, asked, accessible):
    public, _waiting = asked
    page = visitor()
    enter(page, organisation(manager=person(), name="样例企业丙").memberships.get().user)
    page.goto(reverse("need-new"))
    page.wait_for_load_state("networkidle")
    alike = page.get_by_role("link", name="并排对照")
    assert alike.count() == 0

    page.fill("[name=title]", public.title)
    page.fill("[name=problem]", public.problem)

    expect(alike).to_have_count(1, timeout=15_000)
    accessible(page)
    page.fill("[name=title]", "阀门密封")
    page.fill("[name=problem]", "超低温阀门唇形密封在零下一百九十六度保持弹性，须通过三千次循环试验。")
    expect(alike).to_have_count(0, timeout=15_000)
    assert page.input_value("[name=title]") == "阀门密封"


@pytest.mark.parametrize("width", [1280, 390])
def test_beside_a_review_it_is_told_and_fits(visitor, asked, accessible, width):
    public, waiting = asked
    page = visitor()
    page.set_viewport_size({"width": width, "height": 900})
    enter(page, staff(Role.LIAISON))
    page.goto(waiting.review_url)

    alike = page.get_by_role("link", name="并排对照")
    expect(alike).to_have_count(1, timeout=15_000)
    assert not page.evaluate(WIDER)
    accessible(page)
    page.goto(reverse("need-beside", args=[waiting.code, public.code]))
    left, right = (page.locator(f"#{name}-title").bounding_box() for name in ("left", "right"))
    assert (left["x"] == right["x"]) == (width == 390)
    assert not page.evaluate(WIDER)
