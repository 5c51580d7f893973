"""Marks, evaluations and a deal whose buyer is not named, in a browser: no barrier, and no wider than a phone."""

import os
from pathlib import Path

import pytest

from marketplace.core import clock
from marketplace.deals.brokering import name_broker
from marketplace.organisations.roles import Role
from marketplace.rewards.satisfaction import rate_broker
from tests.factories.people import staff
from tests.journeys.test_desk import enter
from tests.marketplace.contracts.factories import registered
from tests.marketplace.deals import factories as trade
from tests.marketplace.matching.factories import need
from tests.marketplace.rewards.test_evaluation import in_january, weighed
from tests.marketplace.rewards.test_satisfaction import evaluate_broker, finished

pytestmark = pytest.mark.long

PICTURES = os.environ.get("DESK_PICTURES")


@pytest.fixture
def look(visitor, accessible):
    """Return a function that looks at a page of somebody's on a phone."""

    def at(user, address, heading):
        page = visitor()
        page.set_viewport_size({"width": 390, "height": 844})
        enter(page, user)
        page.goto(address)
        assert page.locator("h1").inner_text() == heading
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{address.strip('/').replace('/', '-')}.png", full_page=True)
        return page

    return at


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("way", "asked", "listed", "unnamed"),
    [
        ("", "对经纪人是否满意？", "经纪人年度考核", "需求方 × 低功耗指静脉识别锁用模组"),
        (
            "/en",
            "How satisfied are you with the broker?",
            "Evaluations of brokers",
            "The owner of the need × 低功耗指静脉识别锁用模组",
        ),
    ],
)
def test_marks_evaluations_and_an_unnamed_buyer(look, way, asked, listed, unnamed):
    deal, seller, buyer = finished()
    officer, year = staff(Role.OFFICER), clock.today().year
    look(seller.manager, f"{way}/deals/{deal.code}/broker/mark/", asked)
    rate_broker(deal, mark=2, words="两次约会谈未到。", **buyer.as_party)
    weighed(weight_hours=10, weight_satisfaction=10, full_satisfaction=400).save()
    registered(broker=deal.broker)
    with in_january():
        evaluation = evaluate_broker(deal.broker, by=officer, year=year)
    look(officer, f"{way}/evaluations/", listed)
    page = look(officer, f"{way}{evaluation.get_absolute_url()}", f"{deal.broker.name} {year}")
    assert "2.00" in page.locator("main").inner_text()

    hidden = trade.from_match(need=need(is_anonymous=True))
    look(hidden.seller.manager, f"{way}/deals/{hidden.deal.code}/", unnamed)
    named = f"{hidden.buyer.organisation.name} × {hidden.deal.outcome.heading}"
    look(hidden.buyer.manager, f"{way}/deals/{hidden.deal.code}/", named)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("way", "heading"), [("", "接受委托和保密条款"), ("/en", "Accept the engagement and the terms")]
)
def test_a_broker_answers_an_engagement(look, way, heading):
    deal, _seller, buyer = trade.from_match()
    one = trade.broker()
    name_broker(deal, one, **buyer.as_party)
    title = f"{deal.buyer.name} × {deal.outcome.heading}"

    page = look(one.user, f"{way}/deals/{deal.code}/engagement/", title)
    page.get_by_role("button", name=heading).click()

    page.wait_for_url(f"**{deal.get_absolute_url()}")
    assert page.locator("#broker").count() == 1
    look(buyer.manager, f"{way}/deals/{deal.code}/", title)
