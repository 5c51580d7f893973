"""sealed.sql and sealed_rules.py say the same on every history, and verifier.py finds whatever is changed in one."""

import itertools
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.auctions import actions, record
from marketplace.auctions.conduct import append_event
from marketplace.auctions.invariants import lot_problems
from marketplace.auctions.ladder import LAST_RANK, WAN, instant
from marketplace.auctions.models import Deposit, Lot
from marketplace.auctions.sealed_box import LotBoxes
from marketplace.auctions.sealed_rules import (
    Revealed,
    Standing,
    Submission,
    after,
    amount_obstacle,
    best_of,
    decide,
    fold,
    result_of,
)
from marketplace.auctions.verifier import chain_problems, event_hash, record_problems, sealed_commitment
from marketplace.core import clock
from tests.marketplace.auctions.making import bidder, person
from tests.marketplace.auctions.sealing import sealed_at, sealed_lot

STARTS = datetime(2026, 6, 18, 5, 0, tzinfo=UTC)
SQL = Path(record.__file__).with_name("sealed.sql")
SLOW = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}

moves = st.lists(
    st.tuples(
        st.sampled_from(["bid", "bid", "bid", "withdraw", "suspend", "resume", "deposit lost"]),
        st.integers(0, 2),  # who
        st.sampled_from([160, 160, 161, 200, 200, 900]),  # 万元
        st.sampled_from([0, 0, 1, 60, 299, 600, 1100]),  # seconds later
        st.sampled_from([-3000, 0, 0, 0, 1]),  # the arrival's distance from its turn, in microseconds
    ),
    max_size=12,
)


class History:
    """One lot, told to the database and to the pure rules at once."""

    def __init__(self, lot: Lot, *, begins: int, single: bool, reserve: int | None) -> None:
        self.lot = Lot.objects.get(pk=lot.pk)
        self.single, self.reserve = single, reserve
        rows = self.lot.registrations.select_related("lot", "organisation", "agent", "deposit")
        self.bidders = list(rows.order_by("pk"))
        self.boxes = LotBoxes(self.lot.number, bytes(self.lot.sealed_key))
        self.standing = Standing("announced", STARTS, self.lot.ends_at)
        self.amounts, self.poor = {}, set()
        self.at = STARTS - timedelta(seconds=begins)

    def submit(self, number, kind, who, amount, jitter):
        one, arrived = self.bidders[who], self.at + timedelta(microseconds=jitter)
        commitment, box = "", None
        if kind == "bid":
            nonce = self.boxes.nonce_of(one.alias, amount, str(number))
            commitment = sealed_commitment(self.lot.number, one.alias, amount, nonce)
            box = self.boxes.seal(one.alias, amount, nonce)
        obstacle = "deposit_missing" if who in self.poor else ""
        answer = actions.decide_sealed_bid(
            self.lot, one, key=str(number), commitment=commitment, box=box, arrived_at=arrived, decided_at=self.at
        )
        expected = decide(
            self.lot.start_price, self.standing, Submission(one.alias, commitment, arrived, self.at, obstacle)
        )
        if isinstance(expected, str):
            assert (answer["accepted"], answer.get("reason")) == (False, expected)
            return
        assert (answer["accepted"], answer.get("kind")) == (True, expected[-1].kind)
        assert answer["arrived_at"] == instant(expected[-1].arrived_at)
        self.amounts[one.alias] = amount if kind == "bid" else None
        self.standing = fold(self.standing, expected)

    def conduct(self, kind):
        """Suspend or resume, where the lot is in a state for it."""
        self.lot = Lot.objects.get(pk=self.lot.pk)
        with clock.moved_to(self.at):
            if kind == "suspend" and self.lot.is_open(self.at):
                actions.suspend_lot(self.lot, by=person("auctioneer"), ground="fault")
            elif kind == "resume" and self.lot.state == "suspended":
                actions.resume_lot(self.lot, by=person("auctioneer"))
            else:
                return
        seen = record.recorded(self.lot)
        self.standing = fold(
            Standing("announced", STARTS, record.announced_end(self.lot)), map(record.happening_of, seen)
        )

    def run(self, history):
        for number, (kind, who, amount, later, jitter) in enumerate(history):
            self.at += timedelta(seconds=later)
            if kind in ("bid", "withdraw"):
                self.submit(number, kind, who, amount * WAN, jitter)
            elif kind == "deposit lost":
                self.poor.add(who)
                Deposit.objects.filter(pk=self.bidders[who].deposit_id).update(state="release_due")
            else:
                self.conduct(kind)

    def close(self):
        if self.standing.state == "suspended":
            self.conduct("resume")
        lost = [self.bidders[who].deposit_id for who in self.poor]
        Deposit.objects.filter(pk__in=lost).update(state="held")  # what becomes of it later is no matter of this test
        self.lot = Lot.objects.get(pk=self.lot.pk)
        with clock.moved_to(max(self.at, self.lot.ends_at) + timedelta(seconds=1)):
            assert actions.close_lot(self.lot)
        self.lot.refresh_from_db()

    def expected_result(self):
        ranks = {one.alias: one.priority_rank or LAST_RANK for one in self.bidders}
        revealed = [Revealed(alias, self.amounts[alias], ranks[alias]) for alias in self.standing.commitments]
        return revealed, result_of(revealed, sells_to_single_bidder=self.single, reserve=self.reserve)


