"""Who may not open the contracts of a figure makes out no single one from the rows of the board."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.indicators.small_groups import FEWEST, put_together, without_nothing
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import WAN, person
from tests.marketplace.indicators.test_board import register_at


def rows(*counts):
    return [{"field": place, "count": count, "total": count * 10} for place, count in enumerate(counts)]


@pytest.mark.parametrize(
    ("counts", "stay", "others"),
    [
        ((5, 4), [5, 4], None),
        ((5, 4, 1), [5], 5),  # one alone would follow from the sum: the next goes with it
        ((5, 4, 2, 1), [5, 4], 3),
        ((3, 1, 1, 1), [3], 3),
        ((2,), [], 2),
        ((1, 1), [], 2),
        ((6, -1), [], 5),
        ((), [], None),
    ],
)
def test_rows_of_one_or_two_are_put_together(counts, stay, others):
    left, together = put_together(rows(*counts), "field")

    assert [row["count"] for row in left] == stay
    assert (together and together["count"]) == others
    assert (together and together["total"]) == (others and others * 10)


@given(st.lists(st.integers(-2, 9), max_size=12))
def test_nothing_is_lost_and_no_small_row_is_left(counts):
    left, together = put_together(rows(*counts), "field")

    assert all(row["count"] >= FEWEST for row in left)
    assert sum(row["total"] for row in left) + (together or {"total": 0})["total"] == sum(counts) * 10
    if together is not None and left:
        assert together["count"] >= FEWEST


def test_a_row_of_which_nothing_is_left_is_none():
    made = [{"field": 1, "count": 0, "total": 0}, {"field": 2, "count": 0, "total": -5}]

    assert without_nothing(made, "field") == made[1:]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "names", "totals"),
    [
        (None, ["其他（合并列示，不单列一两份合同的行）"], [250]),
        ("officer", ["技术许可", "技术开发"], [150, 100]),
    ],
)
def test_the_board_shows_single_contracts_only_to_who_may_open_them(client, role, names, totals):
    register_at((2025, 5, 1), amount=100)
    register_at((2025, 5, 2), amount=70, contract_type="XK", sub_type="XK-ordinary")
    register_at((2025, 5, 3), amount=80, contract_type="XK", sub_type="XK-ordinary")
    if role:
        sign_in(client, person(role))

    answer = client.get("/board/?period=2025-05")

    assert [row["name"] for row in answer.context["types"]] == names
    assert [row["total"] for row in answer.context["types"]] == [total * WAN for total in totals]
