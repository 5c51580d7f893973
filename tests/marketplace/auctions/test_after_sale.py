"""From a result to a contract, and from no result to another way."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import Lot
from marketplace.auctions.relisting import TooMuchLower
from marketplace.contracts.actions import register_contract, return_contract, submit_contract
from marketplace.contracts.amounts import Item
from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.contracts.writing import attach_signed_file, change_contract
from marketplace.core import clock
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import WrongState
from marketplace.deals.actions import terminate_deal
from marketplace.deals.models import Deal
from marketplace.organisations.roles import MemberRole
from marketplace.outcomes.availability import reserve_outcome
from tasks.delivery import attempt, plan
from tasks.models import Delivery
from tests.factories.people import join
from tests.marketplace.auctions.making import announced_lot, bidder, member, organisation, person
from tests.marketplace.contracts.factories import number_of, scan, technical_field
from tests.marketplace.deals.factories import from_interest

pytestmark = pytest.mark.django_db


def confirmed(mode="assignment"):
    """Return a sold and confirmed lot and its deal."""
    lot = announced_lot(starts_at=timezone.now() - timedelta(hours=2), lasts=timedelta(hours=1), mode=mode)
    actions.decide_bid(lot, bidder(lot), amount=160 * WAN, key="a", arrived_at=lot.starts_at)
    lot.refresh_from_db()
    actions.close_lot(lot)
    actions.confirm_sale(lot, by=person("organiser"))
    return Lot.objects.get(pk=lot.pk), Deal.objects.get(lot_number=lot.number)


def contract_of(deal):
    """Return a complete, unsent contract of a deal, and the seller's manager."""
    manager, today = member(deal.seller, "manager"), clock.today()
    contract = draft_contract_from_deal(deal, by=manager, organisation=deal.seller)
    change_contract(
        contract,
        by=manager,
        items=[Item(deal.outcome.title, deal.price, True)],
        buyer_region="330304",
        seller_region="330304",
        signed_on=today,
        begins_on=today,
        ends_on=today + timedelta(days=365),
        payment="once",
        field=technical_field(),
        ip_kind="invention",
        objective="industry",
    )
    attach_signed_file(contract, by=manager, upload=scan())
    return contract, manager


def follow(kind, subject):
    """Carry out what follows in auctions and matching from the newest entry of a kind about a subject."""
    entry = Entry.objects.about(subject).filter(kind=kind).latest("pk")
    for delivery in plan(entry.pk):
        if delivery.consequence.startswith(("auctions.", "matching.")):
            attempt(delivery.pk)
            delivery.refresh_from_db()
            assert delivery.done_at is not None, delivery.error


def state_of(row):
    row.refresh_from_db()
    return row.state


def test_a_submitted_contract_makes_its_lot_contracted():
    lot, deal = confirmed()
    other, _other_deal = confirmed()
    contract, manager = contract_of(deal)

    submit_contract(contract, by=manager)
    follow(Kind.CONTRACT_SUBMITTED, contract)

    assert state_of(lot) == "contracted"
    assert state_of(other) == "confirmed"
    assert Entry.objects.about(lot).filter(kind=Kind.LOT_CONTRACTED).count() == 1


def test_a_returned_and_sent_again_contract_contracts_its_lot_once():
    lot, deal = confirmed()
    contract, manager = contract_of(deal)
    registrar = person("registrar")
    submit_contract(contract, by=manager)
    follow(Kind.CONTRACT_SUBMITTED, contract)

    return_contract(contract, by=registrar, reasons="缺附件")
    submit_contract(contract, by=manager, answer="已在附件二补齐")
    follow(Kind.CONTRACT_SUBMITTED, contract)
    register_contract(contract, by=registrar, number=number_of(71))
    follow(Kind.CONTRACT_REGISTERED, contract)

    assert state_of(lot) == "contracted"
    assert Entry.objects.about(lot).filter(kind=Kind.LOT_CONTRACTED).count() == 1


def test_a_lot_that_was_not_confirmed_is_not_contracted():
    lot = announced_lot(starts_at=timezone.now() - timedelta(hours=2), lasts=timedelta(hours=1))
    actions.close_lot(lot)

    with pytest.raises(WrongState):
        actions.mark_contracted(lot, by=None)

    assert state_of(lot) == "unsold"


@pytest.mark.parametrize(
    ("mode", "kind", "expected"),
    [
        ("ordinary", "XK-ordinary", "available"),
        ("exclusive", "XK-exclusive", "reserved"),
        ("sole", "XK-sole", "reserved"),
        ("assignment", "ZR-patent", "converted"),
    ],
)
def test_what_the_registered_contract_leaves_of_the_outcome(mode, kind, expected):
    lot, deal = confirmed(mode=mode)
    contract, manager = contract_of(deal)
    assert contract.sub_type == kind
    submit_contract(contract, by=manager)
    follow(Kind.CONTRACT_SUBMITTED, contract)
    assert state_of(lot.outcome) == "reserved"

    register_contract(contract, by=person("registrar"), number=number_of(72))
    follow(Kind.CONTRACT_REGISTERED, contract)

    assert state_of(lot.outcome) == expected


