"""The buyer's deposit once it counts towards a price: where it goes when the sale fails after all."""

import copy
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.invariants import lot_problems
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import BidderRegistration, Deposit, Lot
from marketplace.auctions.reasons import ReasonMissing
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import WrongState
from tests.factories.people import join, sign_in
from tests.marketplace.auctions.making import announced_lot, bidder, person


def confirmed():
    """Return a confirmed sale: its lot and the buyer's registration."""
    lot = announced_lot(starts_at=timezone.now() - timedelta(hours=2), lasts=timedelta(hours=1))
    buyer = bidder(lot)
    actions.decide_bid(lot, buyer, amount=160 * WAN, key="a", arrived_at=lot.starts_at)
    lot.refresh_from_db()
    actions.close_lot(lot)
    actions.confirm_sale(lot, by=person("organiser"))
    assert state_of(buyer.deposit) == "applied"
    return Lot.objects.get(pk=lot.pk), buyer


@pytest.fixture(scope="module")
def lasting_sale(lasting):
    return confirmed()


@pytest.fixture
def sale(lasting_sale, for_now):
    """Return a confirmed sale: its lot and the buyer's registration."""
    return copy.deepcopy(lasting_sale)


def rescinded(sale):
    """Return a sale that was rescinded after its confirmation."""
    lot, buyer = sale
    actions.rescind_sale(lot, by=None)
    return lot, buyer


def state_of(row):
    row.refresh_from_db()
    return row.state


def entries(kind, subject):
    return Entry.objects.about(subject).filter(kind=kind)


@pytest.mark.parametrize("is_rescinded", [False, True])
def test_a_default_forfeits_a_deposit_that_was_applied(sale, is_rescinded):
    lot, buyer = rescinded(sale) if is_rescinded else sale

    actions.declare_default(lot, by=person("organiser"), ground="refused", reason="逾期未签约")

    assert (state_of(lot), state_of(buyer), buyer.is_barred) == ("defaulted", "forfeited", True)
    assert state_of(buyer.deposit) == "forfeited"
    assert (buyer.deposit.applied, buyer.deposit.forfeited) == (0, lot.deposit)
    assert entries(Kind.DEPOSIT_FORFEITED, buyer.deposit).count() == 1
    assert lot_problems(lot) == []


def test_a_rescission_alone_leaves_the_deposit_to_the_organiser(sale):
    lot, buyer = rescinded(sale)

    assert (state_of(buyer.deposit), state_of(buyer)) == ("applied", "settled")
    assert not Deposit.objects.to_release().exists()
    assert lot_problems(lot) == []


def test_the_deposit_of_a_buyer_not_at_fault_is_paid_back(sale):
    lot, buyer = rescinded(sale)

    actions.clear_buyer(lot, by=person("organiser"), reason="双方协商解除")

    assert (state_of(lot), state_of(buyer), buyer.is_barred) == ("rescinded", "refund_due", False)
    assert list(Deposit.objects.to_release()) == [buyer.deposit]
    assert state_of(buyer.deposit) == "release_due"
    assert (buyer.deposit.applied, buyer.deposit.ended_at) == (0, None)
    assert lot.note == "双方协商解除"
    assert lot_problems(lot) == []

    actions.release_deposit(buyer.deposit, by=person("finance"), bank_reference="R-1")

    assert (state_of(buyer.deposit), buyer.deposit.released, state_of(buyer)) == ("released", lot.deposit, "refunded")
    assert entries(Kind.DEPOSIT_RELEASE_DUE, buyer.deposit).count() == 1
    assert lot_problems(lot) == []


def test_what_was_decided_about_a_deposit_stays(sale):
    cleared, buyer = rescinded(sale)
    organiser = person("organiser")
    actions.clear_buyer(cleared, by=organiser, reason="双方协商解除")

    with pytest.raises(WrongState):
        actions.declare_default(cleared, by=organiser, ground="refused", reason="买受人反悔")
    with pytest.raises(WrongState):
        actions.clear_buyer(cleared, by=organiser, reason="再次")

    assert (state_of(cleared), state_of(buyer.deposit)) == ("rescinded", "release_due")
    buyer.refresh_from_db()
    assert not buyer.is_barred

    forfeited, other = rescinded(confirmed())
    actions.declare_default(forfeited, by=organiser, ground="refused", reason="买受人反悔")
    with pytest.raises(WrongState):
        actions.clear_buyer(forfeited, by=organiser, reason="误判")
    assert state_of(other.deposit) == "forfeited"


def test_a_sale_that_stands_clears_nobody(sale):
    lot, buyer = sale

    with pytest.raises(WrongState):
        actions.clear_buyer(lot, by=person("organiser"), reason="双方协商解除")

    assert state_of(buyer.deposit) == "applied"


def test_not_without_a_reason(sale):
    lot, buyer = rescinded(sale)

    with pytest.raises(ReasonMissing):
        actions.clear_buyer(lot, by=person("organiser"), reason=" ")

    assert state_of(buyer.deposit) == "applied"


