"""Sealed bids in the browser: sealed, replaced, withdrawn; a spectator learns nothing before the close, then all."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import Lot
from marketplace.auctions.receipts import is_genuine
from tests.journeys.people import Walker
from tests.marketplace.auctions.making import bidder, end_now, organisation
from tests.marketplace.auctions.making import member as member_of
from tests.marketplace.auctions.sealing import sealed, sealed_lot

pytestmark = pytest.mark.long

A_FEW_FRAMES = 2_500  # ms: the stream looks each second


def shown(spectator):
    """Return what the page of a lot tells that could move: the stage without the clock, and the bids."""
    stage = spectator.page.locator(".stage__top > div").first.inner_text()
    return stage, spectator.page.locator("section[aria-labelledby=opened]").inner_text()


@pytest.mark.django_db(transaction=True)
def test_two_bidders_and_a_spectator(browser, house, tmp_path):
    lot = sealed_lot(starts_at=timezone.now() - timedelta(minutes=1))
    first, second = bidder(lot), bidder(lot)
    actions.open_lot(lot)
    spectator = Walker(browser, house.address, member_of(organisation(), "manager")).sign_in()
    spectator.open(lot.get_absolute_url())
    spectator.page.get_by_text("连接正常").wait_for()
    spectator.page.evaluate("window.sameAsBefore = true")
    before = shown(spectator)
    agent = Walker(browser, house.address, first.agent).sign_in()
    page = agent.open(lot.get_absolute_url())

    page.fill("#own", "170")
    agent.press("密封提交报价")
    assert page.evaluate("document.activeElement.textContent") == "返回，不出价"
    agent.press("密封提交 170 万元")
    agent.sees("您的报价已密封")
    with page.expect_download() as loading:
        page.get_by_role("link", name="下载回执").click()
    loading.value.save_as(tmp_path / "receipt.json")
    receipt = json.loads((tmp_path / "receipt.json").read_text("utf-8"))
    assert (is_genuine(receipt), receipt["amount"]) == (True, 170 * WAN)
    agent.follow("返回拍品")
    agent.sees("您的报价已于")
    agent.follow("撤回报价")
    agent.press("撤回报价")
    agent.sees("您的密封报价已撤回")
    agent.follow("返回拍品")
    page.fill("#own", "166")
    agent.press("密封提交报价")
    agent.press("密封提交 166 万元")
    agent.sees("您的报价已密封")
    sealed(second, 180 * WAN)
    spectator.page.wait_for_timeout(A_FEW_FRAMES)
    assert shown(spectator) == before
    assert spectator.page.evaluate("window.sameAsBefore")
    end_now(lot)

    spectator.page.locator("ol.history .ahead", has_text=second.alias).wait_for()
    assert "166" in shown(spectator)[1]
    spectator.look()
    lot = Lot.objects.get(pk=lot.pk)
    assert (lot.state, lot.price, lot.leader) == ("sold", 180 * WAN, second)
    for each in (agent, spectator):
        each.leave()