def test_an_outcome_in_another_sale_stays_reserved_for_it():
    lot, deal = confirmed(mode="ordinary")
    contract, manager = contract_of(deal)
    submit_contract(contract, by=manager)
    follow(Kind.CONTRACT_SUBMITTED, contract)
    register_contract(contract, by=person("registrar"), number=number_of(73))
    follow(Kind.CONTRACT_REGISTERED, contract)
    again = in_another_session(lot, start_price=160 * WAN)

    actions.free_licensed_outcome(lot, by=None)

    assert (state_of(again), state_of(lot.outcome)) == ("draft", "reserved")


def in_another_session(lot, *, start_price, after=timedelta(days=20)):
    """Draft a lot of the same outcome in a session `after` the first."""
    organiser, starts_at = person("organiser"), lot.ends_at + after
    session = actions.plan_session(
        by=organiser,
        organiser=lot.session.organiser,
        title="第二场",
        starts_at=starts_at,
        registration_closes_at=starts_at,
    )
    lot.outcome.refresh_from_db()
    return actions.add_lot(
        session,
        by=organiser,
        outcome=lot.outcome,
        mode=lot.mode,
        object_of_sale=lot.object_of_sale,
        start_price=start_price,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
    )


def unsold():
    lot = announced_lot(starts_at=timezone.now() - timedelta(hours=2), lasts=timedelta(hours=1))
    actions.close_lot(lot)
    return Lot.objects.get(pk=lot.pk)


def test_relisted_within_30_days_at_most_a_fifth_lower():
    lot = unsold()

    with pytest.raises(TooMuchLower) as refusal:
        in_another_session(lot, start_price=127 * WAN)

    assert refusal.value.field == "start_price"
    assert "128" in str(refusal.value)
    assert lot.outcome.lots.count() == 1
    assert state_of(lot.outcome) == "available"
    assert in_another_session(lot, start_price=128 * WAN).state == "draft"


def test_relisted_later_at_any_price():
    assert in_another_session(unsold(), start_price=50 * WAN, after=timedelta(days=31)).start_price == 50 * WAN


def announced_again(lot):
    """Return the lot of the same outcome in a session that was announced since."""
    organiser, owner = person("organiser"), lot.outcome.owner
    again = in_another_session(lot, start_price=lot.start_price, after=timedelta(days=20))
    actions.submit_lot(again, by=member(owner, "publisher"), organisation=owner)
    actions.approve_lot(again, by=organiser)
    again.session.refresh_from_db()
    actions.announce_session(again.session, by=organiser)
    return Lot.objects.get(pk=again.pk)


def test_a_defaulted_lot_leads_to_its_next_sale_and_back(client):
    lot = announced_lot(starts_at=timezone.now() - timedelta(hours=2), lasts=timedelta(hours=1))
    actions.decide_bid(lot, bidder(lot), amount=160 * WAN, key="a", arrived_at=lot.starts_at)
    lot.refresh_from_db()
    actions.close_lot(lot)
    actions.declare_default(lot, by=person("organiser"), ground="refused", reason="拒绝签约")
    alone = client.get(lot.get_absolute_url())
    lot.outcome.refresh_from_db()
    again = announced_again(lot)

    first, second = client.get(lot.get_absolute_url()), client.get(again.get_absolute_url())

    assert (alone.context["sold_before"], alone.context["sold_again"]) == (None, None)
    assert (first.context["sold_before"], first.context["sold_again"]) == (None, again)
    assert (second.context["sold_before"], second.context["sold_again"]) == (lot, None)
    assert f'href="{again.get_absolute_url()}"' in first.content.decode()
    assert f'href="{lot.get_absolute_url()}"' in second.content.decode()


def test_a_sale_that_is_not_announced_is_not_led_to(client):
    lot = unsold()
    in_another_session(lot, start_price=160 * WAN)

    page = client.get(lot.get_absolute_url())

    assert page.context["sold_again"] is None


def test_sent_to_needs_that_fit_is_looked_for():
    lot = unsold()
    publisher = member(lot.outcome.owner, "publisher")

    actions.choose_next_path(lot, by=publisher, organisation=lot.outcome.owner, path="match")
    follow(Kind.LOT_GOES_ON, lot)

    assert Delivery.objects.get(consequence="matching.match_unsold_lot").done_at is not None


def test_who_broke_its_word_does_not_bid_on_the_same_outcome_again():
    lot = announced_lot(starts_at=timezone.now() - timedelta(hours=2), lasts=timedelta(hours=1))
    buyer = bidder(lot)
    actions.decide_bid(lot, buyer, amount=160 * WAN, key="a", arrived_at=lot.starts_at)
    actions.close_lot(lot)
    actions.declare_default(lot, by=person("organiser"), ground="refused", reason="拒绝签约")
    again = in_another_session(lot, start_price=160 * WAN)
    Lot.objects.filter(pk=again.pk).update(state="announced", announced_at=timezone.now())
    again.refresh_from_db()

    with pytest.raises(PermissionDenied, match="违约"):
        actions.apply_for_lot(again, by=buyer.agent, organisation=buyer.organisation, declared=True)

    assert again.registrations.count() == 0


