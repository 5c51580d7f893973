"""A session is postponed with a reason and set to new times: amendments, records, deposits, applications."""

import copy
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as configured
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.auctions import actions
from marketplace.auctions.amending import announcement_problems
from marketplace.auctions.announcing import NoticeTooShort
from marketplace.auctions.documents import ASKED_ALWAYS
from marketplace.auctions.invariants import all_problems, lot_problems
from marketplace.auctions.ladder import WAN, Bid, No, Standing, Terms, decide, fold, instant
from marketplace.auctions.models import AuctionSession, BidderRegistration, Lot
from marketplace.auctions.planning import RegistrationInThePast, RegistrationTooLong, StartsInThePast
from marketplace.auctions.postponing import HasBegun, NotLater, TooFar
from marketplace.auctions.reasons import ReasonMissing
from marketplace.auctions.record import announced_end, export_lines, happening_of, recorded
from marketplace.auctions.saying_no import LotPostponed
from marketplace.auctions.stepping_back import ApplicationOver, BiddingHasBegun, PracticeIsNot
from marketplace.auctions.verifier import fingerprint, record_problems
from marketplace.auctions.viewing import ViewingTooLate, ViewingTooShort
from marketplace.core import clock
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import WrongState
from tests.marketplace.auctions.making import (
    announced_lot,
    bidder,
    member,
    organisation,
    person,
    planned,
    second_lot,
    undone,
)
from tests.marketplace.auctions.test_announcement import licensed

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def in_days(days):
    return timezone.now() + days * DAY


def coming(**facts):
    """Return an announced lot whose bidding begins in five days."""
    return announced_lot(starts_at=in_days(5), **facts)


def postponed(lot=None, **facts):
    lot = lot or coming(**facts)
    actions.postpone_session(lot.session, by=person("organiser"), reason="评估报告需要补充")
    return Lot.objects.select_related("session", "outcome__owner").get(pk=lot.pk)


def anew(lot, *, days=20, **times):
    starts_at = times.pop("starts_at", None) or in_days(days)
    session = AuctionSession.objects.get(pk=lot.session_id)
    facts = {"starts_at": starts_at, "registration_closes_at": starts_at - DAY} | times
    return actions.reannounce_session(session, by=person("organiser"), **facts)


def test_a_postponement_is_published_and_stands_in_each_record():
    lot = coming()
    frozen = lot.session.announcement_hash

    amendment = actions.postpone_session(lot.session, by=person("organiser"), reason="评估报告需要补充")

    lot.refresh_from_db()
    assert (lot.session.state, lot.state, lot.note) == ("postponed", "postponed", "评估报告需要补充")
    assert (amendment.content["act"], amendment.content["reason"]) == ("postponed", "评估报告需要补充")
    assert amendment.prev_hash == frozen
    event = lot.events.get()
    assert (event.kind, event.prev_hash) == ("postponed", frozen)
    assert event.payload == {"amendment": amendment.hash}
    assert announcement_problems(lot.session) == lot_problems(lot) == []
    assert Entry.objects.about(lot.session).filter(kind=Kind.SESSION_POSTPONED).count() == 1


def test_nothing_opens_or_is_bid_while_postponed():
    lot = coming()
    one = bidder(lot, at=timezone.now())
    postponed(lot)

    with clock.moved_to(lot.starts_at + timedelta(minutes=1)):
        opened = actions.open_lot(Lot.objects.get(pk=lot.pk))
        closed = actions.close_lot(Lot.objects.get(pk=lot.pk))
        with pytest.raises(LotPostponed):
            actions.place_bid(one.lot, by=one.agent, organisation=one.organisation, amount=160 * WAN, key="a")

    lot.refresh_from_db()
    assert (opened, closed, lot.state, lot.seq) == (False, False, "postponed", 1)
    assert not Entry.objects.filter(kind=Kind.LOT_OPENED).exists()


