"""Lots are numbered without gaps when they are announced, and one of them begins with the session."""

from datetime import timedelta

import pytest
from django.urls import reverse

from marketplace.auctions import actions
from marketplace.auctions.announcing import BeginsWithoutALot
from marketplace.auctions.models import AuctionSession, Lot
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import drafted, member, person, planned

pytestmark = pytest.mark.django_db


def approved(lot):
    actions.submit_lot(lot, by=member(lot.outcome.owner, "publisher"), organisation=lot.outcome.owner)
    actions.approve_lot(lot, by=person("organiser"))
    return lot


def prepared(lots=3, *, starts=timedelta()):
    """Return a session whose approved lots begin so long after it."""
    session = planned()
    for _turn in range(lots):
        lot = drafted(session)
        times = {"starts_at": session.starts_at + starts, "ends_at": session.starts_at + starts + timedelta(hours=1)}
        Lot.objects.filter(pk=lot.pk).update(**times)
        approved(Lot.objects.get(pk=lot.pk))
    return AuctionSession.objects.get(pk=session.pk)


def test_a_lot_that_left_before_leaves_no_gap(client):
    session = prepared()
    first, second, third = session.lots.order_by("position")
    actions.withdraw_lot(second, by=person("organiser"), reason="权属待核实")

    actions.announce_session(session, by=person("organiser"))

    assert list(session.lots.order_by("position").values_list("pk", "position")) == [
        (first.pk, 1), (third.pk, 2), (second.pk, 3),
    ]  # fmt: skip
    session.refresh_from_db()
    assert [lot["position"] for lot in session.announcement["lots"]] == [1, 2]
    page = client.get(session.announcement_url).content.decode()
    assert f"2. {third.outcome.title} · {third.number}" in page
    assert session.announcement_hash in page


def test_nothing_is_announced_for_a_time_at_which_no_lot_begins(client):
    session = prepared(1, starts=timedelta(minutes=30))
    sign_in(client, person("organiser"))

    with pytest.raises(BeginsWithoutALot):
        actions.announce_session(session, by=person("organiser"))
    said = client.post(reverse("session-move", args=[session.number, "announce"]), follow=True).content.decode()

    session.refresh_from_db()
    assert session.announced_at is None
    assert f"第一件拍品 {session.lots.get().number} 的开始时间是" in said


def test_later_lots_may_follow(client):
    session = prepared(2)
    later, stretch = session.lots.order_by("position").last(), timedelta(hours=4)
    times = {"starts_at": later.starts_at + stretch, "ends_at": later.ends_at + stretch}
    Lot.objects.filter(pk=later.pk).update(**times)

    actions.announce_session(session, by=person("organiser"))

    assert set(session.lots.values_list("state", flat=True)) == {"announced"}
