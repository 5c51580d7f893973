"""What plans about shares and profit put on whose desk, and when it leaves."""

import pytest
from django.utils import translation

from marketplace.contracts.sharing.allotting import reverse_allotment
from marketplace.contracts.sharing.yearly import distribute_profit, reverse_profit
from marketplace.core import clock
from marketplace.desk.piles import rows_of
from marketplace.desk.rows import Reader
from marketplace.desk.waiting import sharing, yields
from tests.marketplace.contracts import yielding

pytestmark = pytest.mark.django_db


def titles(user, waiting=yields.waiting):
    user.forget_roles()
    with translation.override("en"):
        return [row.title.partition(":")[0] for row in rows_of(waiting(Reader(user, None, clock.now())))]


def test_shares_wait_for_finance_until_they_are_entered():
    here = yielding.of_shares()
    assert [titles(who) for who in (here.finance, here.manager)] == [["Enter the allotted shares"]] * 2
    assert [titles(who) for who in (here.writer, here.first)] == [[], []]

    allotment = yielding.allot(here)
    assert titles(here.finance) == []
    reverse_allotment(allotment, by=here.finance, reason="录错")

    assert titles(here.finance) == ["Enter the allotted shares"]


def test_each_year_waits_when_it_is_over_and_its_profit_until_it_is_shared():
    here = yielding.of_profit()
    first = here.plan.profit_from
    assert titles(here.finance) == []

    with yielding.after():
        assert titles(here.finance) == ["Report the operating profit"]
        report = yielding.report(here)
        assert titles(here.finance) == [f"Share out the profit of {first}"]
        distribute_profit(report, by=here.finance)
        assert titles(here.finance) == []
        assert len(titles(here.finance, sharing.waiting)) == 1  # its lines are to be paid
        reverse_profit(report, by=here.finance, reason="录错")
        assert titles(here.finance) == ["Report the operating profit"]
        yielding.report(here)
    with yielding.after(2):
        assert titles(here.finance) == ["Report the operating profit", f"Share out the profit of {first}"]
        yielding.report(here, year=first + 1)
    with yielding.after(9):
        yielding.report(here, year=first + 2)

        assert titles(here.writer) == []
        assert "Report the operating profit" not in titles(here.finance)
