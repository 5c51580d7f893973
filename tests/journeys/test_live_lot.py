"""The live page of a lot while a bid is on its way."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.auctions.actions import place_bid
from marketplace.auctions.ladder import WAN
from tests.journeys.people import Walker
from tests.marketplace.auctions.making import announced_lot, bidder

HOLD_BACK = "document.querySelector('[data-state]').addEventListener('submit', (event) => event.preventDefault())"
LONGER_THAN_A_RELOAD = 4_000  # ms: the page waits up to 1.5 s before it loads itself afresh


@pytest.mark.django_db(transaction=True)
def test_a_bid_on_its_way_is_not_cut_off_when_the_lot_opens(browser, house):
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    first, second = bidder(lot), bidder(lot)
    agent = Walker(browser, house.address, first.agent).sign_in()
    page = agent.open(lot.get_absolute_url())
    page.locator('[data-state="announced"]').get_by_text("连接正常").wait_for()
    page.evaluate(f"{HOLD_BACK}; window.sameAsBefore = true")

    page.locator("button.bid--first").click()
    place_bid(lot, by=second.agent, organisation=second.organisation, amount=160 * WAN, key="rival")
    page.wait_for_timeout(LONGER_THAN_A_RELOAD)

    assert page.evaluate("window.sameAsBefore")
    agent.leave()
