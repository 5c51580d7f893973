"""The close and what follows: result, deposits, confirmation with its deal, default, unsold lots."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.closing import GRACE
from marketplace.auctions.invariants import lot_problems
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import Deposit, LotEvent
from marketplace.auctions.reasons import ReasonTooLong
from marketplace.auctions.registering import RegistrationClosed
from marketplace.core import clock
from marketplace.core.refusals import WrongState
from marketplace.deals.models import Deal
from tests.marketplace.auctions.making import announced_lot, bidder, member, organisation, person

pytestmark = pytest.mark.django_db


def sale(**facts):
    """Return a lot whose end has passed an hour ago, with two bidders and a bid of 160 and of 165 万元."""
    lot = announced_lot(starts_at=timezone.now() - timedelta(hours=2), lasts=timedelta(hours=1), **facts)
    first, second = bidder(lot), bidder(lot)
    actions.decide_bid(lot, first, amount=160 * WAN, key="a", arrived_at=lot.starts_at)
    actions.decide_bid(lot, second, amount=165 * WAN, key="b", arrived_at=lot.starts_at + timedelta(minutes=1))
    lot.refresh_from_db()
    return lot, first, second


def state_of(row):
    row.refresh_from_db()
    return row.state


def test_sold_to_the_leader_and_the_loser_gets_its_deposit_back():
    lot, loser, winner = sale()

    assert actions.close_lot(lot)

    assert state_of(lot) == "sold"
    assert lot.events.last().payload == {"alias": winner.alias, "outcome": "sold", "price": 165 * WAN}
    assert (state_of(loser.deposit), state_of(loser)) == ("release_due", "refund_due")
    assert (state_of(winner.deposit), state_of(winner)) == ("held", "qualified")
    assert lot_problems(lot) == []


@pytest.mark.parametrize(("early", "closes"), [(timedelta(0), True), (timedelta(microseconds=1), False)])
def test_closes_only_once_the_grace_has_passed(early, closes):
    lot, _loser, _winner = sale()

    with clock.moved_to(lot.ends_at + GRACE - early):
        assert actions.close_lot(lot) is closes

    assert LotEvent.objects.filter(kind="closed").count() == int(closes)


def test_below_the_reserve_nothing_is_sold_and_the_reserve_is_opened():
    lot, loser, other = sale(reserve=200 * WAN)
    assert lot.reserve_opened is None

    actions.close_lot(lot)

    assert state_of(lot) == "unsold"
    assert lot.reserve_opened == 200 * WAN
    assert lot.events.last().payload["why"] == "below_reserve"
    assert {state_of(loser.deposit), state_of(other.deposit)} == {"release_due"}
    assert state_of(lot.outcome) == "available"
    assert lot_problems(lot) == []


def test_confirmation_applies_the_deposit_and_opens_a_deal_at_the_price():
    lot, _loser, winner = sale()
    actions.close_lot(lot)

    actions.confirm_sale(lot, by=person("organiser"))

    deal = Deal.objects.get()
    assert (deal.price, deal.buyer, deal.seller) == (165 * WAN, winner.organisation, lot.outcome.owner)
    assert (state_of(winner.deposit), winner.deposit.applied) == ("applied", lot.deposit)
    assert state_of(lot) == "confirmed"
    assert state_of(lot.outcome) == "reserved"


@pytest.mark.parametrize("role", ["", "finance", "auctioneer", "auditor"])
def test_only_organisers_confirm(role):
    lot, _loser, winner = sale()
    actions.close_lot(lot)

    with pytest.raises(PermissionDenied):
        actions.confirm_sale(lot, by=person(*[role] if role else []))

    assert Deal.objects.count() == 0
    assert state_of(winner.deposit) == "held"


def test_a_default_forfeits_the_deposit_and_bars_the_buyer():
    lot, _loser, winner = sale()
    actions.close_lot(lot)

    actions.declare_default(lot, by=person("organiser"), ground="refused", reason="拒绝签约")

    assert (state_of(winner), winner.is_barred, state_of(winner.deposit)) == ("forfeited", True, "forfeited")
    assert state_of(lot.outcome) == "available"
    assert Deal.objects.count() == 0


def test_a_lot_nobody_bid_on_is_unsold_and_its_seller_chooses_the_way():
    lot = announced_lot(starts_at=timezone.now() - timedelta(hours=2), lasts=timedelta(hours=1))
    actions.close_lot(lot)
    publisher = member(lot.outcome.owner, "publisher")

    actions.choose_next_path(lot, by=publisher, organisation=lot.outcome.owner, path="trial")

    assert (state_of(lot), lot.next_path) == ("unsold", "trial")
    assert list(lot.events.values_list("kind", flat=True)) == ["opened", "closed", "result"]
    assert lot_problems(lot) == []


def test_two_bidders_where_two_are_asked_for():
    lot = announced_lot(
        starts_at=timezone.now() - timedelta(hours=2), lasts=timedelta(hours=1), sells_to_single_bidder=False
    )
    actions.decide_bid(lot, bidder(lot), amount=160 * WAN, key="a", arrived_at=lot.starts_at)

    actions.close_lot(lot)

    assert state_of(lot) == "unsold"
    assert lot.events.last().payload["why"] == "single_bidder"


def test_withdrawal_before_the_opening_frees_bidders_and_outcome():
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=10))
    registration = bidder(lot, at=timezone.now())

    actions.withdraw_lot(lot, by=person("organiser"), reason="供方撤回")

    assert state_of(lot) == "withdrawn"
    assert (state_of(registration), state_of(registration.deposit)) == ("refund_due", "release_due")
    assert state_of(lot.outcome) == "available"
    assert lot_problems(lot) == []


def test_an_open_lot_is_not_withdrawn_without_a_suspension():
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    actions.open_lot(lot)

    with pytest.raises(WrongState):
        actions.withdraw_lot(lot, by=person("organiser"), reason="供方撤回")

    assert state_of(lot) == "open"


def test_a_released_deposit_adds_up_and_ends():
    lot, loser, _winner = sale()
    actions.close_lot(lot)
    finance = person("finance")
    loser.deposit.refresh_from_db()

    actions.release_deposit(loser.deposit, by=finance, bank_reference="R-1")

    assert (state_of(loser.deposit), loser.deposit.released, state_of(loser)) == ("released", lot.deposit, "refunded")
    with pytest.raises(WrongState):
        actions.release_deposit(loser.deposit, by=finance, bank_reference="R-2")
    assert Deposit.objects.filter(state="released").count() == 1


def test_nobody_applies_for_a_lot_that_was_withdrawn_meanwhile():
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=1))
    firm = organisation()
    actions.withdraw_lot(type(lot).objects.get(pk=lot.pk), by=person("organiser"), reason="权属有争议")

    with pytest.raises(RegistrationClosed):
        actions.apply_for_lot(lot, by=member(firm, "bidder"), organisation=firm, declared=True)

    assert not lot.registrations.exists()


def test_a_reason_longer_than_its_column_is_refused():
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=1))

    with pytest.raises(ReasonTooLong):
        actions.withdraw_lot(lot, by=person("organiser"), reason="长" * 301)

    assert state_of(lot) == "announced"
