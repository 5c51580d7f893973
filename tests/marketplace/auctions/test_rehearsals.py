"""Rehearsals: a marked copy of a session that its bidders join, that nobody else finds, and that can be wiped."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cms.shell import has_live_lot
from marketplace.auctions.actions import (
    apply_for_lot,
    close_lot,
    confirm_sale,
    declare_default,
    join_rehearsal,
    place_bid,
    rehearse_session,
    wipe_rehearsal,
)
from marketplace.auctions.frames import standing_of
from marketplace.auctions.invariants import lot_problems
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import AuctionSession, BidderRegistration, Deposit, Lot, PriorityHolder
from marketplace.auctions.practice import practice_lots
from marketplace.auctions.receipts import is_genuine, receipt_of
from marketplace.auctions.record import export_lines
from marketplace.auctions.registering import RegistrationClosed
from marketplace.auctions.verifier import record_problems
from marketplace.core import clock
from marketplace.core.refusals import WrongState
from marketplace.notices.models import Notice
from marketplace.outcomes.parts import CoOwner
from search import documents
from tasks import delivery
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import (
    announced_lot,
    as_if_listed,
    bidder,
    end_now,
    member,
    organisation,
    person,
)
from tests.marketplace.auctions.sealing import sealed_lot

IN_TWO_DAYS = timedelta(days=2)


def rehearsed(lot: Lot, *, begun: bool = True) -> Lot:
    """Return the copy of a lot in a rehearsal of its session, which begins now or in ten minutes."""
    made_at = timezone.now() - timedelta(minutes=11 if begun else 0)
    with clock.moved_to(made_at):
        rehearsal = rehearse_session(
            lot.session,
            by=person("organiser"),
            starts_at=made_at + timedelta(minutes=10),
            lasts=timedelta(minutes=20),
        )
    return rehearsal.lots.get(position=lot.position)


def joined(copy: Lot, one: BidderRegistration) -> BidderRegistration:
    return join_rehearsal(copy, by=one.agent, organisation=one.organisation)


def bid(one: BidderRegistration, amount: int) -> dict:
    return place_bid(one.lot, by=one.agent, organisation=one.organisation, amount=amount * WAN, key="k")


@pytest.fixture
def lot(db) -> Lot:
    return announced_lot(starts_at=timezone.now() + IN_TWO_DAYS, reserve=200 * WAN)


def test_a_copy_is_marked_everywhere_and_has_no_reserve(lot):
    one = bidder(lot, at=timezone.now())

    copy = rehearsed(lot)
    receipt = receipt_of(bid(joined(copy, one), 160))

    copy.refresh_from_db()
    session = copy.session
    assert copy.number.startswith("YL-")
    assert (session.title, session.is_practice, session.rehearsal_of) == ("演练：样例专场", True, lot.session)
    assert (copy.start_price, copy.deposit, copy.has_reserve) == (lot.start_price, lot.deposit, False)
    assert (session.announcement["practice"], session.announcement["rehearsal_of"]) == (True, lot.session.number)
    assert standing_of(copy)["practice"] is True
    assert (receipt["practice"][:2], is_genuine(receipt)) == ("演练", True)
    assert record_problems(json.loads(json.dumps(export_lines(copy)))) == []
    assert lot_problems(copy) == []


def test_it_ends_without_consequences(lot):
    one, other = bidder(lot, at=timezone.now()), bidder(lot, at=timezone.now())
    copy = rehearsed(lot)
    bid(joined(copy, one), 160)
    bid(joined(copy, other), 170)
    end_now(copy)
    close_lot(copy)
    copy.refresh_from_db()
    organiser = person("organiser")

    for verb, facts in ((confirm_sale, {}), (declare_default, {"ground": "refused", "reason": "样例"})):
        with pytest.raises(PermissionDenied, match="练习拍品"):
            verb(copy, by=organiser, **facts)

    lot.refresh_from_db()
    assert (copy.state, lot.state, lot.seq, lot.outcome.state) == ("sold", "announced", 0, "reserved")
    assert not Deposit.objects.real().filter(session=copy.session).exists()
    assert one.lot.registrations.get(pk=one.pk).state == "qualified"


def test_its_pages_end_without_confirmation_and_without_refunds(lot, client):
    one, other = bidder(lot, at=timezone.now()), bidder(lot, at=timezone.now())
    copy = rehearsed(lot)
    mine, theirs = joined(copy, one), joined(copy, other)
    bid(mine, 160)
    bid(theirs, 170)
    end_now(copy)
    close_lot(copy)
    sign_in(client, one.agent)

    page = client.get(copy.get_absolute_url()).content.decode()
    told = page + "".join(
        client.get(path).content.decode() for path in (reverse("registration-list"), mine.get_absolute_url())
    )

    assert "练习到此结束，不作成交确认，也不签合同。" in page
    assert "您未竞得本拍品。" in page
    assert "主办方确认成交" not in page
    assert "练习资金，未实际缴纳，也无需退还" in page
    assert "待退还" not in page
    assert '<span class="tag">练习</span>' in told
    assert told.count('data-tone="idle">已结束') == 2
    assert "退款中" not in told
    assert "退还。" not in told


def test_the_outcome_of_an_unsold_lot_is_free_though_its_rehearsal_was_sold(db):
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    soon = timezone.now() + timedelta(minutes=30)  # so that it can be rehearsed; its lot can be closed all the same
    AuctionSession.objects.filter(pk=lot.session_id).update(starts_at=soon)
    one = bidder(lot)
    copy = rehearsed(lot)
    bid(joined(copy, one), 160)
    end_now(copy)
    close_lot(copy)
    end_now(lot)

    close_lot(lot)

    lot.refresh_from_db()
    assert (lot.state, lot.outcome.state) == ("unsold", "available")


def test_who_has_registered_joins_and_nobody_else(lot):
    one = bidder(lot, rank=2, at=timezone.now())
    stranger = organisation()
    copy = rehearsed(lot)

    registration = joined(copy, one)

    assert (registration.state, registration.priority_rank, registration.deposit.state) == ("qualified", 2, "held")
    with pytest.raises(PermissionDenied, match="已报名该拍品"):
        join_rehearsal(copy, by=member(stranger, "bidder"), organisation=stranger)
    with pytest.raises(PermissionDenied, match="这样参加"):
        join_rehearsal(lot, by=one.agent, organisation=one.organisation)
    assert copy.registrations.count() == 1


def test_a_co_owner_practises_its_priority_right(lot):
    holder, rival = bidder(lot, rank=1, at=timezone.now()), bidder(lot, at=timezone.now())
    CoOwner.objects.create(outcome=lot.outcome, organisation=holder.organisation, name="共有人", share=40)
    copy = rehearsed(lot)
    bid(joined(copy, rival), 160)

    answer = bid(joined(copy, holder), 160)

    copy.refresh_from_db()
    assert (answer["accepted"], copy.price, copy.leader.organisation) == (True, 160 * WAN, holder.organisation)
    assert copy.events.order_by("seq").last().kind == "priority_match"
    assert copy.session.announcement["lots"][0]["priority_holders"] == 1
    assert record_problems(json.loads(json.dumps(export_lines(copy)))) == []
    assert lot_problems(copy) == []


def test_the_list_of_a_copy_is_marked_and_says_no_more_than_practice_needs(lot, client):
    organiser = person("organiser")
    listed = as_if_listed(lot, organisation(), rank=1, by=organiser)
    waived, named, struck = (as_if_listed(lot, organisation(), rank=rank, by=organiser) for rank in (2, 3, 4))
    of_holders = PriorityHolder.objects
    of_holders.filter(pk=waived.pk).update(channel="waiver", note="已书面放弃")
    of_holders.filter(pk=named.pk).update(organisation=None, uscc="", name="王某", channel="publicity", note="联系不上")
    of_holders.filter(pk=struck.pk).update(struck_at=timezone.now(), struck_reason="误列")

    copy = rehearsed(lot)
    sign_in(client, organiser)
    page = client.get(reverse("lot-priority", args=[copy.number])).content.decode()

    copies = list(copy.priority_holders.order_by("rank"))
    assert [(one.organisation_id, one.rank, one.channel) for one in copies] == [
        (listed.organisation_id, 1, "hand"),
        (waived.organisation_id, 2, "waiver"),
        (None, 3, "publicity"),
    ]
    assert [one.name for one in copies] == ["", "", "演练：王某"]
    assert {one.note for one in copies} == {f"演练：{lot.number}"}
    assert "演练：此处一切不算数" in page
    assert reverse("lot-priority", args=[lot.number]) in page
    assert lot.priority_holders.count() == 4


def test_nobody_applies_for_a_rehearsal(lot, client):
    firm = organisation()
    agent = member(firm, "bidder")
    copy = rehearsed(lot, begun=False)
    sign_in(client, agent)

    with pytest.raises(RegistrationClosed):
        apply_for_lot(copy, by=agent, organisation=firm, declared=True)

    assert reverse("lot-apply", args=[copy.number]) not in client.get(copy.session.get_absolute_url()).content.decode()
    assert copy.registrations.count() == 0


def test_it_stands_in_no_list_search_or_figure(lot, client):
    copy = rehearsed(lot)

    listed = [*AuctionSession.objects.announced(), *AuctionSession.objects.upcoming(), *AuctionSession.objects.live()]
    assert copy.session not in listed
    assert copy.pk not in documents.lots().values_list("pk", flat=True)
    assert copy.pk not in practice_lots().values_list("pk", flat=True)  # the demonstration's go on by themselves
    assert has_live_lot() is False
    assert "演练：样例专场" not in client.get(reverse("session-list")).content.decode()
    assert client.get(copy.get_absolute_url()).status_code == 200


def test_only_the_registered_are_told(lot, django_capture_on_commit_callbacks):
    one = bidder(lot, at=timezone.now())

    with delivery.at_once(), django_capture_on_commit_callbacks(execute=True):
        copy = rehearsed(lot)
        bid(joined(copy, one), 160)
        end_now(copy)
        close_lot(copy)

    told = Notice.objects.filter(kind="session.rehearsed")
    assert [notice.user for notice in told] == [one.agent]
    assert told.get().path == lot.session.get_absolute_url()  # also when the rehearsal is wiped
    assert Notice.objects.exclude(kind="session.rehearsed").count() == 0


def test_one_press_joins_every_lot_of_the_page(lot, client):
    one = bidder(lot, at=timezone.now())
    copy = rehearsed(lot)
    sign_in(client, one.agent)
    page = client.get(lot.session.get_absolute_url()).content.decode()
    assert reverse("rehearsal-join", args=[copy.session.number]) in page

    client.post(reverse("rehearsal-join", args=[copy.session.number]))

    assert copy.registrations.get().organisation == one.organisation
    after = client.get(copy.session.get_absolute_url()).content.decode()
    assert reverse("rehearsal-join", args=[copy.session.number]) not in after
    assert "演练" in client.get(copy.get_absolute_url()).content.decode()


def test_a_wiped_one_is_found_by_nobody_and_its_events_stay(lot, client):
    one = bidder(lot, at=timezone.now())
    copy = rehearsed(lot)
    registration = joined(copy, one)
    bid(registration, 160)
    organiser = person("organiser")

    wipe_rehearsal(copy.session, by=organiser)

    assert copy.events.count() == 2
    for user in (one.agent, organiser, person("auditor")):
        sign_in(client, user)
        paths = [copy.get_absolute_url(), copy.session.get_absolute_url(), registration.get_absolute_url()]
        paths += [reverse(name, args=[copy.number]) for name in ("lot-state", "lot-record", "lot-verify", "lot-hall")]
        assert {client.get(path).status_code for path in paths} == {404}
        number = copy.session.number
        assert client.get(reverse("lot-add", args=[number])).status_code == 404
        assert client.get(reverse("session-amend", args=[number])).status_code == 404
        assert client.post(reverse("session-move", args=[number, "cancel"]), {"reason": "样例"}).status_code == 404
    with pytest.raises(PermissionDenied, match="演练已结束"):
        bid(BidderRegistration.objects.get(pk=registration.pk), 200)
    with pytest.raises(WrongState):
        wipe_rehearsal(copy.session, by=organiser)


def test_wiping_is_asked_before(lot, client):
    copy = rehearsed(lot)
    sign_in(client, person("organiser"))

    page = client.get(reverse("session-manage", args=[copy.session.number])).content.decode()

    assert 'data-dialog="wipe-rehearsal"' in page
    assert '<dialog id="wipe-rehearsal"' in page


def test_organisers_begin_and_wipe_and_nobody_else(lot):
    copy = rehearsed(lot)
    organiser, stranger = person("organiser"), person()
    at = timezone.now() + timedelta(hours=1)

    with pytest.raises(PermissionDenied):
        rehearse_session(lot.session, by=stranger, starts_at=at, lasts=timedelta(minutes=20))
    with pytest.raises(PermissionDenied, match="不再演练"):
        rehearse_session(copy.session, by=organiser, starts_at=at, lasts=timedelta(minutes=20))
    with pytest.raises(PermissionDenied):
        wipe_rehearsal(copy.session, by=stranger)
    with pytest.raises(PermissionDenied, match="可以清除"):
        wipe_rehearsal(lot.session, by=organiser)

    lot.session.refresh_from_db()
    assert (lot.session.wiped_at, AuctionSession.objects.count()) == (None, 2)


def test_sealed_bids_are_rehearsed_under_a_key_of_their_own(db):
    lot = sealed_lot(starts_at=timezone.now() + IN_TWO_DAYS)
    one = bidder(lot, at=timezone.now())
    copy = rehearsed(lot)
    bid(joined(copy, one), 170)
    end_now(copy)

    close_lot(copy)

    copy.refresh_from_db()
    assert (copy.state, copy.price, bytes(copy.sealed_key) == bytes(lot.sealed_key)) == ("sold", 170 * WAN, False)


def test_the_database_wipes_no_session_that_counts(lot):
    with pytest.raises(IntegrityError, match="session_rehearsal_is_practice"), transaction.atomic():
        AuctionSession.objects.filter(pk=lot.session_id).update(wiped_at=timezone.now())


def test_the_organisers_page_begins_one(lot, client):
    organiser = person("organiser")
    sign_in(client, organiser)
    path = reverse("session-rehearse", args=[lot.session.number])
    soon = timezone.localtime() + timedelta(minutes=10)

    refused = client.post(path, {"starts_at": "2020-01-01T10:00", "minutes": 20})
    late = timezone.localtime(lot.session.starts_at) - timedelta(minutes=10)
    too_late = client.post(path, {"starts_at": f"{late:%Y-%m-%dT%H:%M}", "minutes": 20})
    assert list(too_late.context["rehearsal_form"].errors) == ["starts_at"]
    begun = client.post(path, {"starts_at": f"{soon:%Y-%m-%dT%H:%M}", "minutes": 20})

    rehearsal = lot.session.rehearsals.get()
    assert refused.status_code == 200
    assert begun.url == reverse("session-manage", args=[rehearsal.number])
    copy = rehearsal.lots.get()
    assert copy.ends_at - copy.starts_at == timedelta(minutes=20)
    assert "演练" in client.get(begun.url).content.decode()
    client.post(reverse("rehearsal-wipe", args=[rehearsal.number]))
    assert client.get(begun.url).status_code == 404
