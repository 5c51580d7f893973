"""What became of a sale after its close is read beside its record, by everybody."""

from datetime import timedelta

import pytest
from django.urls import reverse

from marketplace.auctions import actions
from marketplace.auctions.aftermath import aftermath_of
from marketplace.auctions.record import export
from marketplace.core import clock
from tests.marketplace.auctions.making import announced_lot, person
from tests.marketplace.auctions.test_milestones import again, confirmed

pytestmark = pytest.mark.django_db


def told(client, lot):
    """Return what a visitor reads of the sale on the lot's page and beside its record."""
    pages = [lot.get_absolute_url(), reverse("lot-verify", args=[lot.number])]
    return [client.get(page).content.decode() for page in pages]


def test_a_default_stands_beside_the_record_that_says_sold(client):
    lot = confirmed()
    before = export(lot)
    with clock.moved_to(clock.now() + timedelta(days=1)):
        actions.declare_default(lot, by=person("organiser"), ground="refused", reason="张三书面放弃")

    pages = told(client, lot)

    for page in pages:
        assert page.index("组织方认定买受人悔拍。") < page.index("组织方已确认成交。")
        assert "买受人已表示或以行为表明不签约" in page
        assert "张三" not in page  # the reason is for the parties
    assert export(again(lot)) == before  # the chain ends with the result


def test_a_granted_appeal_undoes_it_in_public_and_one_that_is_not_stays_between_those_it_concerns(client):
    words = []
    for is_granted in (True, False):
        lot = confirmed()
        actions.declare_default(lot, by=person("organiser"), ground="refused", reason="书面放弃")
        buyer = again(lot).leader
        actions.appeal_default(buyer, by=buyer.agent, organisation=buyer.organisation, text="未曾放弃")
        actions.decide_appeal(again(lot), by=person("organiser"), is_granted=is_granted, answer="经查证")
        words.append([str(step.title) for step in aftermath_of(again(lot))])

    assert words[0][0].startswith("买受人申诉成立")
    assert words[1] == ["组织方认定买受人悔拍。", "组织方已确认成交。"]
    assert words[0][1:] == words[1]


def test_before_the_result_there_is_nothing(client):
    lot = announced_lot()

    assert aftermath_of(lot) == []
    assert "成交后的情况" not in told(client, lot)[1]