def test_new_times_are_an_amendment_and_the_record_begins_there():
    lot = postponed()
    one = bidder_of(lot)
    lasts = lot.ends_at - lot.starts_at

    amendment = anew(lot)

    lot.refresh_from_db()
    session = AuctionSession.objects.get(pk=lot.session_id)
    assert (session.state, lot.state, lot.note) == ("registration", "announced", "")
    assert lot.starts_at == session.starts_at > in_days(19)
    assert lot.ends_at - lot.starts_at == lasts
    assert amendment.content["lots"] == [
        {"lot": lot.number, "starts_at": instant(lot.starts_at), "ends_at": instant(lot.ends_at)}
    ]
    assert [event.kind for event in lot.events.order_by("seq")] == ["postponed", "rescheduled"]
    early = actions.decide_bid(lot, one, amount=160 * WAN, key="a", arrived_at=lot.starts_at - DAY)
    taken = actions.decide_bid(lot, one, amount=160 * WAN, key="b", arrived_at=lot.starts_at)
    assert (early["reason"], taken["accepted"]) == ("not_open_yet", True)
    assert all_problems() == []


def bidder_of(lot):
    """Return a bidder that was qualified before the postponement."""
    AuctionSession.objects.filter(pk=lot.session_id).update(state="registration")
    Lot.objects.filter(pk=lot.pk).update(state="announced")
    one = bidder(lot, at=timezone.now())
    Lot.objects.filter(pk=lot.pk).update(state="postponed")
    AuctionSession.objects.filter(pk=lot.session_id).update(state="postponed")
    return one


def test_the_opening_is_journalled_once_after_a_postponement():
    lot = postponed()
    anew(lot)
    lot.refresh_from_db()

    with clock.moved_to(lot.starts_at - timedelta(minutes=1)):
        early = actions.open_lot(Lot.objects.get(pk=lot.pk))
    with clock.moved_to(lot.starts_at):
        first, again = (actions.open_lot(Lot.objects.get(pk=lot.pk)) for _time in range(2))

    assert (early, first, again) == (False, True, False)
    assert Entry.objects.filter(kind=Kind.LOT_OPENED).count() == 1
    assert lot_problems(lot) == []


def test_sealed_lots_are_postponed_and_open_at_the_new_end():
    lot = coming(format="sealed")
    one = bidder(lot, at=timezone.now())
    postponed(lot)
    anew(lot)
    lot.refresh_from_db()

    with clock.moved_to(lot.starts_at + timedelta(minutes=1)):
        actions.place_bid(lot, by=one.agent, organisation=one.organisation, amount=170 * WAN, key="a")
    with clock.moved_to(lot.ends_at + timedelta(seconds=1)):
        actions.close_lot(Lot.objects.get(pk=lot.pk))

    lot.refresh_from_db()
    assert (lot.state, lot.price) == ("sold", 170 * WAN)
    assert lot_problems(lot) == []


def test_a_session_may_be_postponed_again():
    lot = postponed()
    anew(lot)
    lot.refresh_from_db()

    postponed(lot)
    anew(lot, days=40)

    lot.refresh_from_db()
    kinds = [event.kind for event in lot.events.order_by("seq")]
    assert kinds == ["postponed", "rescheduled", "postponed", "rescheduled"]
    assert lot.starts_at > in_days(39)
    assert all_problems() == []


def tampered(lines, **payload):
    """Return a record whose new times say something else, with every fingerprint made anew: only the rules can tell."""
    previous = lines[0]["announcement_hash"]
    made = []
    for event in lines[1:-1]:
        told = {name: value for name, value in event.items() if name != "hash"} | {"prev": previous}
        if told["kind"] == "rescheduled":
            told["payload"] = told["payload"] | payload
        previous = fingerprint(told)
        made.append(told | {"hash": previous})
    return [lines[0], *made, lines[-1] | {"head": previous, "anchors": []}]


def test_the_verifier_tells_new_times_that_do_not_follow():
    lot = postponed()
    anew(lot)
    lines = export_lines(Lot.objects.get(pk=lot.pk))

    other = record_problems(tampered(lines, was_starts_at="2026-01-01T00:00:00.000000Z"))
    over = record_problems(tampered(lines, starts_at="2026-01-01T00:00:00.000000Z"))

    assert record_problems(tampered(lines)) == []
    assert other == [f"{lot.number} #2: sets new times without a postponement of the times before"]
    assert over == [f"{lot.number} #2: sets times that are over, or end before they begin"]