@pytest.mark.parametrize("side", ["buyer", "seller"])
@pytest.mark.parametrize(("verb", "on"), [("clear_buyer", {}), ("declare_default", {"ground": "refused"})])
def test_nobody_decides_on_the_deposit_of_a_sale_of_the_own_organisation(side, verb, on, sale):
    lot, buyer = rescinded(sale)
    organiser = person("organiser")
    join(organiser, buyer.organisation if side == "buyer" else lot.outcome.owner)

    with pytest.raises(PermissionDenied):
        getattr(actions, verb)(lot, by=organiser, **on, reason="双方协商解除")

    assert (state_of(lot), state_of(buyer.deposit)) == ("rescinded", "applied")


@pytest.mark.parametrize(
    ("sale_state", "deposit_state"),
    [("defaulted", "applied"), ("rescinded", "held"), ("confirmed", "release_due"), ("sold", "applied")],
)
def test_a_buyers_deposit_that_does_not_fit_its_sale_is_named(sale_state, deposit_state, sale):
    lot, buyer = sale
    applied = buyer.deposit.received if deposit_state == "applied" else 0
    Deposit.objects.filter(pk=buyer.deposit_id).update(state=deposit_state, applied=applied)
    Lot.objects.filter(pk=lot.pk).update(state=sale_state)

    problems = lot_problems(lot)

    assert len(problems) == 1
    assert buyer.deposit.reference in problems[0]


@pytest.fixture
def left_behind(sale):
    """Return a default as earlier versions declared it: the deposit stayed with the price, the buyer settled."""
    lot, buyer = sale
    Lot.objects.filter(pk=lot.pk).update(state="defaulted")
    BidderRegistration.objects.filter(pk=buyer.pk).update(is_barred=True)
    return Lot.objects.get(pk=lot.pk), buyer


def test_a_deposit_left_behind_by_an_older_default_is_named_with_its_way_out(left_behind):
    lot, _buyer = left_behind

    with pytest.raises(CommandError) as told:
        call_command("check_auctions")

    for words in (lot.number, "applied", reverse("lot-manage", args=[lot.number]), "declare_default", "clear_buyer"):
        assert words in str(told.value)


@pytest.mark.parametrize(
    ("verb", "lot_state", "deposit_state", "is_barred"),
    [("default", "defaulted", "forfeited", True), ("clear", "rescinded", "release_due", False)],
)
def test_the_way_out_is_open_on_the_page_and_then_closed(
    client, verb, lot_state, deposit_state, is_barred, left_behind
):
    lot, buyer = left_behind
    sign_in(client, person("organiser"))
    page = client.get(reverse("lot-manage", args=[lot.number])).content.decode()
    assert reverse("lot-move", args=[lot.number, "clear"]) in page
    assert reverse("lot-move", args=[lot.number, "default"]) in page

    done = client.post(
        reverse("lot-move", args=[lot.number, verb]), {"ground": "refused", "reason": "补记"}, follow=True
    )

    assert (state_of(lot), state_of(buyer.deposit), state_of(buyer)) == (lot_state, deposit_state, buyer.state)
    assert (buyer.is_barred, buyer.deposit.applied) == (is_barred, 0)
    assert lot_problems(lot) == []
    assert reverse("lot-move", args=[lot.number, "clear"]) not in done.content.decode()
    assert reverse("lot-move", args=[lot.number, "default"]) not in done.content.decode()


def test_a_default_that_took_the_deposit_is_not_declared_again(sale):
    lot, buyer = sale
    actions.declare_default(lot, by=person("organiser"), ground="refused", reason="逾期未签约")

    with pytest.raises(WrongState):
        actions.declare_default(lot, by=person("organiser"), ground="refused", reason="再次")

    assert entries(Kind.LOT_DEFAULTED, lot).count() == 1
    assert state_of(buyer.deposit) == "forfeited"


def test_the_organiser_clears_the_buyer_on_the_page_of_the_lot(client, sale):
    lot, buyer = rescinded(sale)
    sign_in(client, person("organiser"))
    page = client.get(reverse("lot-manage", args=[lot.number])).content.decode()
    assert reverse("lot-move", args=[lot.number, "clear"]) in page
    assert reverse("lot-move", args=[lot.number, "default"]) in page

    refused = client.post(reverse("lot-move", args=[lot.number, "clear"]), {"reason": ""})
    done = client.post(reverse("lot-move", args=[lot.number, "clear"]), {"reason": "双方协商解除"}, follow=True)

    assert refused.context["forms"]["clear"].errors["reason"]
    assert state_of(buyer.deposit) == "release_due"
    page = done.content.decode()
    assert reverse("lot-move", args=[lot.number, "clear"]) not in page
    assert reverse("lot-move", args=[lot.number, "default"]) not in page
    assert buyer.deposit.get_state_display() == "待退还"
    assert "待退还" in page


def test_a_lot_that_stands_offers_no_clearing(client, sale):
    lot, _buyer = sale
    sign_in(client, person("organiser"))

    page = client.get(reverse("lot-manage", args=[lot.number])).content.decode()

    assert reverse("lot-move", args=[lot.number, "clear"]) not in page
    assert reverse("lot-move", args=[lot.number, "default"]) in page


def test_the_buyer_reads_that_the_deposit_waits_for_the_organiser(client, sale):
    lot, buyer = rescinded(sale)
    sign_in(client, buyer.agent)
    address = reverse("registration-detail", args=[buyer.code])
    sentence = "保证金是否退还由组织方决定"
    assert sentence in client.get(address).content.decode()

    actions.clear_buyer(lot, by=person("organiser"), reason="双方协商解除")

    assert sentence not in client.get(address).content.decode()
