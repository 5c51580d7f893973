"""The rules of the floor: SQL, the row and the pure functions say the same on every history; the record is checked."""

import copy
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.auctions import actions, floor, record, verifier
from marketplace.auctions.hall import FloorRefused
from marketplace.auctions.invariants import lot_problems
from marketplace.auctions.ladder import (
    LAST_RANK,
    NOT_ENTITLED,
    WAN,
    Bid,
    Happening,
    No,
    Placed,
    Standing,
    Terms,
    decide,
    fold,
    instant,
    remaining,
)
from marketplace.auctions.verifier import event_hash, fingerprint
from marketplace.core import clock
from marketplace.core.refusals import WrongState
from tests.marketplace.auctions.making import bidder, hybrid_lot, person, undone

STARTS = datetime(2026, 6, 18, 5, 0, tzinfo=UTC)
END = STARTS + timedelta(minutes=20)
TERMS = Terms(45 * WAN, ({"from": 0, "step": WAN},), STARTS, timedelta(minutes=5), None, True, timedelta(seconds=10))
LED = Standing("open", END, 50 * WAN, "2", bids=(Placed(2, "1", 45 * WAN), Placed(3, "2", 50 * WAN, source="floor")))
AT = STARTS + timedelta(minutes=1)


def seconds(number):
    return timedelta(seconds=number)


def test_three_calls_in_their_order_each_after_the_pause():
    assert floor.call(TERMS, LED, 2, AT) == "other_call"
    first = floor.call(TERMS, LED, 1, AT)
    assert (first.payload, first.source) == ({"call": 1, "price": 50 * WAN}, "floor")
    once = fold(LED, [first])

    assert floor.call(TERMS, once, 1, AT + seconds(10)) == "other_call"
    assert floor.call(TERMS, once, 2, AT + seconds(10) - timedelta(microseconds=1)) == "too_soon"
    assert floor.call(TERMS, once, 2, AT + seconds(10)).payload["call"] == 2
    assert floor.call(TERMS, replace(once, calls=3), 4, AT + seconds(10)) == "other_call"


def test_nothing_is_called_without_a_price_outside_the_time_or_without_a_floor():
    assert floor.call(TERMS, Standing("open", END), 1, AT) == "no_price"
    assert floor.call(TERMS, LED, 1, END) == "ended"
    assert floor.call(TERMS, LED, 1, STARTS - seconds(1)) == "not_open"
    assert floor.call(TERMS, replace(LED, state="suspended"), 1, AT) == "suspended"
    assert floor.call(TERMS, replace(LED, state="sold"), 1, AT) == "not_open"
    assert floor.call(replace(TERMS, has_floor=False), LED, 1, AT) == "no_floor"


def test_the_hammer_falls_after_the_third_call_and_its_pause_if_nothing_happened():
    called = replace(LED, calls=3, called_at=AT, last_at=AT)

    assert floor.hammer(TERMS, replace(called, calls=2), AT + seconds(10)) == "not_called"
    assert floor.hammer(TERMS, called, AT + seconds(9)) == "too_soon"
    assert floor.hammer(TERMS, replace(called, last_at=AT + seconds(11)), AT + seconds(10)) == "moved"
    assert floor.hammer(TERMS, called, END) == "ended"
    assert floor.hammer(TERMS, called, AT + seconds(10)).payload == {"bids": 2, "bidders": 2, "hammered": True}


@pytest.mark.parametrize(
    ("later", "expected"), [(0, "not_later"), (-1, "not_later"), (3601, "not_later"), (3600, None)]
)
def test_the_end_only_moves_later(later, expected):
    answer = floor.extend(TERMS, LED, END + seconds(later), "time", AT)

    assert (answer if isinstance(answer, str) else None) == expected