RESERVES = [None, 180 * WAN]


@pytest.fixture
def lots(db):
    """Return {(whether it is sold to a single bidder, its reserve): a lot with three bidders, the last of rank 1}."""
    found = {}
    for single, reserve in itertools.product((False, True), RESERVES):
        lasts = timedelta(minutes=20)
        lot = sealed_lot(starts_at=STARTS, lasts=lasts, sells_to_single_bidder=single, reserve=reserve)
        for rank in (None, None, 1):
            bidder(lot, rank=rank)
        found[single, reserve] = lot
    return found


@pytest.mark.long
@given(moves, st.integers(0, 1), st.booleans(), st.sampled_from(RESERVES))
@settings(max_examples=40, **SLOW)
def test_sql_decides_as_the_pure_rules_do(lots, history, begins, single, reserve):
    with transaction.atomic():
        told = History(lots[single, reserve], begins=begins, single=single, reserve=reserve)
        happens_alike(told, history)
        transaction.set_rollback(True)  # the next history begins with the lot as it was


def happens_alike(told, history):
    told.run(history)
    told.lot.refresh_from_db()
    assert (told.lot.price, told.lot.leader_alias) == (None, "")
    assert told.lot.ends_at == told.standing.ends_at or told.standing.state == "suspended"
    assert lot_problems(told.lot) == []
    told.close()

    revealed, expected = told.expected_result()
    opened = told.lot.events.filter(kind="revealed").order_by("seq").values_list("alias", "amount")
    assert list(opened) == [(one.alias, one.amount) for one in revealed]
    payload = told.lot.events.get(kind="result").payload
    assert {name: payload[name] for name in expected} == expected
    best = best_of(revealed)
    assert (told.lot.price, told.lot.leader_alias) == ((best.amount, best.alias) if best else (None, ""))
    assert lot_problems(told.lot) == []
    assert record_problems(record.export_lines(told.lot)) == []


amounts = st.lists(st.tuples(st.integers(160, 170), st.sampled_from([LAST_RANK, LAST_RANK, 1, 2])), max_size=6)


@given(amounts, st.booleans(), st.sampled_from([None, 165]))
def test_the_winner_is_nobody_whom_another_precedes(bids, single, reserve):
    revealed = [Revealed(str(place), amount, rank) for place, (amount, rank) in enumerate(bids)]

    result = result_of(revealed, sells_to_single_bidder=single, reserve=reserve)

    if result["outcome"] == "sold":
        winner = revealed[int(result["alias"])]
        assert result["price"] == winner.amount
        keys = {int(one.alias): (one.amount, -one.rank, -int(one.alias)) for one in revealed}
        assert max(keys, key=keys.get) == int(result["alias"])
        assert reserve is None or winner.amount >= reserve
    else:
        highest = max((one.amount for one in revealed), default=0)
        assert {
            "no_bids": not revealed,
            "single_bidder": len(revealed) == 1 and not single,
            "below_reserve": reserve is not None and highest < reserve,
        }[result["why"]]


def test_amounts_by_the_start_price_alone():
    assert [amount_obstacle(160, amount) for amount in (159, 160, 10**15, 10**15 + 1)] == [
        "too_low",
        "",
        "",
        "too_large",
    ]


def test_an_event_of_another_format_is_not_known_to_the_rules():
    standing = Standing("open", STARTS, STARTS + timedelta(hours=1))

    with pytest.raises(ValueError, match="extended"):
        after(standing, record.Happening("extended", STARTS, STARTS))


@pytest.mark.django_db
def test_the_functions_in_the_database_are_those_of_the_file():
    text = SQL.read_text(encoding="utf-8")
    bodies = re.findall(r"CREATE OR REPLACE FUNCTION (\w+)\(.*?AS \$\$(.*?)\$\$", text, re.DOTALL)

    assert len(bodies) == 2
    with connection.cursor() as cursor:
        for name, body in bodies:
            cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [name])
            assert cursor.fetchall() == [(body,)], name


@pytest.fixture
def lines(db):
    """Return the record of a closed lot: of two equal bids the earlier won, a third was withdrawn."""
    lot = sealed_lot(starts_at=STARTS)
    first, second, third = bidder(lot), bidder(lot), bidder(lot)
    sealed_at(first, 200 * WAN, STARTS, "a")
    sealed_at(second, 200 * WAN, STARTS + timedelta(seconds=1), "a")
    sealed_at(third, 900 * WAN, STARTS + timedelta(seconds=2), "a")
    with clock.moved_to(STARTS + timedelta(seconds=3)):
        actions.withdraw_sealed_bid(lot, by=third.agent, organisation=third.organisation, key="w")
    with clock.moved_to(lot.ends_at + timedelta(seconds=1)):
        actions.close_lot(lot)
    lines = record.export_lines(lot)
    assert record_problems(lines) == []
    return lines


