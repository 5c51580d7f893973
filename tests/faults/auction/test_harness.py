"""The judge of the faults can say guilty: each wrong that it looks for is made, and named."""

import copy
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.ladder import WAN
from marketplace.auctions.saying_no import BidRefused
from tests.crowd.cast import registrations
from tests.crowd.judge import Verdict, judge
from tests.crowd.ledger import Attempt, Bidder, Ledger, Request
from tests.crowd.reasons import MOST_REFUSED
from tests.crowd.spectators import Crowd, Seen, Spectator, unlike, unrecorded
from tests.faults.auction import report
from tests.faults.auction.scene import Fault, Found, Stage, play
from tests.marketplace.auctions.making import announced_lot, bidder, person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


@pytest.fixture
def lot():
    return announced_lot(starts_at=timezone.now() - timedelta(minutes=1))


@pytest.fixture
def ledger(lot):
    """Four bids by turns and one too low, with what was answered."""
    two = [Bidder(row.pk, row.alias, "") for row in (bidder(lot), bidder(lot))]
    ledger = Ledger()
    for place, amount in enumerate([160, 170, 180, 190, 180]):
        told(lot, ledger.add(Request(two[place % 2], amount * WAN)))
    return ledger


def told(lot, request):
    """Send a bid as the API does, and note the answer."""
    (row,) = registrations([request.bidder])
    attempt = Attempt(time.time(), 0)
    try:
        attempt.body = actions.place_bid(
            lot, by=row.agent, organisation=row.organisation, amount=request.amount, key=request.key
        )
        attempt.status = 201
    except BidRefused as refusal:
        attempt.status, attempt.body = 409, refusal.answer | {"code": refusal.answer["reason"]}
    attempt.answered = time.time()
    request.attempts.append(attempt)