def test_only_the_last_bid_is_voided_and_only_a_floor_bid_was_mistyped():
    online = replace(LED, bids=LED.bids[:1])

    assert floor.void(TERMS, LED, 2, "mistyped", AT) == "not_the_last"
    assert floor.void(TERMS, replace(LED, bids=()), 2, "mistyped", AT) == "not_the_last"
    assert floor.void(TERMS, LED, 3, "whim", AT) == "no_ground"
    assert floor.void(TERMS, online, 2, "mistyped", AT) == "not_of_the_floor"
    assert floor.void(TERMS, online, 2, NOT_ENTITLED, AT).kind == "voided"
    assert floor.void(TERMS, replace(LED, state="suspended"), 3, "mistyped", AT).kind == "voided"
    assert floor.void(TERMS, LED, 3, "mistyped", END) == "ended"


def test_of_a_bidder_that_is_not_entitled_no_bid_stands():
    bids = (Placed(2, "1", 45), Placed(3, "2", 50), Placed(4, "1", 55))

    assert remaining(bids, 4, "mistyped") == bids[:2]
    assert remaining(bids, 4, NOT_ENTITLED) == bids[1:2]


# who, above the price, from the floor?
bids = st.tuples(st.just("bid"), st.integers(0, 2), st.sampled_from([-5, 0, 1, 5, 5, 60]), st.booleans())
acts = st.one_of(
    st.tuples(st.just("call"), st.sampled_from([0, 0, 0, 0, 1])),  # the next call, or another one
    st.tuples(st.just("hammer")),
    st.tuples(st.just("extend"), st.sampled_from([0, 1, 5])),
    st.tuples(st.just("void"), st.sampled_from([0, 0, 1]), st.sampled_from(["mistyped", NOT_ENTITLED])),
    st.tuples(st.sampled_from(["suspend", "resume"])),
)
histories = st.lists(
    st.tuples(st.sampled_from([0, 1, 9, 10, 11, 290, 301]), st.one_of(bids, acts, acts)), min_size=2, max_size=16
)


class Play:
    """One lot with its bidders, and where the pure rules say it stands."""

    def __init__(self, lot, bidders, auctioneer):
        self.lot, self.bidders = lot, bidders
        self.ranks = {one.alias: one.priority_rank or LAST_RANK for one in self.bidders}
        self.auctioneer, self.barred = auctioneer, set()
        self.terms, self.standing = Terms.of(self.lot), Standing("announced", self.lot.ends_at)

    def opened(self, at):
        """The auctioneer's acts open a lot whose time has come."""
        if self.standing.state != "announced" or at < STARTS:
            return self.standing
        payload = {"ends_at": instant(self.standing.ends_at), "start_price": self.terms.start_price}
        return fold(self.standing, [Happening("opened", STARTS, STARTS, payload=payload)])

    def bid(self, at, who, above, from_floor):
        one, source = self.bidders[who], "floor" if from_floor else "online"
        amount = max(1, (self.standing.price or 45 * WAN) + above * WAN)
        obstacle = "barred" if one.alias in self.barred else ""
        bid = Bid(one.alias, amount, at, at, self.ranks[one.alias], obstacle, source)
        key = f"{self.standing.seq}-{at}-{source}"
        answer = actions.decide_bid(self.lot, one, amount=amount, key=key, arrived_at=at, source=source)
        expected = decide(self.terms, self.standing, bid)
        if isinstance(expected, No):
            assert (answer["accepted"], answer["reason"], answer["least"]) == (False, expected.reason, expected.least)
        else:
            assert answer["accepted"]
            self.standing = fold(self.standing, expected, self.ranks)

    def act(self, at, act, expected):
        """Do what the rules are asked about as well; both agree."""
        if isinstance(expected, str):
            with clock.moved_to(at), pytest.raises(FloorRefused) as refused:
                act()
            assert refused.value.reason == expected
            return False
        with clock.moved_to(at):
            act()
        self.standing = fold(self.opened(at), [expected], self.ranks)
        return True

    def call(self, at, off):
        number = self.standing.calls + 1 + off
        expected = floor.call(self.terms, self.opened(at), number, at)
        self.act(at, lambda: actions.call_lot(self.lot, by=self.auctioneer, number=number), expected)

    def hammer(self, at):
        expected = floor.hammer(self.terms, self.standing, at)
        if self.act(at, lambda: actions.hammer_lot(self.lot, by=self.auctioneer), expected):
            self.standing = replace(self.standing, state="sold", seq=self.standing.seq + 1)

    def extend(self, at, minutes):
        was = self.standing.ends_at
        expected = floor.extend(self.terms, self.opened(at), was + timedelta(minutes=minutes), "time", at)
        self.act(
            at,
            lambda: actions.extend_lot(self.lot, by=self.auctioneer, minutes=minutes, ground="time", was=was),
            expected,
        )

    def void(self, at, back, ground):
        standing = self.standing.bids[-1 - back] if len(self.standing.bids) > back else Placed(99, "", 1)
        expected = floor.void(self.terms, self.opened(at), standing.seq, ground, at)
        done = self.act(
            at, lambda: actions.void_bid(self.lot, by=self.auctioneer, seq=standing.seq, ground=ground), expected
        )
        if done and ground == NOT_ENTITLED:
            self.barred.add(standing.alias)

    def suspend(self, at):
        self._move(at, lambda: actions.suspend_lot(self.lot, by=self.auctioneer, ground="fault"))

    def resume(self, at):
        self._move(at, lambda: actions.resume_lot(self.lot, by=self.auctioneer))

    def _move(self, at, act):
        try:
            with clock.moved_to(at):
                act()
        except WrongState:
            return
        news = [record.happening_of(event) for event in record.recorded(self.lot)][self.standing.seq :]
        self.standing = fold(self.standing, news, self.ranks)


