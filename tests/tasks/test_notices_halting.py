"""Who is told when the bidding stops and goes on: each person once, whatever stopped."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.models import BidderRegistration, Lot
from marketplace.notices.models import Notice
from tasks.notices.auctions import publishers_of
from tests.factories.people import join, sign_in
from tests.marketplace.auctions.making import announced_lot, bidder, member, person
from tests.marketplace.auctions.test_calling_off import second_lot
from tests.tasks.test_notices_calling_off import told

pytestmark = pytest.mark.django_db


@pytest.fixture
def lot():
    return announced_lot(starts_at=timezone.now() - timedelta(minutes=5))


def test_one_lot_that_stops_and_goes_on_is_told_to_its_bidders_and_its_seller(client, commit, lot):
    one, seller = bidder(lot), member(lot.outcome.owner, "publisher")
    rejected = bidder(lot)
    BidderRegistration.objects.filter(pk=rejected.pk).update(state="rejected")

    commit(lambda: actions.suspend_lot(lot, by=person("auctioneer"), ground="fault", reason="断网"))
    commit(lambda: actions.resume_lot(Lot.objects.get(pk=lot.pk), by=person("auctioneer")))

    for kind in ("lot.suspended", "lot.resumed"):
        assert told(kind) == {one.agent_id} | {user.pk for user in publishers_of(lot)}
        assert seller.pk in told(kind)
    sign_in(client, one.agent)
    page = client.get("/notices/").content.decode()
    assert f"拍品 {lot.number} 暂停竞价" in page
    assert f"拍品 {lot.number} 恢复竞价，如不延时" in page


def test_a_whole_session_is_told_once_to_each(commit, lot):
    other = second_lot(lot)
    one, two = bidder(lot), bidder(other)
    seller = member(lot.outcome.owner, "publisher")
    join(two.agent, one.organisation)
    session = lot.session

    commit(lambda: actions.suspend_bidding(session, by=person("auctioneer"), ground="fault", reason="断网"))
    commit(lambda: actions.resume_bidding(session, by=person("auctioneer")))

    for kind in ("session.suspended", "session.resumed"):
        assert told(kind) >= {one.agent_id, seller.pk}
        assert Notice.objects.filter(kind=kind, user=one.agent).count() == 1
    assert told("lot.suspended") == told("lot.resumed") == set()
