"""Who is told when a session moves or is cancelled, and when a lot leaves the sale or goes back to its seller."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from django.utils.translation import override

from marketplace.auctions import actions
from marketplace.auctions.ladder import WAN
from marketplace.notices.models import Notice
from marketplace.organisations.roles import MemberRole
from tests.factories.people import join, sign_in
from tests.marketplace.auctions.making import (
    announced_lot,
    bidder,
    drafted,
    member,
    organisation,
    person,
    planned,
    second_lot,
)

pytestmark = pytest.mark.django_db


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("user", flat=True))


def mailed():
    return {address for message in mail.outbox for address in message.to}


def applied(lot):
    """Return somebody who applied for a lot and paid nothing."""
    firm = organisation()
    return actions.apply_for_lot(lot, by=member(firm, "bidder"), organisation=firm, declared=True)


def publisher_of(lot):
    return member(lot.outcome.owner, "publisher")


def one_of_two(**facts):
    """Return an announced lot whose session goes on without it."""
    lot = announced_lot(**facts)
    second_lot(lot)
    return lot


def test_a_withdrawn_lot_is_told_to_its_seller_and_to_who_registered(commit):
    lot = one_of_two(starts_at=timezone.now() + timedelta(days=10))
    seller, stranger = publisher_of(lot), member(organisation(), "bidder")
    paid, unpaid, rejected = bidder(lot, at=timezone.now()), applied(lot), applied(lot)
    actions.reject_bidder(rejected, by=person("organiser"), reason="材料不实")

    commit(lambda: actions.withdraw_lot(lot, by=person("organiser"), reason="权属有争议"))

    assert seller.pk in told("lot.withdrawn")
    assert told("registration.withdrawn_refund") == {paid.agent_id}
    assert told("registration.withdrawn_unpaid") == {unpaid.agent_id}
    assert not Notice.objects.filter(user__in=[stranger, rejected.agent], kind__contains="withdrawn").exists()
    assert {seller.email, paid.agent.email, unpaid.agent.email} <= mailed()


def test_what_a_bidder_reads_about_a_withdrawal_names_nobody(commit, client):
    lot = one_of_two(starts_at=timezone.now() + timedelta(days=10))
    one, other = bidder(lot, at=timezone.now()), bidder(lot, at=timezone.now())

    commit(lambda: actions.withdraw_lot(lot, by=person("organiser"), reason="权属有争议"))

    notice = Notice.objects.get(user=one.agent, kind="registration.withdrawn_refund")
    assert notice.title == f"拍品 {lot.number} 已撤回，保证金将退还给您"
    with override("en"):
        assert notice.title == f"Lot {lot.number} was withdrawn; your deposit is being paid back"
    assert notice.data == {"lot": lot.number}
    sign_in(client, one.agent)
    page = client.get(notice.path)
    assert "权属有争议" in page.content.decode()
    assert other.organisation.name not in page.content.decode()


def test_with_the_last_lot_the_session_is_told_to_be_cancelled_and_nothing_twice(commit):
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=10))
    seller, paid, unpaid = publisher_of(lot), bidder(lot, at=timezone.now()), applied(lot)

    commit(lambda: actions.withdraw_lot(lot, by=person("organiser"), reason="权属有争议"))

    assert told("session.cancelled") >= {seller.pk}
    assert told("session.cancelled_refund") == {paid.agent_id}
    assert told("session.cancelled_unpaid") == {unpaid.agent_id}
    assert not Notice.objects.filter(kind__contains="withdrawn").exists()


def test_a_lot_withdrawn_while_it_is_prepared_is_told_to_its_seller_alone(commit, client):
    lot = drafted(planned())
    seller = publisher_of(lot)

    commit(lambda: actions.withdraw_lot(lot, by=person("organiser"), reason="供方撤回"))

    assert told("lot.withdrawn") == {seller.pk}
    assert not Notice.objects.filter(kind__startswith="registration.").exists()
    sign_in(client, seller)
    assert client.get(Notice.objects.get(kind="lot.withdrawn").path).status_code == 200


def test_a_cancelled_session_is_told_once_to_everybody_it_concerns(commit):
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=10))
    seller = publisher_of(lot)
    paid, unpaid = bidder(lot, at=timezone.now()), applied(lot)

    commit(lambda: actions.cancel_session(lot.session, by=person("organiser"), reason="主办方原因"))

    assert seller.pk in told("session.cancelled")
    assert told("session.cancelled_refund") == {paid.agent_id}
    assert told("session.cancelled_unpaid") == {unpaid.agent_id}
    assert not Notice.objects.filter(kind__contains="withdrawn").exists()
    assert {seller.email, paid.agent.email, unpaid.agent.email} <= mailed()


def test_who_gets_one_deposit_back_is_not_told_that_none_is_asked_for(commit):
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=10))
    paid, unpaid = bidder(lot, at=timezone.now()), applied(lot)
    type(unpaid).objects.filter(pk=unpaid.pk).update(agent=paid.agent, organisation=organisation())
    unpaid.refresh_from_db()
    member_of_both = paid.agent
    join(member_of_both, unpaid.organisation, MemberRole.BIDDER)

    commit(lambda: actions.cancel_session(lot.session, by=person("organiser"), reason="主办方原因"))

    assert told("session.cancelled_refund") == {member_of_both.pk}
    assert told("session.cancelled_unpaid") == set()


def test_a_lot_withdrawn_before_is_not_told_of_the_cancellation(commit):
    session = planned()
    gone, kept = drafted(session), drafted(session)
    before, now = publisher_of(gone), publisher_of(kept)
    actions.withdraw_lot(gone, by=person("organiser"), reason="供方撤回")
    session.refresh_from_db()

    commit(lambda: actions.cancel_session(session, by=person("organiser"), reason="主办方原因"))

    assert told("session.cancelled") == {now.pk}
    assert before.pk not in told("session.cancelled")


def test_sellers_are_told_of_the_new_times_of_a_session_they_agreed_to(commit, client):
    session = planned()
    agreed, gone = drafted(session), drafted(session)
    seller, other = publisher_of(agreed), publisher_of(gone)
    actions.submit_lot(agreed, by=seller, organisation=agreed.outcome.owner)
    actions.withdraw_lot(gone, by=person("organiser"), reason="供方撤回")
    session.refresh_from_db()
    later = (timezone.localtime() + timedelta(days=30)).replace(hour=14, minute=0, second=0, microsecond=0)
    closes = later - timedelta(days=1)

    commit(
        lambda: actions.move_session(session, by=person("organiser"), starts_at=later, registration_closes_at=closes)
    )

    assert told("session.rescheduled") == {seller.pk}
    assert other.pk not in told("session.rescheduled")
    notice = Notice.objects.get(kind="session.rescheduled")
    assert f"{later:%Y-%m-%d %H:%M}" in notice.title
    assert f"{closes:%Y-%m-%d %H:%M}" in notice.title
    assert mailed() == {seller.email}
    sign_in(client, seller)
    assert client.get(notice.path).status_code == 200


def test_a_returned_lot_is_told_to_its_seller_and_an_approved_one_is_not(commit, client):
    lot = drafted(planned())
    seller = publisher_of(lot)
    actions.submit_lot(lot, by=seller, organisation=lot.outcome.owner)

    commit(lambda: actions.return_lot(lot, by=person("organiser"), reason="起拍价依据不足"))

    assert told("lot.returned") == {seller.pk}
    assert mailed() == {seller.email}
    sign_in(client, seller)
    notice = Notice.objects.get(kind="lot.returned")
    assert notice.title == f"拍品 {lot.number} 被组织方退回，请查看原因；条款如需修改，由组织方修改"
    page = client.get(notice.path).content.decode()
    assert "起拍价依据不足" in page
    assert "条款只能由组织方修改" in page  # the page has no fields of the terms for a seller, and does not pretend to
    assert "如不同意，请在下方说明" in page

    actions.submit_lot(lot, by=seller, organisation=lot.outcome.owner)
    commit(lambda: actions.approve_lot(lot, by=person("organiser")))
    assert Notice.objects.filter(kind="lot.returned").count() == 1


def test_practice_is_called_off_without_a_word(commit, settings):
    settings.DEMO = True
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=5), is_practice=True)
    bidder(lot, at=timezone.now())

    commit(lambda: actions.cancel_session(lot.session, by=person("organiser"), reason="主办方原因"))

    assert not Notice.objects.filter(kind__startswith="session.").exists()


def rescinded():
    """Return a sale that was rescinded after its confirmation, and its buyer."""
    lot = announced_lot(starts_at=timezone.now() - timedelta(hours=2), lasts=timedelta(hours=1))
    buyer = bidder(lot)
    actions.decide_bid(lot, buyer, amount=160 * WAN, key="a", arrived_at=lot.starts_at)
    lot.refresh_from_db()
    actions.close_lot(lot)
    actions.confirm_sale(lot, by=person("organiser"))
    actions.rescind_sale(lot, by=None)
    return lot, buyer


def test_a_rescission_is_told_to_seller_buyer_and_who_decides_on_the_deposit(commit, client):
    organiser = person("organiser")

    lot, buyer = commit(rescinded)

    assert told("registration.rescinded") == {buyer.agent_id}
    assert organiser.pk in told("lot.to_judge")
    assert told("lot.rescinded")
    sign_in(client, buyer.agent)
    assert client.get(Notice.objects.get(kind="registration.rescinded").path).status_code == 200
    assert {buyer.agent.email, organiser.email} <= mailed()
    assert lot.state == "rescinded"


def test_the_buyer_reads_what_becomes_of_its_deposit(commit):
    cleared, buyer = rescinded()
    blamed, other = rescinded()
    finance = person("finance")

    commit(lambda: actions.clear_buyer(cleared, by=person("organiser"), reason="双方协商解除"))
    commit(lambda: actions.declare_default(blamed, by=person("organiser"), ground="refused", reason="买受人反悔"))

    assert told("registration.cleared") == {buyer.agent_id}
    assert told("registration.defaulted") == {other.agent_id}
    assert finance.pk in told("deposit.to_release")
    assert {buyer.agent.email, other.agent.email} <= mailed()
    assert "不予退还" in Notice.objects.get(kind="registration.defaulted").title
