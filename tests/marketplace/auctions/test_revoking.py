"""The organiser revokes an admission before the bidding begins: the number is gone, the deposit goes back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.documents import ASKED_ALWAYS
from marketplace.auctions.invariants import all_problems
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import BidderRegistration, Lot
from marketplace.auctions.reasons import ReasonMissing
from marketplace.auctions.revoking import NotLetIn
from marketplace.auctions.saying_no import NotQualified
from marketplace.auctions.stepping_back import ApplicationOver, BiddingHasBegun
from marketplace.core import clock
from marketplace.core.journal import Entry, Kind
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import bidder, member, organisation, person
from tests.marketplace.auctions.racing import at_once
from tests.marketplace.auctions.test_applying_again import qualified_again
from tests.marketplace.auctions.test_postponing import coming, postponed

pytestmark = pytest.mark.django_db
WHY = "营业执照系伪造"


def fresh(one):
    parts = ("lot__session", "lot__outcome__owner", "organisation", "agent", "deposit")
    return BidderRegistration.objects.select_related(*parts).get(pk=one.pk)


def revoked(one):
    actions.revoke_admission(fresh(one), by=person("organiser"), reason=WHY)
    return fresh(one)


def applied(lot):
    firm = organisation()
    return actions.apply_for_lot(lot, by=member(firm, "bidder"), organisation=firm, declared=True)


def test_a_qualified_bidder_has_its_deposit_back_and_does_not_bid():
    one = revoked(bidder(coming(), at=timezone.now()))

    assert (one.state, one.deposit.state) == ("refund_due", "release_due")
    assert (one.is_revoked, one.decision_reason, one.ended_by) == (True, WHY, "组织方已取消资格")
    with clock.moved_to(one.lot.starts_at + timedelta(minutes=1)), pytest.raises(NotQualified):
        actions.place_bid(one.lot, by=one.agent, organisation=one.organisation, amount=160 * WAN, key="a")
    entry = Entry.objects.get(kind=Kind.REGISTRATION_REVOKED)
    assert (entry.subject_id, entry.data["lot"]) == (one.pk, one.lot.number)
    assert all_problems() == []


def test_one_that_has_not_paid_is_not_asked_to_any_more():
    one = applied(coming())
    actions.admit_bidder(one, by=person("organiser"), missing=ASKED_ALWAYS)

    one = revoked(one)

    assert (one.state, one.deposit.state, one.shown_state) == ("lapsed", "lapsed", "组织方已取消资格")


def test_its_number_is_nobody_elses_and_it_may_come_back():
    one = revoked(bidder(coming(), at=timezone.now()))

    second = qualified_again(one)

    assert second.alias not in ("", one.alias)
    assert (fresh(one).state, second.state) == ("refund_due", "qualified")


def test_while_the_session_is_postponed_too():
    lot = coming()
    one = bidder(lot, at=timezone.now())
    postponed(lot)

    assert revoked(one).is_revoked


@pytest.mark.parametrize("minutes", [0, 1])
def test_not_once_the_bidding_has_begun(minutes):
    one = fresh(bidder(coming(), at=timezone.now()))

    with clock.moved_to(one.lot.starts_at + timedelta(minutes=minutes)), pytest.raises(BiddingHasBegun):
        actions.revoke_admission(one, by=person("organiser"), reason=WHY)

    assert (fresh(one).state, fresh(one).withdrawn_at) == ("qualified", None)


def test_only_an_admission_is_revoked_and_only_with_a_reason():
    lot = coming()
    undecided, let_in = applied(lot), bidder(lot, at=timezone.now())

    with pytest.raises(NotLetIn):
        actions.revoke_admission(undecided, by=person("organiser"), reason=WHY)
    with pytest.raises(ReasonMissing):
        actions.revoke_admission(fresh(let_in), by=person("organiser"), reason="  ")
    over = revoked(let_in)
    with pytest.raises(NotLetIn):
        actions.revoke_admission(over, by=person("organiser"), reason=WHY)

    assert fresh(undecided).state == "applied"


def test_none_is_revoked_without_its_reason_in_the_table():
    one = bidder(coming(), at=timezone.now())

    with pytest.raises(IntegrityError, match="registration_revoked_with_a_reason"), transaction.atomic():
        BidderRegistration.objects.filter(pk=one.pk).update(is_revoked=True)


def test_the_organiser_is_asked_why_and_the_bidder_reads_it(client):
    one = bidder(coming(), at=timezone.now())
    review, move = (
        reverse("registration-review", args=[one.code]),
        reverse("registration-move", args=[one.code, "revoke"]),
    )
    sign_in(client, person("organiser"))

    unsaid = client.post(move, {"reason": ""}).content.decode()
    assert fresh(one).state == "qualified"
    told = client.post(move, {"reason": WHY}, follow=True).content.decode()

    assert "取消该竞买人的资格？" in unsaid
    assert fresh(one).state == "refund_due"
    assert "组织方已取消本报名的竞买资格" in told
    assert move not in client.get(review).content.decode()
    sign_in(client, one.agent)
    page = client.get(one.get_absolute_url()).content.decode()
    assert WHY in page
    assert "再次报名" in page


def test_what_the_organiser_asked_for_is_no_reason_of_a_bidder_who_withdraws(client):
    one = applied(coming())
    actions.ask_for_documents(one, by=person("organiser"), reason="补交营业执照")
    actions.withdraw_application(fresh(one), by=one.agent, organisation=one.organisation)
    sign_in(client, one.agent)

    page = client.get(one.get_absolute_url()).content.decode()

    assert "已撤回" in page
    assert "补交营业执照" not in page


def test_once_bidding_has_begun_the_page_offers_nothing(client):
    one = bidder(coming(), at=timezone.now())
    sign_in(client, person("organiser"))

    with clock.moved_to(one.lot.starts_at + timedelta(minutes=1)):
        page = client.get(reverse("registration-review", args=[one.code])).content.decode()

    assert reverse("registration-move", args=[one.code, "revoke"]) not in page


@pytest.mark.django_db(transaction=True)
def test_a_revocation_and_a_step_back_at_once_pay_the_deposit_back_once():
    one = bidder(coming(), at=timezone.now())
    organiser = person("organiser")

    answers = at_once(
        [
            lambda: actions.revoke_admission(fresh(one), by=organiser, reason=WHY),
            lambda: actions.withdraw_application(fresh(one), by=one.agent, organisation=one.organisation),
        ]
    )

    assert answers in ([None, ApplicationOver], [NotLetIn, None])
    assert Entry.objects.filter(kind=Kind.DEPOSIT_RELEASE_DUE).count() == 1
    assert Lot.objects.get(pk=one.lot_id).state == "announced"