@pytest.fixture
def hall(db):
    """Return a lot with a floor, its three bidders of different ranks and the auctioneer."""
    lot = hybrid_lot(starts_at=STARTS, lasts=timedelta(minutes=20), start_price=45 * WAN)
    return lot, [bidder(lot), bidder(lot, rank=2), bidder(lot, rank=1)], person("auctioneer")


@pytest.mark.long
@given(histories)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_hall_and_rules_agree_on_every_history(hall, history):
    with undone():
        agree(Play(*copy.deepcopy(hall)), history)


def agree(play, history):
    at = STARTS
    for later, (verb, *facts) in history:
        at += seconds(later)
        getattr(play, verb)(at, *facts)

    play.lot.refresh_from_db()
    lot, standing = play.lot, play.standing
    assert (lot.state, lot.price, lot.leader_alias) == (standing.state, standing.price, standing.leader)
    assert (lot.ends_at, lot.extensions, lot.seq) == (standing.ends_at, standing.extensions, standing.seq)
    assert (lot.calls, lot.called_at) == (standing.calls, standing.called_at)
    assert {one.alias for one in play.bidders if type(one).objects.get(pk=one.pk).is_barred} == play.barred
    assert lot_problems(lot) == []


def sold_in_the_hall():
    """Return a lot sold by the hammer, with a floor bid, an online bid, a voided one and three calls in its record."""
    lot = hybrid_lot(starts_at=STARTS)
    online, paddle, auctioneer = bidder(lot), bidder(lot), person("auctioneer")
    steps = [
        lambda: actions.decide_bid(lot, online, amount=160 * WAN, key="a", arrived_at=clock.now()),
        lambda: actions.place_floor_bid(lot, by=auctioneer, alias=paddle.alias, amount=165 * WAN, key="b"),
        lambda: actions.void_bid(lot, by=auctioneer, seq=3, ground="mistyped"),
        lambda: actions.place_floor_bid(lot, by=auctioneer, alias=paddle.alias, amount=170 * WAN, key="c"),
        *(lambda n=n: actions.call_lot(lot, by=auctioneer, number=n) for n in (1, 2, 3)),
        lambda: actions.extend_lot(lot, by=auctioneer, minutes=1, ground="course", was=lot.ends_at),
        lambda: actions.hammer_lot(lot, by=auctioneer),
    ]
    for number, step in enumerate(steps):
        with clock.moved_to(STARTS + seconds(10 * number)):
            step()
            lot.refresh_from_db()
    return lot, paddle


@pytest.fixture(scope="module")
def lasting_sale(lasting):
    return sold_in_the_hall()


@pytest.fixture
def sale(lasting_sale, for_now):
    return copy.deepcopy(lasting_sale)


