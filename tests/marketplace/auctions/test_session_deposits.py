"""One deposit for all lots of a session: due once, held, counted once, back when no lot needs it, lost once."""

import copy
from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone

from marketplace.auctions import actions, drawing
from marketplace.auctions.bank_numbers import PaymentRecorded
from marketplace.auctions.closing import SessionRunning
from marketplace.auctions.documents import ASKED_ALWAYS
from marketplace.auctions.invariants import lot_problems
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import BidderRegistration, Deposit, Lot
from marketplace.core import clock
from marketplace.core.journal import Entry, Kind
from marketplace.notices.models import Notice
from tasks.delivery import attempt, plan
from tests.marketplace.auctions.making import announced_lot, bidder, member, organisation, outcome, person
from tests.marketplace.auctions.racing import at_once

bank = count(1)


def announced(prices=(160, 100, 60), *, starts_at=None):
    """Return the lots of a session with one deposit, one after the other, each for ten minutes."""
    starts_at = starts_at or timezone.now() - timedelta(hours=2)
    organiser, seller = person("organiser"), organisation("institute")
    publisher = member(seller, "publisher")
    lots = []
    with clock.moved_to(starts_at - timedelta(days=8)):
        session = actions.plan_session(
            by=organiser,
            organiser=organisation("government"),
            title="样例专场",
            starts_at=starts_at,
            registration_closes_at=starts_at,
            deposit_scope="session",
        )
        for place, price in enumerate(prices):
            begins = starts_at + timedelta(minutes=20 * place)
            lot = actions.add_lot(
                session,
                by=organiser,
                outcome=outcome(seller),
                mode="assignment",
                object_of_sale="发明专利转让",
                start_price=price * WAN,
                starts_at=begins,
                ends_at=begins + timedelta(minutes=10),
            )
            actions.submit_lot(lot, by=publisher, organisation=seller)
            actions.approve_lot(lot, by=organiser)
            lots.append(lot)
        session.refresh_from_db()
        actions.announce_session(session, by=organiser)
    return [again(lot) for lot in lots]


def again(lot):
    return Lot.objects.select_related("session", "outcome__owner", "leader__deposit").get(pk=lot.pk)


def admitted(lot, firm, agent):
    with clock.moved_to(lot.session.starts_at - timedelta(days=1)):
        registration = actions.apply_for_lot(again(lot), by=agent, organisation=firm, declared=True)
        actions.admit_bidder(registration, by=person("organiser"), missing=ASKED_ALWAYS)
    return BidderRegistration.objects.select_related("lot", "deposit").get(pk=registration.pk)


def paid(deposit, *, reference=None):
    at = deposit.due_at - timedelta(hours=1)
    reference = reference or f"BANK-{next(bank)}"
    with clock.moved_to(at):
        actions.record_deposit(
            deposit, by=person("finance"), amount=deposit.amount, bank_reference=reference, received_at=at
        )


def bidder_on(lots):
    """Return the qualified registrations of one organisation, with one deposit for all."""
    firm = organisation()
    agent = member(firm, "bidder")
    registrations = [admitted(lot, firm, agent) for lot in lots]
    paid(registrations[0].deposit)
    for registration in registrations:
        registration.refresh_from_db()
        with clock.moved_to(lots[0].session.starts_at - timedelta(hours=1)):
            actions.qualify_bidder(registration, by=person("organiser"))
    return [BidderRegistration.objects.select_related("lot", "deposit").get(pk=one.pk) for one in registrations]


@pytest.fixture(scope="module")
def lasting_session(lasting):
    lots = announced()
    return lots, bidder_on(lots)


@pytest.fixture
def session(lasting_session, for_now):
    """Return the lots of a session, and the registrations of an organisation that paid for all."""
    return copy.deepcopy(lasting_session)


def won(registration, amount=None):
    """Let a registration win its lot, and close it."""
    lot = registration.lot
    at = lot.starts_at + timedelta(minutes=1)
    actions.decide_bid(lot, registration, amount=amount or lot.start_price, key="a", arrived_at=at)
    closed(lot)


def closed(lot):
    actions.close_lot(again(lot))
    return again(lot)


def confirm(lot):
    actions.confirm_sale(again(lot), by=person("organiser"))


def problems(lots):
    return [problem for lot in lots for problem in lot_problems(again(lot))]


def state_of(row):
    row.refresh_from_db()
    return row.state


@pytest.mark.django_db
def test_it_is_due_once_for_the_dearest_lot():
    lots, firm = announced(), organisation()
    agent = member(firm, "bidder")

    first, second = admitted(lots[1], firm, agent), admitted(lots[2], firm, agent)

    deposit = Deposit.objects.get()
    assert (first.deposit, second.deposit, deposit.lot) == (deposit, deposit, None)
    assert (deposit.amount, deposit.reference[:3]) == (16 * WAN, "OLP")
    assert [first.state, second.state] == ["deposit_due", "deposit_due"]


