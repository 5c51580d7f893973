"""The splitter: no fen lost or made, nobody a fen away from the exact share, whatever the order."""

from decimal import Decimal
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.contracts.sharing.net_income import Income, broker_cost
from marketplace.contracts.sharing.splitting import NotWhole, split

AMOUNTS = st.integers(min_value=0, max_value=10**15)


@st.composite
def percents(draw):
    """Return {key: per cent} of 1 to 12 payees whose per cents sum to 100 exactly."""
    payees = draw(st.integers(min_value=1, max_value=12))
    cuts = draw(st.lists(st.integers(1, 9999), min_size=payees - 1, max_size=payees - 1, unique=True))
    places = [0, *sorted(cuts), 10_000]
    points = [last - first for first, last in pairwise(places)]
    return {f"inventor:{place}": Decimal(point) / 100 for place, point in enumerate(points)}


@given(AMOUNTS, percents())
def test_no_fen_is_lost_and_each_share_lies_within_a_fen(amount, shares):
    found = split(amount, shares)

    assert sum(found.values()) == amount
    assert all(abs(found[key] - Decimal(amount) * percent / 100) < 1 for key, percent in shares.items())
    assert all(fen >= 0 for fen in found.values())


@given(AMOUNTS, percents(), st.randoms())
def test_the_order_of_payees_changes_nothing(amount, shares, random):
    listed = list(shares.items())
    random.shuffle(listed)

    assert split(amount, dict(listed)) == split(amount, shares)


@given(AMOUNTS, percents())
def test_who_gets_more_per_cent_never_gets_less(amount, shares):
    found = split(amount, shares)
    listed = sorted(shares, key=lambda key: shares[key])

    assert all(found[less] <= found[more] for less, more in pairwise(listed) if shares[less] < shares[more])


def test_equal_remainders_go_to_the_larger_per_cent_then_to_the_first_key():
    third = {"a": Decimal("33.33"), "b": Decimal("33.33"), "c": Decimal("33.34")}

    assert split(1, third) == {"a": 0, "b": 0, "c": 1}
    assert split(1, {"b": Decimal(50), "a": Decimal(50)}) == {"b": 0, "a": 1}
    assert split(2, {"b": Decimal(25), "a": Decimal(25), "c": Decimal(50)}) == {"b": 0, "a": 1, "c": 1}


def test_one_payee_gets_all_of_it():
    assert split(Random(7).randrange(10**12), {"only": Decimal(100)}).keys() == {"only"}
    assert split(7, {"only": Decimal("100.00")}) == {"only": 7}


@pytest.mark.parametrize(
    "shares",
    [
        {},
        {"a": Decimal("99.99")},
        {"a": Decimal("60"), "b": Decimal("40.01")},
        {"a": Decimal("150"), "b": Decimal("-50")},
        {"a": Decimal("33.335"), "b": Decimal("66.665")},
    ],
)
def test_what_is_not_whole_is_not_split(shares):
    with pytest.raises(NotWhole):
        split(100, shares)


def test_an_amount_below_zero_is_not_split():
    with pytest.raises(ValueError, match="below zero"):
        split(-1, {"a": Decimal(100)})


@pytest.mark.parametrize(
    ("formula", "net"), [("costs_and_tax", 1000 - 100 - 60 - 20), ("costs", 1000 - 100 - 20), ("payment", 1000 - 20)]
)
def test_net_income_follows_the_formula(formula, net):
    assert Income(1000, direct_cost=100, tax=60, broker=20, formula=formula).net == net


def test_a_brokers_per_cent_is_rounded_half_up():
    assert broker_cost(1001, Decimal("2.50")) == 25
    assert broker_cost(1020, Decimal("2.50")) == 26
    assert broker_cost(1000, None) == 0