def test_the_beginning_is_frozen_but_for_the_new_times():
    lot = coming()

    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        Lot.objects.filter(pk=lot.pk).update(starts_at=in_days(9))
    postponed(lot)
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        Lot.objects.filter(pk=lot.pk).update(starts_at=in_days(9))
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        Lot.objects.filter(pk=lot.pk).update(starts_at=in_days(9), state="announced", start_price=1)

    lot.refresh_from_db()
    assert lot.start_price == 160 * WAN


def test_a_beginning_that_is_not_the_records_is_found():
    lot = postponed()
    anew(lot)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE marketplace_lot SET starts_at = starts_at - interval '1 day' WHERE id = %s", [lot.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")

    assert lot_problems(lot) == [f"{lot.number}: the beginning is not that of the record"]


@pytest.mark.parametrize("state", ["planning", "live", "closed", "postponed", "cancelled"])
def test_postponed_from_an_announced_session_only(state):
    lot = coming()
    AuctionSession.objects.filter(pk=lot.session_id).update(state=state)

    with pytest.raises(WrongState):
        actions.postpone_session(lot.session, by=person("organiser"), reason="原因")

    lot.refresh_from_db()
    assert (lot.state, lot.session.amendments.count()) == ("announced", 0)


def test_not_once_bidding_has_begun():
    lot = announced_lot(starts_at=timezone.now() - timedelta(seconds=1))

    with pytest.raises(HasBegun):
        actions.postpone_session(lot.session, by=person("organiser"), reason="原因")

    lot.refresh_from_db()
    assert (lot.state, lot.session.state, lot.session.amendments.count()) == ("announced", "registration", 0)


def test_not_without_a_reason_and_not_by_others():
    lot = coming()

    with pytest.raises(ReasonMissing):
        actions.postpone_session(lot.session, by=person("organiser"), reason=" \n")
    with pytest.raises(PermissionDenied):
        actions.postpone_session(lot.session, by=person("auctioneer"), reason="原因")

    lot.refresh_from_db()
    assert lot.session.state == "registration"


@pytest.mark.parametrize(
    ("times", "refusal"),
    [
        ({"days": 6}, NoticeTooShort),
        ({"days": 400}, TooFar),
        ({"starts_at": datetime.max.replace(tzinfo=UTC) - DAY}, TooFar),
        ({"days": -1}, StartsInThePast),
        ({"days": 20, "registration_closes_at": -DAY}, RegistrationInThePast),
        ({"days": 20, "registration_closes_at": 21 * DAY}, RegistrationTooLong),
    ],
)
def test_the_calendar_counts_anew(times, refusal):
    lot = postponed()
    if (closes := times.get("registration_closes_at")) is not None:
        times = times | {"registration_closes_at": timezone.now() + closes}

    with pytest.raises(refusal):
        anew(lot, **times)

    lot.refresh_from_db()
    assert (lot.state, lot.session.amendments.count()) == ("postponed", 1)


def test_new_times_are_later_than_the_announced_ones():
    lot = postponed(announced_lot(starts_at=in_days(30)))

    with pytest.raises(NotLater):
        anew(lot, days=25)

    assert AuctionSession.objects.get(pk=lot.session_id).state == "postponed"


def test_viewing_of_an_auction_is_laid_down_anew():
    lot = postponed(announced_lot(starts_at=in_days(10), **licensed()))
    first = timezone.localdate() + 15 * DAY

    with pytest.raises(ViewingTooShort):
        anew(lot, viewing_from=first, viewing_until=first)
    with pytest.raises(ViewingTooLate):
        anew(lot, viewing_from=first, viewing_until=first + 10 * DAY)
    amendment = anew(lot, viewing_from=first, viewing_until=first + 2 * DAY, viewing_place="三楼")

    session = AuctionSession.objects.get(pk=lot.session_id)
    assert (session.viewing_from, session.viewing_place) == (first, "三楼")
    assert amendment.content["changes"]["viewing_from"]["now"] == first.isoformat()


