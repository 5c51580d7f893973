"""From a need's public page to an offer, in a browser: no barrier, and no wider than a phone."""

import os
from pathlib import Path

import pytest

from marketplace.matching.actions import decline_match
from marketplace.matching.models import Match
from marketplace.needs.models import TargetIndicator
from tests.journeys.test_desk import enter
from tests.marketplace.matching.factories import institute, member, need, outcome, proposed

pytestmark = pytest.mark.long

PICTURES = os.environ.get("DESK_PICTURES")


@pytest.fixture
def look(accessible):
    """Return a function that looks at the page a browser is on."""

    def at(page, name, heading):
        assert page.locator("h1").inner_text() == heading
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)

    return at


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
@pytest.mark.parametrize(
    ("way", "door", "choosing", "why", "send"),
    [
        ("", "提供本单位成果", "提供本单位成果", "说明为何适用", "提供这项成果"),
        ("/en", "Offer one of our outcomes", "Offer one of our outcomes", "Say why it fits", "Offer this outcome"),
    ],
)
def test_an_outcome_is_offered_from_the_page_of_a_need(visitor, look, width, scheme, way, door, choosing, why, send):
    asked, owner = need(is_anonymous=True), institute(name="温州样例激光与光电子技术研究院")
    TargetIndicator.objects.create(need=asked, name="待机电流", comparison="le", value="20", unit="µA")
    user, name = member(owner, "publisher"), f"{way.strip('/')}{width}"
    declined = proposed(need=asked, outcome=outcome(of=owner, title="锁用静电保护电路"))
    decline_match(declined, by=user, organisation=owner, reason="readiness")
    found = proposed(need=asked, outcome=outcome(of=owner)).outcome
    outcome(of=owner, title="用于智能门锁与门禁的近红外静脉透射成像采集装置及其低功耗唤醒方法")
    page = visitor()
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    enter(page, user)

    page.goto(f"{way}/needs/{asked.code}/")
    look(page, f"{name}-need", asked.title)
    page.get_by_role("link", name=door, exact=True).click()
    look(page, f"{name}-list", choosing)
    page.locator("tr", has_text=found.number).locator("a.btn--primary").click()
    look(page, f"{name}-form", why)
    page.fill("textarea", "静态电流 18 µA，低于所需的 20 µA；已在三家锁企试用半年。")
    page.get_by_role("button", name=send).click()
    page.wait_for_url("**/matches/**")
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}-match.png", full_page=True)

    assert Match.objects.get(outcome=found).outcome_answer == "accepted"
