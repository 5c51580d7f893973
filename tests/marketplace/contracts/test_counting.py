"""What the register counts: the rules at the end of domain.md §7.1, and that a figure is the sum of its rows."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from marketplace.contracts.actions import register_contract
from marketplace.contracts.amounts import Item
from marketplace.contracts.changing import grant_contract_change, request_contract_change
from marketplace.contracts.counting import FIGURES, RegisterRow, figures_of, sold_from
from marketplace.contracts.ending import cancel_contract, revoke_contract
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.objecting import object_to_decision, re_examine_contract
from marketplace.contracts.parts import JointSeller
from marketplace.core import clock
from marketplace.indicators import queries
from marketplace.indicators.figures import INDICATORS
from marketplace.indicators.periods import Period
from tests.marketplace.contracts.factories import (
    WAN,
    credit_code,
    number_of,
    person,
    registered,
    scan,
    second_review,
    submitted,
)
from tests.marketplace.contracts.test_registration import wenzhou

pytestmark = pytest.mark.django_db
MAY, JUNE = Period("month", date(2025, 5, 1)), Period("month", date(2025, 6, 1))
LARGE = [Item("开发", 720 * WAN, True), Item("设备", 480 * WAN, False)]
in_one_transaction = hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def in_may(**how):
    with clock.moved_to(wenzhou(2025, 5, 12, 10)):
        return registered(**how)


def change(contract, manager, items):
    given = {"begins_on": contract.begins_on, "ends_on": contract.ends_on, "reasons": "补充协议"}
    request_contract_change(contract, upload=scan(), by=manager, items=items, **given)
    grant_contract_change(contract, by=person("second_reviewer", "registrar"))


def value(figure, period):
    return getattr(queries, figure)(period).value


def test_amount_changed_after_registration_counts_as_a_difference_in_the_period_of_the_change():
    contract, manager = in_may()

    with clock.moved_to(wenzhou(2025, 6, 3, 10)):
        change(contract, manager, [Item("开发", 300 * WAN, True), Item("设备", 100 * WAN, False)])

    assert (value("contract_total", MAY), value("technical_total", MAY)) == (600 * WAN, 480 * WAN)
    assert (value("contract_total", JUNE), value("technical_total", JUNE)) == (-200 * WAN, -180 * WAN)
    assert (value("contract_count", MAY), value("contract_count", JUNE)) == (1, 0)
    months = {row["month"].code: row for row in queries.by_month(Period.parse("2025-H1"))}
    assert (months["2025-05"]["total"], months["2025-05"]["restated"]) == (600 * WAN, 400 * WAN)
    assert (months["2025-06"]["total"], months["2025-06"]["restated"]) == (-200 * WAN, 0)


def revoked(contract, _manager):
    revoke_contract(contract, by=person("officer"), reasons="虚假材料")


def cancelled(contract, manager):
    cancel_contract(contract, by=manager, reasons="合同解除", benefits_enjoyed=False)


def fallen(contract, manager):
    object_to_decision(contract, by=manager, reasons="不实")
    re_examine_contract(contract, by=person("second_reviewer"), upheld=False, reasons="撤销")


@pytest.mark.parametrize("end", [revoked, cancelled, fallen])
def test_what_ended_is_taken_off_in_the_period_of_its_end_and_restated_in_the_history(end):
    contract, manager = in_may()
    in_may()

    with clock.moved_to(wenzhou(2025, 6, 3, 10)):
        end(contract, manager)

    assert (value("contract_count", MAY), value("contract_total", MAY)) == (2, 1200 * WAN)
    assert (value("contract_count", JUNE), value("contract_total", JUNE)) == (-1, -600 * WAN)
    assert value("contract_total", Period.parse("2025-H1")) == 600 * WAN
    months = {row["month"].code: row["restated"] for row in queries.by_month(Period.parse("2025-H1"))}
    assert (months["2025-05"], months["2025-06"]) == (600 * WAN, 0)


def test_a_seller_outside_the_district_is_absorbed_only():
    in_may(seller_region="110108")

    assert (value("outgoing_total", MAY), value("incoming_total", MAY)) == (0, 600 * WAN)
    assert value("contract_total", MAY) == 600 * WAN


def test_a_joint_seller_counts_by_its_share_and_no_fen_is_lost():
    with clock.moved_to(wenzhou(2025, 5, 12, 10)):
        contract, _ = submitted(items=[Item("开发", 100_01, True)])
        for place, (region, percent) in enumerate([("110108", "33.33"), ("330304", "16.67")], start=1):
            JointSeller.objects.create(
                contract=contract,
                position=place,
                name="样例",
                uscc=credit_code(),
                region=region,
                percent=Decimal(percent),
            )
        register_contract(contract, by=person("registrar"), number=number_of(990))

    assert value("outgoing_total", MAY) == 100_01 - 33_33
    assert sold_from(["110108"], contract) + sold_from(["330304"], contract) == 100_01


def test_a_change_over_the_threshold_moves_the_figures_of_large_contracts():
    contract, manager = in_may()
    assert (value("large_count", MAY), value("large_technical", MAY)) == (0, 0)

    with clock.moved_to(wenzhou(2025, 6, 3, 10)):
        change(contract, manager, LARGE)

    assert (value("large_count", JUNE), value("large_technical", JUNE)) == (1, 720 * WAN)


def test_a_large_contract_counts_as_one():
    with clock.moved_to(wenzhou(2025, 5, 12, 10)):
        contract, _ = submitted(items=LARGE)
        second_review(contract)
        register_contract(contract, by=person("second_reviewer"), number=number_of(991))

    assert (value("large_count", MAY), value("large_technical", MAY)) == (1, 720 * WAN)


def test_rows_are_never_changed():
    in_may()

    for statement in ("UPDATE marketplace_registerrow SET total = 0", "DELETE FROM marketplace_registerrow"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    assert RegisterRow.objects.get().total == 600 * WAN


acts = st.lists(
    st.tuples(st.sampled_from(["register", "change", "revoke", "cancel", "fall"]), st.integers(1, 900)), max_size=9
)


@pytest.mark.long
@in_one_transaction
@given(acts)
def test_whatever_happens_the_drill_down_adds_up_to_the_figure_and_all_rows_to_the_register(course):
    with transaction.atomic():
        _run(course)
        year = Period.parse("2025")
        months = [Period("month", date(2025, month, 1)) for month in range(1, 13)]
        for indicator in INDICATORS:
            if indicator.records != "contracts":
                continue
            measured = indicator.measure(year)
            assert measured.value == sum(getattr(row, measured.column) for row in measured.records)
            assert measured.value == sum(indicator.measure(month).value for month in months)
        standing = [figures_of(contract) for contract in TechnologyContract.objects.registered()]
        counted = RegisterRow.objects.aggregate(**{name: Sum(name) for name in FIGURES})
        assert {name: counted[name] or 0 for name in FIGURES} == {
            name: sum(each[name] for each in standing) for name in FIGURES
        }
        transaction.set_rollback(True)


def _run(course):
    """Let contracts be registered, changed, ended, one act a fortnight."""
    standing = []
    for place, (act, amount) in enumerate(course):
        with clock.moved_to(wenzhou(2025, 1, 6, 10) + timedelta(days=14 * place)):
            if act == "register":
                standing.append(registered(items=[Item("开发", min(amount, 400) * WAN, True)]))
            elif standing and act == "change":
                change(*standing[-1], [Item("开发", amount * WAN, True), Item("设备", (place + 1) * WAN, False)])
            elif standing:
                {"revoke": revoked, "cancel": cancelled, "fall": fallen}[act](*standing.pop(0))