def test_a_lot_sold_in_the_hall_is_in_its_record_as_it_happened(sale):
    lot, paddle = sale

    events = record.recorded(lot)
    assert [event["kind"] for event in events] == [
        *("opened", "bid", "bid", "voided", "bid", "called", "called", "called", "extended", "closed", "result"),
    ]
    assert [event["source"] for event in events][1:6] == ["online", "floor", "floor", "floor", "floor"]
    assert events[9]["payload"] == {"bids": 2, "bidders": 2, "hammered": True}
    assert events[10]["payload"] == {"outcome": "sold", "alias": paddle.alias, "price": 170 * WAN}
    assert (lot.state, lot.price, lot.leader) == ("sold", 170 * WAN, paddle)
    assert lot.ends_at == STARTS + seconds(80) == lot.events.get(kind="closed").arrived_at
    assert lot_problems(lot) == []


def test_the_verifier_alone_reads_the_record_of_a_hall(tmp_path, sale):
    lot, _paddle = sale
    file = tmp_path / "record.jsonl"
    file.write_text(record.export(lot), encoding="utf-8")

    checked = subprocess.run(
        [sys.executable, "-I", verifier.__file__, file], capture_output=True, text=True, check=False, cwd=tmp_path
    )

    assert (checked.returncode, checked.stderr) == (0, "")
    assert f"11 events, intact, head {lot.head_hash}" in checked.stdout
    assert f"{lot.number}：记录完整，共 11 条" in checked.stdout


def rewritten(lines, seq, **facts):
    """Return a record in which event `seq` says something else, with every hash made to fit again."""
    head, events, end = lines[0], [dict(event) for event in lines[1:-1]], dict(lines[-1])
    events[seq - 1] |= facts
    previous = head["announcement_hash"]
    for event in events:
        event["prev"] = previous
        previous = event["hash"] = event_hash(event)
    return [head, *events, end | {"head": previous, "anchors": []}]


@pytest.mark.parametrize(
    ("seq", "facts", "words"),
    [
        (4, {"payload": {"seq": 2, "ground": "mistyped"}}, "voids another bid"),
        (3, {"source": "online"}, "cannot have been mistyped"),
        (6, {"payload": {"call": 2, "price": 170 * WAN}}, "out of turn"),
        (6, {"payload": {"call": 1, "price": 165 * WAN}}, "another price"),
        (7, {"arrived_at": "2026-06-18T05:00:49.000000Z"}, "announced pause"),
        (9, {"payload": {"ends_at": "2026-06-18T06:01:00.000000Z"}}, "neither a bid nor the auctioneer"),
        (10, {"payload": {"bids": 2, "bidders": 2}}, "closed before its end"),
        (8, {"kind": "suspended", "payload": {"ground": "fault"}}, "without three calls"),
        (11, {"payload": {"outcome": "sold", "alias": "x", "price": 165 * WAN}}, "sold to another"),
    ],
)
def test_the_verifier_names_what_breaks_the_rules_of_the_floor(seq, facts, words, sale):
    lot, _paddle = sale
    lines = record.export_lines(lot)
    assert record.record_problems(lines) == []

    problems = record.record_problems(rewritten(lines, seq, **facts))

    assert any(words in problem for problem in problems), problems


def test_a_floor_bid_on_a_lot_without_a_floor_is_named(sale):
    lot, _paddle = sale
    lines = record.export_lines(lot)
    head = lines[0] | {"announcement": lines[0]["announcement"] | {"lots": [
        terms | {"format": "english"} for terms in lines[0]["announcement"]["lots"]
    ]}}  # fmt: skip
    head["announcement_hash"] = fingerprint(head["announcement"])
    problems = record.record_problems(rewritten([head, *lines[1:]], 1))

    assert problems[0] == f"{lot.number} #3: comes from a floor the announcement does not name"


@pytest.mark.parametrize("column", ["price", "calls"])
def test_a_row_that_is_not_its_record_is_named(column, sale):
    lot, _paddle = sale
    type(lot).objects.filter(pk=lot.pk).update(**{column: 1 if column == "calls" else 160 * WAN})

    assert lot_problems(lot)