def test_only_a_postponed_session_gets_new_times():
    lot = coming()

    with pytest.raises(WrongState):
        anew(lot)
    with pytest.raises(WrongState):
        anew(type("Of", (), {"session_id": planned().pk}))

    lot.refresh_from_db()
    assert lot.starts_at < in_days(6)


def test_deposits_stay_held_and_those_due_get_the_new_day():
    lot = coming()
    paid = bidder(lot, at=timezone.now())
    firm = organisation()
    admitted = actions.apply_for_lot(lot, by=member(firm, "bidder"), organisation=firm, declared=True)
    actions.admit_bidder(admitted, by=person("organiser"), missing=ASKED_ALWAYS)

    postponed(lot)
    anew(lot)

    paid.refresh_from_db()
    admitted.deposit.refresh_from_db()
    session = AuctionSession.objects.get(pk=lot.session_id)
    assert (paid.state, paid.deposit.state) == ("qualified", "held")
    assert (admitted.deposit.state, admitted.deposit.due_at) == ("due", session.registration_closes_at)


def test_a_postponed_session_may_be_cancelled():
    lot = coming()
    one = bidder(lot, at=timezone.now())
    lot = postponed(lot)

    actions.cancel_session(lot.session, by=person("organiser"), reason="不再举行")

    lot.refresh_from_db()
    one = BidderRegistration.objects.select_related("deposit").get(pk=one.pk)
    assert (lot.state, lot.session.state) == ("withdrawn", "cancelled")
    assert (one.state, one.deposit.state) == ("refund_due", "release_due")
    assert lot_problems(lot) == []


def test_a_lot_may_be_withdrawn_while_its_session_is_postponed():
    lot = coming()
    kept = second_lot(lot, starts_at=lot.starts_at)
    lot = postponed(lot)

    actions.withdraw_lot(lot, by=person("organiser"), reason="权利人变更")
    amendment = anew(lot)

    lot.refresh_from_db()
    assert lot.state == "withdrawn"
    assert [one["lot"] for one in amendment.content["lots"]] == [kept.number]
    assert lot_problems(lot) == []


def step_back(registration, **facts):
    registration = BidderRegistration.objects.select_related("lot__session", "organisation").get(pk=registration.pk)
    said = {"by": registration.agent, "organisation": registration.organisation} | facts
    actions.withdraw_application(registration, **said)
    return BidderRegistration.objects.select_related("deposit").get(pk=registration.pk)


@pytest.mark.parametrize("is_set_anew", [False, True])
def test_a_bidder_steps_back_with_its_deposit(is_set_anew):
    lot = coming()
    one, other = bidder(lot, at=timezone.now()), bidder(lot, at=timezone.now())
    postponed(lot)
    if is_set_anew:
        anew(lot)

    left = step_back(one)

    other.refresh_from_db()
    assert (left.state, left.deposit.state) == ("refund_due", "release_due")
    assert (other.state, other.deposit.state) == ("qualified", "held")
    assert Entry.objects.about(left).filter(kind=Kind.REGISTRATION_WITHDRAWN).count() == 1
    with pytest.raises(ApplicationOver):
        step_back(one)
    assert all_problems() == []


@pytest.mark.parametrize("is_postponed", [False, True])
def test_who_is_decided_on_steps_back_until_the_bidding_begins(is_postponed):
    lot = coming()
    one, other = bidder(lot, at=timezone.now()), bidder(lot, at=timezone.now())
    if is_postponed:
        postponed(lot)
        anew(lot)
    lot.refresh_from_db()

    with clock.moved_to(lot.starts_at), pytest.raises(BiddingHasBegun):
        step_back(one)
    with clock.moved_to(lot.starts_at - timedelta(microseconds=1)):
        left = step_back(other)

    one.refresh_from_db()
    assert (one.state, one.deposit.state, one.withdrawn_at) == ("qualified", "held", None)
    assert (left.state, left.deposit.state) == ("refund_due", "release_due")