@pytest.mark.django_db
def test_one_payment_admits_to_every_lot_also_to_one_applied_for_later():
    lots, firm = announced(), organisation()
    agent = member(firm, "bidder")
    first, second = admitted(lots[0], firm, agent), admitted(lots[1], firm, agent)
    paid(first.deposit)

    third = admitted(lots[2], firm, agent)

    assert [state_of(one) for one in (first, second, third)] == ["deposit_held"] * 3
    for delivery in plan(Entry.objects.about(third).get(kind=Kind.REGISTRATION_ADMITTED).pk):
        attempt(delivery.pk)
    assert Notice.objects.filter(kind="registration.deposit_stands", user=agent).count() == 1
    assert not Notice.objects.filter(kind="deposit.to_record").exists()


@pytest.mark.django_db
def test_a_reference_that_is_taken_is_drawn_again(monkeypatch):
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    taken = bidder(lot).deposit.reference
    drawn = iter([*taken[-4:], *"2345"])
    monkeypatch.setattr(drawing.secrets, "choice", lambda _letters: next(drawn))

    assert drawing.payment_reference(lot) == f"{lot.number}-2345"


@pytest.mark.django_db
def test_a_number_of_the_bank_is_taken_once():
    lots = announced()
    one, other = organisation(), organisation()
    first = admitted(lots[0], one, member(one, "bidder"))
    second = admitted(lots[0], other, member(other, "bidder"))
    paid(first.deposit, reference="JH-1")

    with pytest.raises(PaymentRecorded) as refused:
        paid(second.deposit, reference="JH-1")

    assert f"保证金 {first.deposit.reference}（{lots[0].session.number}）" in str(refused.value)

    assert state_of(second.deposit) == "due"


def test_it_stays_while_another_lot_needs_it_and_comes_back_after_the_last(session):
    lots, mine = session
    rival = bidder_on(lots[:1])
    deposit = mine[0].deposit

    won(rival[0])
    assert (state_of(deposit), state_of(mine[0])) == ("held", "kept")
    closed(lots[1])
    assert state_of(deposit) == "held"
    assert problems(lots) == []
    closed(lots[2])

    assert [state_of(one) for one in mine] == ["kept", "kept", "refund_due"]
    assert state_of(deposit) == "release_due"
    assert Entry.objects.about(deposit).filter(kind=Kind.DEPOSIT_RELEASE_DUE).count() == 1
    actions.release_deposit(deposit, by=person("finance"), bank_reference="TK-1")
    assert [state_of(one) for one in mine] == ["refunded"] * 3
    assert problems(lots) == []


def test_it_counts_for_the_first_confirmed_lot_and_no_other(session):
    lots, mine = session
    won(mine[0])
    won(mine[1])
    with pytest.raises(SessionRunning):
        confirm(lots[0])
    closed(lots[2])

    confirm(lots[0])
    confirm(lots[1])

    deposit = mine[0].deposit
    assert state_of(deposit) == "applied"
    assert (deposit.applied_to, deposit.applied) == (lots[0], deposit.received)
    assert [state_of(one) for one in mine] == ["settled", "settled", "kept"]
    assert [again(lot).confirmation.deposit_applied for lot in lots[:2]] == [deposit.received, 0]
    assert problems(lots) == []


def test_a_default_on_one_lot_takes_it_from_all_and_only_once(session):
    lots, mine = session
    won(mine[0])
    actions.declare_default(again(lots[0]), by=person("organiser"), ground="refused", reason="拒绝签约")
    assert state_of(mine[0].deposit) == "forfeited"
    refusal = actions.decide_bid(
        lots[1], mine[1], amount=lots[1].start_price, key="b", arrived_at=lots[1].starts_at + timedelta(minutes=1)
    )
    assert refusal["reason"] == "deposit_missing"

    closed(lots[1])
    closed(lots[2])

    assert [state_of(one) for one in mine] == ["forfeited"] * 3
    assert Entry.objects.filter(kind=Kind.DEPOSIT_FORFEITED).count() == 1
    assert problems(lots) == []


def test_two_defaults_forfeit_it_once(session):
    lots, mine = session
    for one in mine:
        won(one)
    for lot in lots[:2]:
        actions.declare_default(again(lot), by=person("organiser"), ground="refused", reason="拒绝签约")

    confirm(lots[2])

    assert state_of(mine[0].deposit) == "forfeited"
    assert again(lots[2]).confirmation.deposit_applied == 0
    assert Entry.objects.filter(kind=Kind.DEPOSIT_FORFEITED).count() == 1
    assert problems(lots) == []


def test_a_failed_sale_without_fault_leaves_it_to_the_next_lot_bought(session):
    lots, mine = session
    for one in mine[:2]:
        won(one)
    closed(lots[2])
    confirm(lots[0])
    confirm(lots[1])
    deposit = mine[0].deposit

    actions.rescind_sale(again(lots[0]), by=None)
    actions.clear_buyer(again(lots[0]), by=person("organiser"), reason="非买受人原因")
    assert (state_of(deposit), deposit.applied_to) == ("applied", lots[1])
    assert problems(lots) == []
    actions.rescind_sale(again(lots[1]), by=None)
    actions.clear_buyer(again(lots[1]), by=person("organiser"), reason="非买受人原因")

    assert state_of(deposit) == "release_due"
    assert problems(lots) == []