def forged(lines, change, *, seq):
    """Return the record with one event changed and every fingerprint after it made anew, as its keeper could."""
    lines = [dict(line) for line in lines]
    change(lines[seq])
    events = [line for line in lines[1:-1] if line["kind"] != "gone"]
    previous = lines[0]["announcement_hash"]
    for place, event in enumerate(events, start=1):
        event |= {"seq": place, "prev": previous}
        previous = event["hash"] = event_hash(event)
    end = lines[-1] | {"seq": len(events), "head": previous, "anchors": []}
    assert chain_problems(lines[0]["lot"], lines[0]["announcement_hash"], events) == []
    return [lines[0], *events, end]


def payload(**facts):
    return lambda event: event.update(payload=event["payload"] | facts)


FORGERIES = {
    # 1 opened, 2–4 sealed, 5 withdrawn, 6 closed, 7–8 revealed, 9 result
    "another amount": (7, lambda event: event.update(amount=event["amount"] + 1), "#7: is not what was committed to"),
    "another nonce": (7, payload(nonce="00" * 32), "#7: is not what was committed to"),
    "another place": (8, payload(of=4), "#8: is not what was committed to"),
    "another commitment": (2, payload(commitment="00" * 32), "#7: is not what was committed to"),
    "another bidder": (8, lambda event: event.update(alias="0000"), "#8: opened out of turn"),
    "a bid that is not opened": (8, lambda event: event.update(kind="gone"), "was not opened"),
    "a bid left out": (2, lambda event: event.update(kind="gone"), "opened out of turn"),
    "a withdrawal left out": (5, lambda event: event.update(kind="gone"), "was not opened"),
    "an amount before the close": (3, lambda event: event.update(amount=1), "#3: bears something else"),
    "a bid as its own replacement": (2, lambda event: event.update(kind="sealed_replaced"), "#2: does not follow"),
    "another buyer": (9, payload(alias="0000"), "#9: sold to another"),
    "another price": (9, payload(price=900 * WAN), "#9: sold to another"),
    "no sale": (9, payload(outcome="unsold", why="below_reserve"), "#9: the bids lead to a sale"),
    "a priority right": (8, payload(rank=1), "#9: sold to another"),
    "opened before the close": (6, lambda event: event.update(kind="suspended"), "#7: opened before the close"),
    "an open bid": (3, lambda event: event.update(kind="bid", amount=900 * WAN, payload={}), "#3: an event of another"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_the_verifier_names_what_is_changed_though_the_chain_was_made_anew(lines, name):
    seq, change, problem = FORGERIES[name]

    problems = record_problems(forged(lines, change, seq=seq))

    assert any(problem in each for each in problems), problems


def test_the_verifier_names_a_bid_after_the_end(lines):
    def late(event):
        event.update(arrived_at="2026-06-18T06:00:00.000000Z", decided_at="2026-06-18T06:00:00.000000Z")

    assert "#5: bid outside the open time" in record_problems(forged(lines, late, seq=5))[0]


@pytest.mark.django_db
def test_a_price_written_past_the_opened_bids_is_named(lines):
    lot = Lot.objects.get(number=lines[0]["lot"])
    other = lot.registrations.exclude(pk=lot.leader_id).first()
    Lot.objects.filter(pk=lot.pk).update(leader=other, leader_alias=other.alias)

    assert any("price or leader are not those of the opened bids" in each for each in lot_problems(lot))


@pytest.mark.django_db
def test_a_sealed_event_without_its_box_is_named():
    lot = sealed_lot(starts_at=STARTS)
    one = bidder(lot)
    sealed_at(one, 200 * WAN, STARTS, "a")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT append_lot_event(%s, 'sealed_withdrawn', 'online', %s, NULL, %s, %s, '{}')",
            [lot.pk, one.alias, STARTS + timedelta(seconds=1), STARTS + timedelta(seconds=1)],
        )

    assert f"{lot.number} #3: sealed bid and answer differ" in lot_problems(lot)


@pytest.mark.django_db
def test_an_event_of_open_bidding_in_a_sealed_record_is_named():
    lot = sealed_lot(starts_at=STARTS)
    sealed_at(bidder(lot), 200 * WAN, STARTS, "a")
    append_event(lot, "extended", at=STARTS + timedelta(seconds=1), ends_at=instant(lot.ends_at))

    assert any("#3: an event of another format" in each for each in lot_problems(lot))


@pytest.mark.django_db
def test_a_rank_the_bidder_was_not_admitted_with_is_named(lines):
    lot = Lot.objects.get(number=lines[0]["lot"])
    lot.registrations.filter(alias=lines[8]["alias"]).update(priority_rank=1)

    assert f"{lot.number} #8: another rank than the bidder's" in lot_problems(lot)