@pytest.mark.parametrize("was_asked", [False, True])
def test_an_undecided_application_is_withdrawn_at_any_time(was_asked):
    lot = coming()
    firm = organisation()
    one = actions.apply_for_lot(lot, by=member(firm, "bidder"), organisation=firm, declared=True)
    if was_asked:
        actions.ask_for_documents(one, by=person("organiser"), reason="缺营业执照")

    with clock.moved_to(lot.starts_at + timedelta(minutes=1)):
        left = step_back(one)

    assert (left.state, left.deposit) == ("lapsed", None)
    assert left.withdrawn_at is not None


def test_who_is_rejected_withdraws_nothing_and_in_practice_nobody_does(monkeypatch):
    monkeypatch.setattr(configured, "DEMO", True)
    lot = coming()
    firm = organisation()
    one = actions.apply_for_lot(lot, by=member(firm, "bidder"), organisation=firm, declared=True)
    actions.reject_bidder(one, by=person("organiser"), reason="不符合条件")
    with pytest.raises(ApplicationOver):
        step_back(one)
    trial = bidder(announced_lot(starts_at=timezone.now() + timedelta(days=2), is_practice=True), at=timezone.now())
    with pytest.raises(PracticeIsNot):
        step_back(trial)

    trial.refresh_from_db()
    assert (trial.state, trial.deposit.state) == ("qualified", "held")


def test_only_its_own_agent_steps_back():
    lot = coming()
    one = bidder(lot, at=timezone.now())
    postponed(lot)

    for by in (person("organiser"), member(one.organisation, "finance")):
        with pytest.raises(PermissionDenied):
            step_back(one, by=by)

    one.refresh_from_db()
    assert one.state == "qualified"


def test_one_deposit_for_the_session_waits_for_the_other_lots():
    lot = coming(deposit_scope="session")
    one = bidder(lot, at=timezone.now())
    postponed(lot)

    left = step_back(one)

    assert (left.state, left.deposit.state) == ("refund_due", "release_due")


def test_practice_is_not_postponed(monkeypatch):
    monkeypatch.setattr(configured, "DEMO", True)
    lot = announced_lot(starts_at=in_days(5), is_practice=True)

    with pytest.raises(PermissionDenied):
        actions.postpone_session(lot.session, by=person("organiser"), reason="原因")

    lot.refresh_from_db()
    assert lot.state == "announced"


acts = st.lists(
    st.tuples(st.sampled_from(["postpone", "anew", "bid", "bid"]), st.integers(0, 1), st.integers(-2, 2)), max_size=9
)


@pytest.fixture
def sale():
    """Return a lot that is to come, its two bidders and the organiser."""
    lot = coming()
    return lot, [bidder(lot, at=timezone.now()) for _each in range(2)], person("organiser")


@pytest.mark.long
@given(acts)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sql_and_the_pure_rules_agree_on_postponed_histories(sale, history):
    with undone():
        agree(*copy.deepcopy(sale), history)


def agree(lot, bidders, organiser, history):
    session, at = AuctionSession.objects.get(pk=lot.session_id), timezone.now()
    for number, (act, who, minutes) in enumerate(history):
        lot.refresh_from_db()
        at += timedelta(seconds=30)
        with clock.moved_to(at):
            if act == "postpone" and lot.state == "announced" and at < lot.starts_at:
                actions.postpone_session(session, by=organiser, reason="原因")
            elif act == "anew" and lot.state == "postponed":
                begins = max(at, lot.starts_at) + 9 * DAY
                actions.reannounce_session(session, by=organiser, starts_at=begins, registration_closes_at=begins)
        if act == "bid":
            at = max(at, lot.starts_at + timedelta(minutes=minutes))
            amount = (lot.price or lot.start_price) + 10 * WAN
            happenings = [happening_of(event) for event in recorded(lot)]
            standing = fold(Standing("announced", announced_end(lot)), happenings)
            expected = decide(Terms.of(lot), standing, Bid(bidders[who].alias, amount, at, at))
            answer = actions.decide_bid(lot, bidders[who], amount=amount, key=str(number), arrived_at=at)
            assert answer.get("reason", "") == (expected.reason if isinstance(expected, No) else "")

    assert all_problems() == []