def test_a_default_after_the_confirmation_ends_the_deal_with_its_reason():
    lot, deal = confirmed()

    actions.declare_default(lot, by=person("organiser"), ground="refused", reason="逾期未签约")

    assert (state_of(deal), deal.termination_reason, deal.lot_number) == ("terminated", "逾期未签约", lot.number)
    assert (state_of(lot), state_of(lot.outcome)) == ("defaulted", "available")
    follow(Kind.DEAL_TERMINATED, deal)
    assert state_of(lot) == "defaulted"


def test_no_default_once_the_contract_was_sent():
    lot, deal = confirmed()
    contract, manager = contract_of(deal)
    submit_contract(contract, by=manager)  # and the lot has not followed yet

    with pytest.raises(WrongState):
        actions.declare_default(lot, by=person("organiser"), ground="refused", reason="逾期未签约")

    assert (state_of(lot), state_of(deal), state_of(lot.outcome)) == ("confirmed", "registration", "reserved")
    assert not lot.leader.is_barred


@pytest.mark.parametrize("side", ["seller", "buyer"])
def test_an_ended_deal_frees_the_outcome_and_the_seller_chooses_the_way(side):
    lot, deal = confirmed()
    party = getattr(deal, side)

    terminate_deal(deal, by=member(party, "manager"), organisation=party, reason="双方协商解除")
    follow(Kind.DEAL_TERMINATED, deal)

    assert (state_of(lot), state_of(lot.outcome)) == ("rescinded", "available")
    publisher = member(deal.seller, "publisher")
    actions.choose_next_path(lot, by=publisher, organisation=deal.seller, path="relist")
    assert lot.next_path == "relist"
    assert in_another_session(lot, start_price=160 * WAN).state == "draft"
    actions.declare_default(lot, by=person("organiser"), ground="refused", reason="买受人反悔")
    assert (state_of(lot), state_of(lot.outcome)) == ("defaulted", "reserved")  # for the new lot
    lot.leader.refresh_from_db()
    assert lot.leader.is_barred


def test_a_deal_that_ends_in_performance_leaves_its_lot_contracted():
    lot, deal = confirmed()
    contract, manager = contract_of(deal)
    submit_contract(contract, by=manager)
    follow(Kind.CONTRACT_SUBMITTED, contract)
    register_contract(contract, by=person("registrar"), number=number_of(74))
    follow(Kind.CONTRACT_REGISTERED, contract)
    deal.refresh_from_db()

    terminate_deal(deal, by=member(deal.buyer, "manager"), organisation=deal.buyer, reason="对方未交付")
    follow(Kind.DEAL_TERMINATED, deal)

    assert (state_of(lot), state_of(lot.outcome)) == ("contracted", "converted")


def test_a_deal_without_a_lot_ends_without_one():
    deal, seller, _buyer = from_interest()

    terminate_deal(deal, **seller.as_party, reason="不再需要")
    follow(Kind.DEAL_TERMINATED, deal)

    assert state_of(deal) == "terminated"


def test_whoever_asks_acts_for_the_seller_of_the_lot():
    lot = unsold()
    other = member(lot.outcome.owner, "publisher")
    foreign = organisation()
    join(other, foreign, MemberRole.PUBLISHER)

    with pytest.raises(PermissionDenied):
        actions.choose_next_path(lot, by=other, organisation=foreign, path="match")

    assert state_of(lot) == "unsold"
    assert lot.next_path == ""
    assert not Entry.objects.about(lot).filter(kind=Kind.LOT_GOES_ON).exists()


def test_a_late_default_frees_nothing_that_was_reserved_since():
    lot, _deal = confirmed()
    actions.rescind_sale(lot, by=None)
    assert state_of(lot.outcome) == "available"
    reserve_outcome(lot.outcome, by=None)  # by a deal of its own, without a lot

    actions.declare_default(lot, by=person("organiser"), ground="refused", reason="买受人反悔")

    assert (state_of(lot), state_of(lot.outcome)) == ("defaulted", "reserved")


def test_a_moved_session_keeps_the_floor_of_what_went_unsold():
    lot = unsold()
    again = in_another_session(lot, start_price=50 * WAN, after=timedelta(days=40))
    session, begins = again.session, again.starts_at
    sooner = lot.ends_at + timedelta(days=20)

    with pytest.raises(TooMuchLower, match="128"):
        actions.move_session(session, by=person("organiser"), starts_at=sooner, registration_closes_at=sooner)

    session.refresh_from_db()
    again.refresh_from_db()
    assert (session.starts_at, again.starts_at) == (begins, begins)
    later = lot.ends_at + timedelta(days=35)
    actions.move_session(session, by=person("organiser"), starts_at=later, registration_closes_at=later)
    again.refresh_from_db()
    assert again.starts_at == later
