"""Who is told of a postponement and of new times: each person once, on the side that concerns it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.authorising import PowerOfAttorney
from marketplace.auctions.data_room import TERMS
from marketplace.auctions.models import AuctionSession, BidderRegistration, Lot
from marketplace.notices.models import Notice
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import (
    announced_lot,
    as_if_listed,
    bidder,
    member,
    organisation,
    paper,
    person,
    second_lot,
)

pytestmark = pytest.mark.django_db


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("user", flat=True))


@pytest.fixture
def cast():
    """Return a session's lot with everybody a postponement concerns, and who has nothing to do with it."""
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=5))
    holder, reader, other = organisation(), organisation(), organisation()
    as_if_listed(lot, holder, rank=1, by=person("organiser"))
    reads = member(reader, "bidder")
    actions.accept_room_terms(lot, by=reads, organisation=reader, version=TERMS)
    rejected = actions.apply_for_lot(lot, by=member(other, "bidder"), organisation=other, declared=True)
    actions.reject_bidder(rejected, by=person("organiser"), reason="材料不实")
    return {
        "lot": lot,
        "paid": bidder(lot, at=timezone.now()),
        "seller": member(lot.outcome.owner, "publisher"),
        "holder": member(holder, "bidder"),
        "reader": reads,
        "rejected": rejected.agent,
        "stranger": member(organisation(), "bidder"),
    }


def postpone(lot):
    actions.postpone_session(lot.session, by=person("organiser"), reason="评估报告需要补充")


def anew(lot):
    starts_at = timezone.now() + timedelta(days=20)
    session = AuctionSession.objects.get(pk=lot.session_id)
    actions.reannounce_session(session, by=person("organiser"), starts_at=starts_at, registration_closes_at=starts_at)


def test_everybody_concerned_hears_of_a_postponement_once(commit, cast):
    commit(lambda: postpone(cast["lot"]))

    assert told("session.postponed_bidder") == {cast["paid"].agent_id}
    others = told("session.postponed")
    assert {cast[name].pk for name in ("seller", "holder", "reader")} <= others
    assert not {cast["paid"].agent_id, cast["rejected"].pk, cast["stranger"].pk} & others
    mailed = {address for message in mail.outbox for address in message.to}
    assert {cast[name].email for name in ("seller", "holder", "reader")} | {cast["paid"].agent.email} <= mailed
    assert all("评估报告" not in message.body for message in mail.outbox)  # it is read where it is published


def test_everybody_concerned_hears_of_the_new_times(commit, cast):
    commit(lambda: postpone(cast["lot"]))
    commit(lambda: anew(cast["lot"]))

    assert told("session.reannounced_bidder") == {cast["paid"].agent_id}
    assert {cast[name].pk for name in ("seller", "holder", "reader")} <= told("session.reannounced")
    notice = Notice.objects.get(kind="session.reannounced_bidder")
    assert f"{timezone.localtime() + timedelta(days=20):%Y}" in notice.title
    assert cast["lot"].session.title in notice.title


