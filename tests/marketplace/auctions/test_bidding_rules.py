"""bidding.sql and ladder.py say the same on every history; the functions in the database are the file's."""

import copy
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.auctions import record
from marketplace.auctions.actions import decide_bid
from marketplace.auctions.invariants import lot_problems
from marketplace.auctions.ladder import LAST_RANK, WAN, Bid, No, Standing, Terms, decide, fold, instant, step_at
from marketplace.auctions.minimum_raises import default_ladder, is_ladder
from marketplace.auctions.models import LotEvent
from marketplace.auctions.verifier import canonical
from tests.marketplace.auctions.making import announced_lot, bidder, undone

STARTS = datetime(2026, 6, 18, 5, 0, tzinfo=UTC)
SQL = Path(record.__file__).with_name("bidding.sql")


def test_steps_by_band():
    ladder = default_ladder()

    assert [step_at(ladder, price * WAN) // WAN for price in (1, 49, 50, 199, 200, 5000)] == [1, 1, 5, 5, 10, 10]
    assert is_ladder(ladder)
    assert not is_ladder([{"from": 1, "step": 1}])
    assert not is_ladder([{"from": 0, "step": 0}])
    assert not is_ladder([{"from": 0, "step": 1}, {"from": 0, "step": 2}])


@pytest.mark.django_db
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(10**15), 10**15)
        | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text('ab瓯来"\\é\n', max_size=4), inner, max_size=4)
        ),
        max_leaves=8,
    )
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_canonical_json_is_the_same_in_sql_and_python(value):
    from psycopg.types.json import Jsonb

    with connection.cursor() as cursor:
        cursor.execute("SELECT lot_canonical(%s)", [Jsonb(value)])
        assert cursor.fetchone()[0] == canonical(value)


moves = st.lists(
    st.tuples(
        st.integers(0, 2),  # who
        st.sampled_from([-40, -6, -5, -1, 0, 0, 1, 5, 5, 10, 11, 60]),  # above the price, in 万元
        st.sampled_from([0, 1, 40, 290, 299, 300, 301, 900]),  # seconds later
        st.sampled_from([-3, 0, 0, 0, 1]),  # the arrival's distance from its turn, in ms
    ),
    max_size=14,
)


@pytest.fixture
def lots(db):
    """Return {the most extensions: (a lot, its three bidders of different ranks)}."""
    found = {}
    for most in (None, 1):
        facts = {"lasts": timedelta(minutes=20), "start_price": 45 * WAN, "most_extensions": most}
        lot = announced_lot(starts_at=STARTS, **facts)
        found[most] = lot, [bidder(lot), bidder(lot, rank=2), bidder(lot, rank=1)]
    return found


@given(moves, st.sampled_from([None, 1]), st.integers(0, 1))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sql_decides_as_the_pure_rules_do(lots, history, most_extensions, begins):
    with undone():
        decides_alike(*copy.deepcopy(lots[most_extensions]), history, begins)


def decides_alike(lot, bidders, history, begins):
    ranks = {one.alias: one.priority_rank or LAST_RANK for one in bidders}
    terms, standing = Terms.of(lot), Standing("announced", lot.ends_at)
    at = STARTS - timedelta(seconds=begins)

    for number, (who, above, later, jitter) in enumerate(history):
        at += timedelta(seconds=later)
        arrived = at + timedelta(milliseconds=jitter)
        amount = max(1, (standing.price or 45 * WAN) + above * WAN)
        one = bidders[who]
        bid = Bid(one.alias, amount, arrived, at, ranks[one.alias])
        answer = decide_bid(lot, one, amount=amount, key=str(number), arrived_at=arrived, decided_at=at)
        expected = decide(terms, standing, bid)
        if isinstance(expected, No):
            assert (answer["accepted"], answer["reason"]) == (False, expected.reason)
            assert answer["least"] == expected.least
        else:
            assert answer["accepted"]
            standing = fold(standing, expected, ranks)
            assert answer["ends_at"] == instant(standing.ends_at)
    lot.refresh_from_db()
    assert (lot.price, lot.leader_alias, lot.ends_at) == (standing.price, standing.leader, standing.ends_at)
    assert lot_problems(lot) == []


@pytest.mark.django_db
@pytest.mark.parametrize(("microseconds", "accepted"), [(-1, True), (0, False), (1, False)])
def test_the_end_is_exact_to_the_microsecond(microseconds, accepted):
    lot = announced_lot(starts_at=STARTS)
    at = lot.ends_at + timedelta(microseconds=microseconds)

    answer = decide_bid(lot, bidder(lot), amount=160 * WAN, key="k", arrived_at=at)

    assert answer["accepted"] is accepted
    assert LotEvent.objects.filter(kind="bid").count() == int(accepted)


@pytest.mark.django_db
def test_the_functions_in_the_database_are_those_of_the_file():
    text = SQL.read_text(encoding="utf-8")
    bodies = re.findall(r"CREATE OR REPLACE (?:FUNCTION|PROCEDURE) (\w+)\(.*?AS \$\$(.*?)\$\$", text, re.DOTALL)

    assert len(bodies) == 19
    with connection.cursor() as cursor:
        for name, body in bodies:
            cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [name])
            assert cursor.fetchall() == [(body,)], name


@pytest.mark.django_db
def test_a_tampered_record_names_the_lot_and_the_first_bad_number():
    lot = announced_lot(starts_at=STARTS)
    first, second = bidder(lot), bidder(lot)
    decide_bid(lot, first, amount=160 * WAN, key="a", arrived_at=STARTS)
    decide_bid(lot, second, amount=165 * WAN, key="b", arrived_at=STARTS + timedelta(seconds=1))
    lines = record.export_lines(lot)
    assert record.record_problems(lines) == []

    changed = [dict(line) for line in lines]
    changed[2]["amount"] += 1
    swapped = [*lines[:2], lines[3], lines[2], *lines[4:]]
    cut = [*lines[:3], lines[-1]]

    assert record.record_problems(changed)[0].startswith(f"{lot.number} #2")
    assert record.record_problems(swapped)[0].startswith(f"{lot.number} #2")
    assert record.record_problems(cut) == [f"{lot.number} #3: missing, though the end names number 3"]