@pytest.mark.django_db
def test_a_withdrawn_lot_leaves_it_and_a_cancelled_session_gives_it_back_once():
    lots = announced(starts_at=timezone.now() + timedelta(days=2))
    mine = bidder_on(lots)
    actions.withdraw_lot(again(lots[0]), by=person("organiser"), reason="权属待核")
    assert (state_of(mine[0].deposit), state_of(mine[0])) == ("held", "kept")

    actions.cancel_session(again(lots[1]).session, by=person("organiser"), reason="场地停电")

    assert state_of(mine[0].deposit) == "release_due"
    assert Entry.objects.about(mine[0].deposit).filter(kind=Kind.DEPOSIT_RELEASE_DUE).count() == 1


@pytest.mark.django_db
def test_every_agent_of_a_cancelled_session_is_told_that_the_one_deposit_comes_back():
    lots, firm = announced(starts_at=timezone.now() + timedelta(days=2)), organisation()
    agents = [member(firm, "bidder"), member(firm, "bidder")]
    applied = [admitted(lot, firm, agent) for lot, agent in zip(lots, agents, strict=False)]
    paid(applied[0].deposit)

    actions.cancel_session(again(lots[0]).session, by=person("organiser"), reason="场地停电")
    for delivery in plan(Entry.objects.get(kind=Kind.SESSION_CANCELLED).pk):
        attempt(delivery.pk)

    told = Notice.objects.filter(user__in=agents).values_list("kind", flat=True)
    assert set(told) == {"session.cancelled_refund"}
    assert Notice.objects.filter(user=agents[0]).exists()
    assert Notice.objects.filter(user=agents[1]).exists()


def test_the_check_finds_a_deposit_that_does_not_fit_its_lots(session):
    lots, mine = session
    for lot in lots:
        closed(lot)
    Deposit.objects.update(state="held", release_due_at=None)

    assert any("no lot of its session needs it" in problem for problem in problems(lots))

    Deposit.objects.update(state="forfeited", received=mine[0].deposit.amount, forfeited=mine[0].deposit.amount)
    assert any("did not default" in problem for problem in problems(lots))


@pytest.mark.django_db(transaction=True)
def test_two_lots_closed_at_once_release_it_once():
    lots = announced()
    mine = bidder_on(lots)

    at_once([lambda lot=lot: actions.close_lot(again(lot)) for lot in lots for _turn in range(2)])

    assert state_of(mine[0].deposit) == "release_due"
    assert Entry.objects.filter(kind=Kind.DEPOSIT_RELEASE_DUE).count() == 1
    assert problems(lots) == []


@pytest.mark.django_db(transaction=True)
def test_admitted_to_two_lots_at_once_there_is_one_deposit():
    lots, firm = announced(starts_at=timezone.now() + timedelta(days=2)), organisation()
    agent, organiser = member(firm, "bidder"), person("organiser")
    applied = [actions.apply_for_lot(lot, by=agent, organisation=firm, declared=True) for lot in lots]

    def admit(one):
        mine = BidderRegistration.objects.select_related("lot__session", "organisation").get(pk=one.pk)
        return actions.admit_bidder(mine, by=organiser, missing=ASKED_ALWAYS)

    given = at_once([lambda one=one: admit(one) for one in applied])

    assert given == [None] * 3
    assert Deposit.objects.count() == 1
    assert set(BidderRegistration.objects.values_list("state", flat=True)) == {"deposit_due"}


@pytest.mark.django_db(transaction=True)
def test_a_payment_recorded_while_its_lots_are_withdrawn_is_held_or_refused_never_lost():
    lots, firm = announced(starts_at=timezone.now() + timedelta(days=2)), organisation()
    agent, organiser, finance = member(firm, "bidder"), person("organiser"), person("finance")
    mine = [admitted(lot, firm, agent) for lot in lots]
    deposit = mine[0].deposit

    def record():
        one = Deposit.objects.get(pk=deposit.pk)
        return actions.record_deposit(
            one, by=finance, amount=one.amount, bank_reference="JH-9", received_at=timezone.now()
        )

    at_once([record, *[lambda lot=lot: actions.withdraw_lot(again(lot), by=organiser, reason="撤回") for lot in lots]])

    session = lots[0].session
    withdrawn = Entry.objects.filter(kind=Kind.LOT_WITHDRAWN)
    assert state_of(session) == "cancelled"
    assert Entry.objects.about(session).filter(kind=Kind.SESSION_CANCELLED).count() == 1
    assert withdrawn.count() == len(lots)
    assert withdrawn.filter(data__with_session=True).count() == 1
    assert state_of(deposit) in ("release_due", "lapsed")
    assert set(BidderRegistration.objects.values_list("state", flat=True)) <= {"kept", "refund_due", "lapsed"}