def test_whose_power_ends_before_the_new_times_is_asked_for_another(commit, cast, client, settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    lot, paid = cast["lot"], cast["paid"]
    goes_on = bidder(lot, at=timezone.now())
    today = timezone.localdate()
    for one, days in ((paid, 10), (goes_on, 40)):
        power = PowerOfAttorney(today, today + timedelta(days=days), paper("授权委托书.pdf"))
        actions.hand_in_authority(one, by=one.agent, organisation=one.organisation, agent=one.agent, power=power)
    sign_in(client, paid.agent)
    asked = f"提交新的授权委托书：{lot.heading}"
    assert asked not in client.get("/desk/").content.decode()
    assert "您的授权委托书在竞价开始前到期" not in client.get(lot.get_absolute_url()).content.decode()

    commit(lambda: postpone(lot))
    assert asked not in client.get("/desk/").content.decode()  # the old times hold no more
    commit(lambda: anew(lot))

    assert told("session.reannounced_bidder") == {goes_on.agent_id}
    notice = Notice.objects.get(kind="session.reannounced_powerless")
    assert notice.user_id == paid.agent_id
    assert notice.title.startswith(f"请为拍品 {lot.number} 提交新的授权委托书")
    assert notice.path == f"{paid.get_absolute_url()}#powers"
    assert asked in client.get("/desk/").content.decode()
    assert "您的授权委托书在竞价开始前到期。</b>请" in client.get(lot.get_absolute_url()).content.decode()
    later = PowerOfAttorney(today, today + timedelta(days=40), paper("新授权委托书.pdf"))
    lot.refresh_from_db()
    paid = BidderRegistration.objects.get(pk=paid.pk)
    actions.hand_in_authority(paid, by=paid.agent, organisation=paid.organisation, agent=paid.agent, power=later)
    assert asked not in client.get("/desk/").content.decode()
    assert "您的授权委托书在竞价开始前到期" not in client.get(lot.get_absolute_url()).content.decode()


def test_who_can_still_bid_for_another_lot_hears_both(commit, cast, settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    paid, seller = cast["paid"], cast["seller"]
    one = cast["lot"]
    both = bidder(second_lot(one), at=timezone.now())
    BidderRegistration.objects.filter(pk=both.pk).update(organisation=paid.organisation, agent=paid.agent)
    today = timezone.localdate()
    power = PowerOfAttorney(today, today + timedelta(days=10), paper("授权委托书.pdf"))
    actions.hand_in_authority(paid, by=paid.agent, organisation=paid.organisation, agent=paid.agent, power=power)

    commit(lambda: postpone(one))
    commit(lambda: anew(one))

    assert told("session.reannounced_powerless") == told("session.reannounced_bidder") == {paid.agent_id}
    assert seller.pk in told("session.reannounced")


def step_back(one, commit):
    one.lot.session.refresh_from_db()
    commit(lambda: actions.withdraw_application(one, by=one.agent, organisation=one.organisation))


def test_who_stepped_back_hears_of_the_new_times_and_no_more(commit, cast):
    commit(lambda: postpone(cast["lot"]))
    paid = cast["paid"]
    step_back(paid, commit)
    commit(lambda: anew(cast["lot"]))
    session = AuctionSession.objects.get(pk=cast["lot"].session_id)
    commit(lambda: actions.cancel_session(session, by=person("organiser"), reason="不再举行"))

    assert told("session.reannounced_bidder") == set()
    assert paid.agent_id in told("session.reannounced")
    assert paid.agent_id not in told("session.cancelled_refund")


def test_who_applied_again_takes_part_again(commit, cast):
    commit(lambda: postpone(cast["lot"]))
    paid = cast["paid"]
    step_back(paid, commit)
    commit(lambda: anew(cast["lot"]))
    lot = Lot.objects.select_related("session", "outcome__owner").get(pk=cast["lot"].pk)
    commit(lambda: actions.apply_for_lot(lot, by=paid.agent, organisation=paid.organisation, declared=True))
    Notice.objects.all().delete()

    commit(lambda: actions.postpone_session(lot.session, by=person("organiser"), reason="场地维修"))

    assert told("session.postponed_bidder") == {paid.agent_id}
    assert paid.agent_id not in told("session.postponed")


def test_readers_of_a_room_hear_what_changes_in_it(commit, cast, settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    organiser = person("organiser")
    added = []
    commit(lambda: added.append(actions.add_room_document(cast["lot"], by=organiser, title="报告", file=paper())))
    commit(lambda: actions.withdraw_room_document(added[0], by=organiser, reason="版本有误"))

    assert told("room.document_added") == told("room.document_withdrawn") == {cast["reader"].pk}
    assert cast["lot"].number in Notice.objects.get(kind="room.document_added").title


def test_finance_hears_of_the_deposit_to_pay_back(commit, cast):
    finance = person("finance")
    commit(lambda: postpone(cast["lot"]))
    paid = cast["paid"]
    paid.lot.session.refresh_from_db()

    commit(lambda: actions.withdraw_application(paid, by=paid.agent, organisation=paid.organisation))

    assert finance.pk in told("deposit.to_release")
