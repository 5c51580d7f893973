"""Lots of a session are counted in one way, wherever the number stands."""

import hashlib
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from cms.portal import figures
from marketplace.auctions import actions
from marketplace.auctions.actions import close_lot, decide_bid
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import AuctionSession, Lot
from marketplace.auctions.views.sale import with_figures
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import announced_lot, bidder, drafted, member, person, planned


@pytest.fixture(scope="module")
def lasting_session(lasting):
    session = planned()
    organiser = person("organiser")
    lots = [drafted(session) for _place in range(5)]
    actions.withdraw_lot(lots.pop(), by=organiser, reason="供方未同意")
    for lot in lots:
        owner = lot.outcome.owner
        actions.submit_lot(lot, by=member(owner, "publisher"), organisation=owner, reserve=None)
        actions.approve_lot(lot, by=organiser)
    session.refresh_from_db()
    actions.announce_session(session, by=organiser)
    withdrawn = Lot.objects.get(pk=lots[0].pk)
    bidder(Lot.objects.get(pk=lots[1].pk), at=timezone.now() + timedelta(minutes=1))
    actions.withdraw_lot(withdrawn, by=organiser, reason="供方撤回")
    return session


@pytest.fixture
def session(lasting_session, for_now):
    """An announced session of four lots, one withdrawn since; a fifth was withdrawn before the announcement."""
    return AuctionSession.objects.get(pk=lasting_session.pk)


def test_every_page_says_the_same_number_and_what_was_withdrawn(client, session):
    cache.clear()
    sign_in(client, person("organiser"))

    public, own, managed = (
        client.get(address)
        for address in (
            reverse("session-list"),
            session.get_absolute_url(),
            reverse("session-manage-list"),
        )
    )

    band = figures.auction_band()
    listed = [*public.context["upcoming"]] + [*managed.context["sessions"]]
    assert [(one.lot_count, one.withdrawn_count) for one in listed] == [(4, 1), (4, 1)]
    assert (own.context["figures"].lot_count, len(own.context["rows"])) == (4, 4)
    assert (band["count"], band["withdrawn"], band["sum"]) == (4, 1, 300 * WAN)
    for page in (public, own, managed):
        assert "含 1 件撤回" in page.content.decode()


def test_sums_go_over_what_is_offered(client, session):
    page = client.get(session.get_absolute_url())

    assert page.context["figures"].start_total == 300 * WAN


def test_the_announcement_marks_what_was_withdrawn_since_and_keeps_its_text(client, session):
    gone, stays = session.lots.public().order_by("position")[:2]
    frozen = client.get(reverse("announcement-file", args=[session.number])).content

    page = client.get(session.announcement_url).content.decode()
    marked = page.partition("公告后撤回，不再出让")[2].partition("</ul>")[0]

    assert gone.number in marked
    assert "供方撤回" in marked
    assert stays.number not in marked
    assert hashlib.sha256(frozen.splitlines()[0]).hexdigest() == session.announcement_hash


@pytest.mark.django_db
def test_before_the_announcement_a_seller_counts_only_the_lots_it_sees(client):
    session = planned()
    own, others = drafted(session), drafted(session)
    sign_in(client, member(own.outcome.owner, "publisher"))

    page = client.get(session.get_absolute_url())
    sign_in(client, person("organiser"))
    managed = client.get(session.get_absolute_url())

    assert [row["lot"] for row in page.context["rows"]] == [own]
    figures = page.context["figures"]
    assert (figures.lot_count, figures.start_total) == (1, own.start_price)
    assert managed.context["figures"].start_total == own.start_price + others.start_price


def test_every_count_and_sum_goes_over_the_lots_asked_for(session):
    gone, stays = session.lots.public().order_by("position")[:2]
    sold = announced_lot(starts_at=timezone.now() - timedelta(hours=2))
    decide_bid(sold, bidder(sold), amount=160 * WAN, key="k", arrived_at=sold.starts_at + timedelta(minutes=1))
    close_lot(sold)

    def figures_of(lot, among):
        one = with_figures(AuctionSession.objects.filter(pk=lot.session_id), among=Q(lots__pk=among)).get()
        return one.lot_count, one.withdrawn_count, one.sold_count, one.sold_total

    assert figures_of(gone, gone.pk) == (1, 1, 0, None)
    assert figures_of(gone, stays.pk) == (1, 0, 0, None)
    assert figures_of(sold, sold.pk) == (1, 0, 1, 160 * WAN)
    assert figures_of(sold, stays.pk) == (0, 0, 0, None)


def test_applications_do_not_multiply_the_lots(client, session):
    counted = AuctionSession.objects.filter(pk=session.pk)
    sign_in(client, person("organiser"))

    page = client.get(reverse("session-manage-list"))

    assert [one.waiting for one in page.context["sessions"]] == [0]
    assert counted.with_counts().get().lot_count == 4