def by_hand(*statements):
    """Change rows as a superuser with the triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = origin")


def test_an_honest_course_is_clean(lot, ledger):
    verdict = judge(lot, ledger.requests)

    assert (verdict.sent, verdict.accepted, verdict.refused, verdict.unanswered) == (5, 4, 1, 0)
    assert verdict.problems == []


def test_an_acknowledged_row_that_is_gone_is_lost(lot, ledger):
    by_hand("DELETE FROM marketplace_lotevent WHERE seq = 3")

    verdict = judge(lot, ledger.requests)

    key = ledger.requests[1].key
    assert verdict.lost == [f"{lot.number} #3: accepted under key {key} and not in the table so"]
    assert f"{lot.number} #3: expected number 3, found 4" in verdict.violations


def test_an_answer_kept_under_no_key_is_lost(lot, ledger):
    by_hand("DELETE FROM marketplace_bidanswer WHERE seq = 4")

    assert len(judge(lot, ledger.requests).lost) == 1


def test_a_row_that_stands_twice_is_named(lot, ledger):
    by_hand(
        "INSERT INTO marketplace_lotevent (lot_id, seq, kind, source, alias, amount, arrived_at, decided_at, payload,"
        " prev_hash, hash) SELECT lot_id, 6, kind, source, alias, amount, arrived_at, decided_at, payload, prev_hash,"
        " hash FROM marketplace_lotevent WHERE seq = 5"
    )

    verdict = judge(lot, ledger.requests)

    assert len(verdict.duplicated) == 1
    assert verdict.duplicated[0].startswith(f"{lot.number} #6: the bid of {190 * WAN}")


def test_a_row_nobody_sent_is_named(lot, ledger):
    verdict = judge(lot, ledger.requests[1:])

    assert verdict.violations[0] == f"{lot.number} #2: nobody sent this bid"


def test_a_repeated_bid_that_is_answered_otherwise_is_named(lot, ledger):
    first = ledger.requests[0]
    again = copy.deepcopy(first.attempts[0])
    again.body["seq"] = 7
    first.attempts.append(again)

    assert judge(lot, ledger.requests).violations == [f"key {first.key}: repeated, it was answered otherwise"]


def test_a_forged_receipt_is_named(lot, ledger):
    ledger.requests[0].attempts[0].body["receipt"]["amount"] += 1

    assert ["does not verify" in line for line in judge(lot, ledger.requests).violations] == [True]


def refused(lot, ledger, code, **body):
    """Pretend that the first bidder was refused just now, and return what the judge makes of it."""
    now, body = time.time(), {"code": code} | body
    attempt = Attempt(now, now + 0.01, body.pop("status", 409), body)
    ledger.add(Request(ledger.requests[0].bidder, 500 * WAN, attempts=[attempt]))
    return judge(lot, ledger.requests).violations


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("too_low", {"seq": 5, "least": 200 * WAN}),
        ("leads_already", {}),
        ("suspended", {}),
        ("withdrawn", {}),
        ("key_reused", {}),
        ("refused_too_often", {"least": 200 * WAN}),
        ("unconfirmed", {}),
        ("error", {"status": 500}),
    ],
)
def test_a_reason_that_was_never_true_is_named(lot, ledger, code, body):
    found = refused(lot, ledger, code, **body)

    assert [code in line for line in found] == [True]


@pytest.mark.parametrize("is_suspended", [True, False])
def test_who_was_refused_too_often_waits_with_a_good_bid_only_while_the_lot_is_suspended(lot, ledger, is_suspended):
    if is_suspended:
        actions.suspend_lot(lot, by=person("auctioneer"), ground="fault")
    one = ledger.requests[0].bidder
    for _time in range(MOST_REFUSED + 1):
        told(lot, ledger.add(Request(one, 180 * WAN)))

    found = refused(lot, ledger, "refused_too_often", least=200 * WAN)

    assert ["refused_too_often" in line for line in found] == ([] if is_suspended else [True])


def test_a_bid_in_time_that_is_refused_at_the_close_is_named(lot, ledger):
    early, end = lot.ends_at - timedelta(microseconds=1), f"{lot.ends_at:%Y-%m-%dT%H:%M:%S.%fZ}"

    found = refused(lot, ledger, "ended", arrived_at=f"{early:%Y-%m-%dT%H:%M:%S.%fZ}", ends_at=end)

    assert ["it was not so" in line for line in found] == [True]


def test_a_spectator_that_misses_an_event_says_so():
    crowd = Crowd("", 0, "OH-2026-01")
    one = Spectator(crowd, 0, is_slow=False)
    events = '{{"seq":{0},"arrived_at":"2026-01-01T00:00:00.000000Z"}}'
    frame = 'data: {{"seq":{0},"head":"h{0}","events":[{1}]}}\n\n'

    for seq in (1, 2, 4):
        one.data_received(frame.format(seq, events.format(seq)).encode())

    assert crowd.seen.problems == ["spectator 0: #4 came after #2"]


def test_spectators_who_know_another_end_are_named():
    assert unlike(Seen(lasts=[4, 5], heads=["a", "b"]), 5, "b") == ["spectators know #4 to #5, the record ends at #5"]
    assert unlike(Seen(lasts=[5], heads=["a"]), 5, "b") == ["spectators saw another head than the record has"]
    assert unlike(Seen(lasts=[5], heads=["b"]), 5, "b") == []


def test_a_head_that_was_shown_and_is_not_recorded_is_named():
    seen = Seen(witnessed=[(0, ""), (4, "a"), (5, "b"), (6, "c")])

    assert unrecorded(seen, {4: "a", 5: "b", 6: "c"}) == []
    assert unrecorded(seen, {4: "a", 5: "x"}) == [
        "#5 was shown with another head than the record has",
        "#6 was shown with another head than the record has",
    ]


def test_the_report_counts_what_is_wrong_and_is_not_clean():
    found = [
        Found("one", "this", Verdict(5, 4, 1, 0), 1.0),
        Found("two", "that", Verdict(3, 3, 0, 2, ["#3 is gone"], [], ["a fault"]), 2.0),
    ]

    lines = report.lines(found)

    assert "| two | that | 3 | 3 | 0 | 2 | 1 | 0 | 1 | 2.0 |" in lines
    assert "2 faults, 8 bids sent, 7 accepted: lost 1, duplicated 0, violations 1." in lines
    assert lines[-2:] == ["- two: #3 is gone", "- two: a fault"]
    assert not report.is_clean(found)
    assert report.is_clean(found[:1])
    assert not report.is_clean([])


def test_a_case_that_loses_a_bid_or_breaks_off_fails_the_run(lot, ledger):
    stage = Stage(house=None, cast=None)

    def loses(scene):
        by_hand("DELETE FROM marketplace_lotevent WHERE seq = 5")
        scene.judge(lot, ledger)

    def breaks_off(scene):
        raise AssertionError("the worker closes the lots: not within 60 s")

    found = [play(stage, Fault(case.__name__, case, True)) for case in (loses, breaks_off)]

    assert found[0].verdict.lost[0].startswith(f"{lot.number} #5: accepted under key {ledger.requests[3].key}")
    assert found[1].verdict.violations == [
        "the case itself failed: AssertionError: the worker closes the lots: not within 60 s"
    ]
    assert [report.is_clean([each]) for each in found] == [False, False]


def test_every_fault_has_a_name_of_its_own():
    from tests.faults.auction.cases import FAULTS, of_the_day

    assert len({each.name for each in FAULTS}) == len(FAULTS) >= 20
    days = [of_the_day(timezone.localdate() + timedelta(days=number)) for number in range(len(FAULTS))]
    assert {each.name for day in days for each in day} == {each.name for each in FAULTS}
