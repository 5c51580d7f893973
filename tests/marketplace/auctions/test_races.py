"""Races on one lot with real threads on real PostgreSQL."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from marketplace.auctions import actions, locking
from marketplace.auctions.bank_numbers import PaymentRecorded
from marketplace.auctions.corrections import recorder_of
from marketplace.auctions.documents import ASKED_ALWAYS
from marketplace.auctions.invariants import lot_problems
from marketplace.auctions.ladder import WAN
from marketplace.auctions.locking import Busy
from marketplace.auctions.models import (
    AgentAuthority,
    BidAnswer,
    BidderRegistration,
    Deposit,
    Lot,
    LotEvent,
    SaleMilestone,
)
from marketplace.auctions.saying_no import KeyReused
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import WrongState
from marketplace.deals.models import Deal
from tests.marketplace.auctions.making import announced_lot, bidder, member, organisation, person
from tests.marketplace.auctions.racing import at_once, bid, held, queued, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lot():
    return announced_lot(starts_at=timezone.now() - timedelta(minutes=1))


def test_48_bidders_at_the_same_instant(lot):
    bidders = [bidder(lot) for _place in range(48)]
    jobs = [lambda one=one, n=n: bid(one, (160 + 10 * (n % 12)) * WAN, f"k{n}") for n, one in enumerate(bidders)]

    answers = at_once(jobs)

    lot.refresh_from_db()
    accepted = [answer for answer in answers if isinstance(answer, dict)]
    assert lot.price == 270 * WAN
    assert {answer for answer in answers if isinstance(answer, str)} <= {"too_low"}
    assert BidAnswer.objects.count() == LotEvent.objects.filter(kind="bid").count() == len(accepted)
    assert {answer["seq"] for answer in accepted} == set(BidAnswer.objects.values_list("seq", flat=True))
    assert lot_problems(lot) == []


def test_the_same_bid_sent_50_times_counts_once(lot):
    one = bidder(lot)

    answers = at_once([lambda: bid(one, 160 * WAN, "the same key")] * 50)

    assert all(answer == answers[0] for answer in answers)
    assert LotEvent.objects.filter(kind="bid").count() == 1
    assert lot_problems(lot) == []


def test_three_closers_and_a_late_bidder():
    lot = announced_lot(starts_at=timezone.now() - timedelta(hours=2), lasts=timedelta(hours=1))
    first, late = bidder(lot), bidder(lot)
    actions.decide_bid(lot, first, amount=160 * WAN, key="a", arrived_at=lot.starts_at)
    lots = [type(lot).objects.get(pk=lot.pk) for _place in range(3)]

    answers = at_once([*(lambda one=one: actions.close_lot(one) for one in lots), lambda: bid(late, 900 * WAN, "b")])

    lot.refresh_from_db()
    assert sorted(map(str, answers[:3])) == ["False", "False", "True"]
    assert answers[3] == "ended"
    assert (lot.state, lot.price) == ("sold", 160 * WAN)
    assert list(lot.events.values_list("kind", flat=True)) == ["opened", "bid", "closed", "result"]
    assert Entry.objects.filter(kind="lot.sold").count() == 1
    assert lot_problems(lot) == []


def test_bids_against_a_suspension(lot):
    bidders, auctioneer = [bidder(lot) for _place in range(12)], person("auctioneer")
    jobs = [lambda one=one, n=n: bid(one, (160 + 5 * n) * WAN, f"k{n}") for n, one in enumerate(bidders)]
    stopped = type(lot).objects.get(pk=lot.pk)

    answers = at_once([*jobs, lambda: actions.suspend_lot(stopped, by=auctioneer, ground="fault")])

    assert {answer for answer in answers if isinstance(answer, str)} <= {"too_low", "suspended"}
    assert LotEvent.objects.order_by("seq").last().kind == "suspended"
    assert lot_problems(lot) == []


def test_a_bid_repeated_while_the_first_is_queued_gets_the_same_answer(lot):
    one = bidder(lot)

    answers = queued(lot, [lambda: bid(one, 160 * WAN, "the same key")] * 4)

    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["accepted"]
    assert LotEvent.objects.filter(kind="bid").count() == BidAnswer.objects.count() == 1
    assert lot_problems(lot) == []


def test_a_bid_that_was_answered_is_answered_again_while_the_lot_is_held(lot):
    one = bidder(lot)
    first = bid(one, 160 * WAN, "the same key")

    with held("SELECT lot_lock(%s)", lot.pk):
        again = bid(one, 160 * WAN, "the same key")
        with pytest.raises(KeyReused):
            bid(one, 170 * WAN, "the same key")

    assert again == first


def test_bids_that_queue_together_are_decided_one_after_the_other(lot):
    bidders = [bidder(lot) for _place in range(4)]

    answers = queued(lot, [lambda one=one, n=n: bid(one, 160 * WAN, f"k{n}") for n, one in enumerate(bidders)])

    assert Counter(answer if isinstance(answer, str) else "accepted" for answer in answers) == {
        "accepted": 1,
        "too_low": 3,
    }
    assert lot_problems(lot) == []


def test_bids_that_queue_behind_a_suspension_are_refused_by_it(lot):
    bidders, auctioneer = [bidder(lot) for _place in range(3)], person("auctioneer")
    jobs = [lambda one=one, n=n: bid(one, (160 + 5 * n) * WAN, f"k{n}") for n, one in enumerate(bidders)]

    with ThreadPoolExecutor(max_workers=1) as beside:
        with transaction.atomic():
            actions.suspend_lot(lot, by=auctioneer, ground="fault")
            answers = beside.submit(at_once, jobs)
            wait_for(len(jobs))

        assert answers.result() == ["suspended"] * 3
    assert list(lot.events.values_list("kind", flat=True)) == ["opened", "suspended"]
    assert lot_problems(lot) == []


def test_closers_that_queue_together_close_once():
    lot, _buyer = sold(is_closed=False)
    lots = copies(lot, 4)
    for one in lots:
        actions.open_lot(one)

    answers = queued(lot, [lambda one=one: actions.close_lot(one) for one in lots])

    assert Counter(answers) == {True: 1, False: 3}
    assert list(lot.events.values_list("kind", flat=True)) == ["opened", "bid", "closed", "result"]
    assert Entry.objects.filter(kind=Kind.LOT_SOLD).count() == 1


def apply_anew(lot, _registration):
    firm = organisation()
    actions.apply_for_lot(lot, by=member(firm, "bidder"), organisation=firm, declared=True)


WAITING = {
    "join_rehearsal": lambda lot, one: actions.join_rehearsal(lot, by=one.agent, organisation=one.organisation),
    "open_lot": lambda lot, _one: actions.open_lot(lot),
    "suspend_lot": lambda lot, _one: actions.suspend_lot(lot, by=person("auctioneer"), ground="fault"),
    "resume_lot": lambda lot, _one: actions.resume_lot(lot, by=person("auctioneer")),
    "withdraw_lot": lambda lot, _one: actions.withdraw_lot(lot, by=person("organiser"), reason="供方撤回"),
    "cancel_session": lambda lot, _one: actions.cancel_session(lot.session, by=person("organiser"), reason="取消"),
    "confirm_sale": lambda lot, _one: actions.confirm_sale(lot, by=person("organiser")),
    "declare_default": lambda lot, _one: actions.declare_default(
        lot, by=person("organiser"), ground="refused", reason="拒绝签约"
    ),
    "rescind_sale": lambda lot, _one: actions.rescind_sale(lot, by=None),
    "clear_buyer": lambda lot, _one: actions.clear_buyer(lot, by=person("organiser"), reason="协商解除"),
    "mark_contracted": lambda lot, _one: actions.mark_contracted(lot, by=None),
    "free_licensed_outcome": lambda lot, _one: actions.free_licensed_outcome(lot, by=None),
    "apply_for_lot": apply_anew,
    "add_documents": lambda _lot, one: actions.add_documents(
        one, by=one.agent, organisation=one.organisation, documents=[]
    ),
    "hand_in_authority": lambda _lot, one: actions.hand_in_authority(
        one, by=one.agent, organisation=one.organisation, agent=one.agent, power=None
    ),
    "accept_authority": lambda _lot, one: actions.accept_authority(
        AgentAuthority(registration=one), by=person("organiser")
    ),
    "refuse_authority": lambda _lot, one: actions.refuse_authority(
        AgentAuthority(registration=one), by=person("organiser"), reason="缺"
    ),
    "note_milestone": lambda lot, _one: actions.note_milestone(
        lot, by=person("organiser"), kind="paid", happened_on=timezone.localdate()
    ),
    "confirm_payment": lambda lot, _one: actions.confirm_payment(
        SaleMilestone(lot=lot, kind="paid"), by=person("organiser")
    ),
    "deny_payment": lambda lot, _one: actions.deny_payment(
        SaleMilestone(lot=lot, kind="paid"), by=person("organiser"), reason="未到账"
    ),
    "ask_for_documents": lambda _lot, one: actions.ask_for_documents(one, by=person("organiser"), reason="缺"),
    "admit_bidder": lambda _lot, one: actions.admit_bidder(one, by=person("organiser"), missing=ASKED_ALWAYS),
    "reject_bidder": lambda _lot, one: actions.reject_bidder(one, by=person("organiser"), reason="缺"),
    "revoke_admission": lambda _lot, one: actions.revoke_admission(one, by=person("organiser"), reason="假"),
    "qualify_bidder": lambda _lot, one: actions.qualify_bidder(one, by=person("organiser")),
    "record_deposit": lambda _lot, one: actions.record_deposit(
        one.deposit, by=person("finance"), amount=1, bank_reference="B", received_at=timezone.now()
    ),
    "correct_deposit": lambda _lot, one: actions.correct_deposit(
        one.deposit, by=recorder_of(one.deposit), amount=1, bank_reference="B", received_at=timezone.now(), reason="误"
    ),
    "take_back_deposit": lambda _lot, one: actions.take_back_deposit(
        one.deposit, by=recorder_of(one.deposit), reason="误"
    ),
    "correct_refund": lambda _lot, one: actions.correct_refund(
        one.deposit, by=person("finance"), bank_reference="R", paid_on=timezone.localdate(), reason="误"
    ),
    "take_back_refund": lambda _lot, one: actions.take_back_refund(one.deposit, by=person("finance"), reason="误"),
    "release_deposit": lambda _lot, one: actions.release_deposit(one.deposit, by=person("finance"), bank_reference="R"),
    "postpone_session": lambda lot, _one: actions.postpone_session(
        lot.session, by=person("organiser"), reason="会场停电"
    ),
    "withdraw_application": lambda _lot, one: actions.withdraw_application(
        one, by=one.agent, organisation=one.organisation
    ),
    "place_bid": lambda _lot, one: bid(one, 160 * WAN, "k"),
    "withdraw_sealed_bid": lambda lot, one: actions.withdraw_sealed_bid(
        lot, by=one.agent, organisation=one.organisation, key="w"
    ),
    "place_floor_bid": lambda lot, one: actions.place_floor_bid(
        lot, by=person("auctioneer"), alias=one.alias, amount=160 * WAN, key="k"
    ),
    "call_lot": lambda lot, _one: actions.call_lot(lot, by=person("auctioneer"), number=1),
    "hammer_lot": lambda lot, _one: actions.hammer_lot(lot, by=person("auctioneer")),
    "extend_lot": lambda lot, _one: actions.extend_lot(
        lot, by=person("auctioneer"), minutes=1, ground="time", was=lot.ends_at
    ),
    "void_bid": lambda lot, _one: actions.void_bid(lot, by=person("auctioneer"), seq=2, ground="mistyped"),
}


# lots that are not announced yet, and what only plans: held as rows, tried in "a row that is held meanwhile"
BEFORE_BIDDING = {
    *("plan_session", "announce_session", "amend_announcement", "move_session", "move_session_on"),
    *("add_lot", "submit_lot", "decline_lot", "approve_lot", "return_lot", "choose_next_path"),
    *("rehearse_session", "wipe_rehearsal", "rewrite_lot", "rewrite_session"),
    *("list_priority_holder", "invite_priority_holder", "strike_priority_holder"),
}
# after the result nothing is bid any more: test_appeals.py, test_going_on.py, test_result_publicity.py have their races
AFTER_THE_RESULT = {
    *("agree_to_negotiate", "decline_to_negotiate", "appeal_default", "decide_appeal"),
    *("end_result_publicity", "rescind_objected_sale"),
}
# test_postponing_races.py, test_room_races.py, test_straying.py have theirs; nobody waits for a lot to read its room
IN_OTHER_FILES = {
    *("reannounce_session", "suspend_bidding", "resume_bidding"),
    *("record_stray_payment", "assign_stray_payment", "return_stray_payment"),
    *("take_back_stray_payment", "take_back_stray_return"),
    *("add_room_document", "withdraw_room_document", "accept_room_terms"),
    *("enter_room", "open_room_document", "read_room_log"),
}
OWN_TEST = {"close_lot", "decide_bid", "decide_sealed_bid", *AFTER_THE_RESULT, *IN_OTHER_FILES}


def test_every_verb_is_tried():
    assert set(WAITING) | BEFORE_BIDDING | OWN_TEST == set(actions.__all__)


def tried(verb, lot, registration):
    """Try a transition while somebody else holds the lot; return what came of it and how everything stands then."""
    with held("SELECT lot_lock(%s)", lot.pk):
        try:
            WAITING[verb](lot, registration)
            came = "it did not wait"
        except Busy:
            came = Busy
    lot, registration = Lot.objects.get(pk=lot.pk), BidderRegistration.objects.get(pk=registration.pk)
    return came, lot.state, registration.state, lot.registrations.count()


def test_every_transition_waits_for_the_lots_lock(monkeypatch):
    monkeypatch.setattr(locking, "PATIENCE", "50ms")
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=2))
    registration = bidder(lot, at=timezone.now())

    # nothing comes of any of them, so all may try the same lot
    came = {verb: tried(verb, *fresh(lot, registration)) for verb in WAITING}

    assert came == dict.fromkeys(WAITING, (Busy, "announced", "qualified", 1))


def fresh(lot, registration):
    """Return both as another request reads them."""
    rows = BidderRegistration.objects.select_related("organisation", "agent", "deposit")
    return Lot.objects.get(pk=lot.pk), rows.get(pk=registration.pk)


def test_the_close_waits_for_the_lots_lock(monkeypatch):
    monkeypatch.setattr(locking, "PATIENCE", "50ms")
    lot = announced_lot(starts_at=timezone.now() - timedelta(hours=2), lasts=timedelta(hours=1))

    with held("SELECT lot_lock(%s)", lot.pk), pytest.raises(Busy):
        actions.close_lot(lot)

    assert not LotEvent.objects.exists()


def test_who_changes_the_row_without_the_lots_lock_is_waited_for_too(monkeypatch):
    monkeypatch.setattr(locking, "PATIENCE", "50ms")
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=2))

    with held("SELECT 1 FROM marketplace_lot WHERE id = %s FOR UPDATE", lot.pk), pytest.raises(Busy):
        actions.withdraw_lot(lot, by=person("organiser"), reason="供方撤回")

    lot.refresh_from_db()
    assert lot.state == "announced"


def sold(*, is_closed=True):
    """Return a lot whose end has passed, sold unless it is still to be closed, and its buyer."""
    lot = announced_lot(starts_at=timezone.now() - timedelta(hours=2), lasts=timedelta(hours=1))
    buyer = bidder(lot)
    actions.decide_bid(lot, buyer, amount=160 * WAN, key="a", arrived_at=lot.starts_at)
    if is_closed:
        actions.close_lot(lot)
    lot.refresh_from_db()
    return lot, buyer


def copies(row, number):
    return [type(row).objects.get(pk=row.pk) for _place in range(number)]


def test_four_organisers_confirm_one_sale_once():
    lot, buyer = sold()
    pairs = [(one, person("organiser")) for one in copies(lot, 4)]

    answers = at_once([lambda one=one, by=by: actions.confirm_sale(one, by=by) for one, by in pairs])

    assert Counter(answers) == {None: 1, WrongState: 3}
    buyer.deposit.refresh_from_db()
    assert (buyer.deposit.state, Deal.objects.count()) == ("applied", 1)
    assert Entry.objects.filter(kind=Kind.DEPOSIT_APPLIED).count() == 1


def test_two_organisers_disagree_about_a_buyer_and_one_is_heard():
    lot, buyer = sold()
    actions.confirm_sale(lot, by=person("organiser"))
    actions.rescind_sale(lot, by=None)
    one, two = person("organiser"), person("organiser")
    first, second = copies(lot, 2)

    answers = at_once(
        [
            lambda: actions.clear_buyer(first, by=one, reason="协商解除"),
            lambda: actions.declare_default(second, by=two, ground="refused", reason="买受人反悔"),
        ]
    )

    assert Counter(answers) == {None: 1, WrongState: 1}
    end = Lot.objects.get(pk=lot.pk).state, Deposit.objects.get(pk=buyer.deposit_id).state
    assert end in {("rescinded", "release_due"), ("defaulted", "forfeited")}
    assert Entry.objects.filter(kind__in=[Kind.DEPOSIT_FORFEITED, Kind.DEPOSIT_RELEASE_DUE]).count() == 1
    assert lot_problems(lot) == []


def test_one_number_of_a_refund_entered_for_four_deposits_at_once_stands_for_one():
    deposits = []
    for _ in range(4):
        lot = announced_lot(starts_at=timezone.now() + timedelta(days=2))
        deposits.append(bidder(lot, at=timezone.now()).deposit)
        actions.withdraw_lot(lot, by=person("organiser"), reason="供方撤回")
    pairs = [(copies(deposit, 1)[0], person("finance")) for deposit in deposits]

    answers = at_once([lambda d=d, by=by: actions.release_deposit(d, by=by, bank_reference="R-1") for d, by in pairs])

    assert Counter(answers) == {None: 1, PaymentRecorded: 3}
    assert Deposit.objects.filter(state="released", release_reference="R-1").count() == 1
    assert Entry.objects.filter(kind=Kind.DEPOSIT_RELEASED).count() == 1


def test_four_finance_clerks_pay_one_deposit_back_once():
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=2))
    registration = bidder(lot, at=timezone.now())
    actions.withdraw_lot(lot, by=person("organiser"), reason="供方撤回")
    pairs = [(one, person("finance")) for one in copies(registration.deposit, 4)]

    answers = at_once(
        [lambda d=d, by=by: actions.release_deposit(d, by=by, bank_reference=f"R-{by.pk}") for d, by in pairs]
    )

    assert Counter(answers) == {None: 1, WrongState: 3}
    assert Entry.objects.filter(kind=Kind.DEPOSIT_RELEASED).count() == 1
    registration.refresh_from_db()
    assert registration.state == "refunded"
