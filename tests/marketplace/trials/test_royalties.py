"""The share of output of a trial converted by a formula: reckoned, capped, due as an instalment, received."""

import copy
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments.actions import drop_instalment, enter_receipt, plan_instalment
from marketplace.contracts.payments.refusals import InstalmentPaid, PlannedAboveTotal, ReceivedAboveTotal
from marketplace.core import clock
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import WrongState
from marketplace.trials.converting import note_registration_of_trial
from marketplace.trials.refusals import NoFormulaPrice, OutputCounted, OutputDays, ReasonMissing
from marketplace.trials.royalties import (
    OutputBeforeContract,
    OutputDueDay,
    OutputNotOver,
    ReportGone,
    ShareMoved,
    report_output,
    take_back_output,
)
from marketplace.trials.royalty import OutputReport, Share
from tests.factories.people import sign_in
from tests.marketplace.trials import factories as trials
from tests.marketplace.trials.factories import WAN

SIGNED_AGO = timedelta(days=60)
FORMULA = {"pricing": "formula", "price": 20 * WAN, "output_rate": 3, "price_cap": 32 * WAN}


def converted(*, paid="", **terms):
    """Return a trial that was converted and whose contract is registered, and the contract."""
    tried = trials.chosen(**(FORMULA | terms))
    deal = trials.fresh(tried.trial).deal
    contract = draft_contract_from_deal(deal, **tried.owner.as_party)
    if paid:
        contract.payment, contract.departure_reason = paid, "双方改为一次支付，另按产值提成。"
        contract.save()
    trials.register(contract, by=tried.owner.manager)
    TechnologyContract.objects.filter(pk=contract.pk).update(signed_on=clock.today() - SIGNED_AGO)
    tried.trial = trials.fresh(tried.trial)
    note_registration_of_trial(tried.trial, by=None)
    return tried, contract


@pytest.fixture(scope="module")
def lasting_trial(lasting):
    return converted()


@pytest.fixture
def converted_trial(lasting_trial, for_now):
    """Return a trial that was converted by the formula, and its contract."""
    return copy.deepcopy(lasting_trial)


def reported(tried, *, days=(40, 10), output=200 * WAN, **changed):
    today = clock.today()
    facts = {"begins_on": today - timedelta(days=days[0]), "ends_on": today - timedelta(days=days[1])}
    facts |= {"output": output, "due_on": today + timedelta(days=30)}
    return report_output(tried.trial, **tried.enterprise.as_party, **facts | changed)


def test_the_share_of_an_output_falls_due_until_the_cap(converted_trial):
    tried, contract = converted_trial

    first = reported(tried)
    second = reported(tried, days=(9, 5))
    third = reported(tried, days=(4, 1))

    # 3 % of 200 万元 are 6 万元; the cap of 32 leaves 12 above the base of 20: nothing for the third
    assert [first.due, second.due, third.due] == [6 * WAN, 6 * WAN, 0]
    assert [one.amount for one in contract.instalments.all()] == [6 * WAN, 6 * WAN]
    assert third.instalment is None
    assert first.instalment.is_royalty
    assert "3 %" in first.instalment.condition
    assert Entry.objects.filter(kind=Kind.TRIAL_OUTPUT_REPORTED).first().data == {"output": 200 * WAN, "due": 0}


@pytest.mark.usefixtures("for_now")
def test_what_is_due_of_output_comes_in_beyond_the_total():
    tried, contract = converted(paid="once")
    finance = tried.owner.manager
    today = clock.today()
    plan_instalment(contract, by=finance, due_on=today, amount=20 * WAN)
    enter_receipt(contract, by=finance, amount=20 * WAN, received_on=today, bank_reference="样例 1")
    with pytest.raises(ReceivedAboveTotal):
        enter_receipt(contract, by=finance, amount=6 * WAN, received_on=today, bank_reference="样例 2")
    royalty = reported(tried).instalment

    received = enter_receipt(
        contract, by=finance, amount=6 * WAN, received_on=today, bank_reference="样例 3", instalment=royalty
    )

    assert received.stands
    with pytest.raises(ReceivedAboveTotal):
        enter_receipt(contract, by=finance, amount=1, received_on=today, bank_reference="样例 4")
    with pytest.raises(PlannedAboveTotal):
        plan_instalment(contract, by=finance, due_on=today, amount=1)


def test_days_are_over_in_order_and_reported_once(converted_trial):
    tried, _contract = converted_trial
    reported(tried)
    with pytest.raises(OutputCounted):
        reported(tried, days=(15, 5))
    with pytest.raises(OutputDays):
        reported(tried, days=(4, 6))
    with pytest.raises(OutputDays):
        reported(tried, days=(4, -1))
    with pytest.raises(OutputDays):
        reported(tried, days=(4, 2), due_on=clock.today() - timedelta(days=3))


def test_a_time_is_of_the_contract_and_over_and_its_payment_near(converted_trial):
    tried, _contract = converted_trial
    today = clock.today()

    for wrong, refusal in (
        ({"begins_on": today - SIGNED_AGO - timedelta(days=1)}, OutputBeforeContract),
        ({"ends_on": today + timedelta(days=1)}, OutputNotOver),
        ({"due_on": today + timedelta(days=181)}, OutputDueDay),
        ({"agreed": 1}, ShareMoved),
    ):
        with pytest.raises(refusal):
            reported(tried, **wrong)
    assert not OutputReport.objects.exists()
    kept = reported(tried, begins_on=today - SIGNED_AGO, due_on=today + timedelta(days=180), agreed=6 * WAN)

    assert kept.due == 6 * WAN


def test_the_enterprise_takes_a_wrong_report_back_and_its_payment_with_it(converted_trial):
    tried, contract = converted_trial
    wrong = reported(tried, output=400 * WAN)

    with pytest.raises(ReasonMissing):
        take_back_output(tried.trial, wrong, reason=" ", **tried.enterprise.as_party)
    take_back_output(tried.trial, wrong, reason="多写一个零", **tried.enterprise.as_party)
    with pytest.raises(ReportGone):
        take_back_output(tried.trial, wrong, reason="再来", **tried.enterprise.as_party)
    right = reported(tried, output=40 * WAN)

    wrong.refresh_from_db()
    assert (wrong.taken_back_reason, wrong.taken_back_by) == ("多写一个零", tried.enterprise.manager)
    assert contract.instalments.standing().get() == right.instalment
    assert right.due == 40 * WAN * 3 // 100


def test_a_report_something_was_paid_on_stays(converted_trial):
    tried, contract = converted_trial
    report = reported(tried)
    money = {"amount": WAN, "received_on": clock.today(), "bank_reference": "样例 9"}
    enter_receipt(contract, by=tried.owner.manager, instalment=report.instalment, **money)

    with pytest.raises(InstalmentPaid):
        take_back_output(tried.trial, report, reason="写错", **tried.enterprise.as_party)

    assert contract.instalments.standing().get() == report.instalment


def test_the_page_says_why_less_or_nothing_is_due(client, converted_trial):
    tried, _contract = converted_trial
    reported(tried, days=(40, 30), output=0)
    reported(tried, days=(29, 20), output=1000 * WAN)  # 30 万元 of it, the cap leaves 12
    reported(tried, days=(19, 10), output=WAN)
    sign_in(client, tried.owner.manager)

    page = client.get(f"/trials/{tried.trial.code}/").content.decode()

    assert "无应付提成" in page
    assert "按封顶价截减；按比例应为 300,000.00" in page
    assert page.count("已达上限") == 1
    assert "产值 1,000 万元，应付提成 12 万元" in page
    assert "按封顶价截减" in OutputReport.objects.get(output=1000 * WAN).instalment.condition


def test_a_report_whose_instalment_was_struck_is_made_again(converted_trial):
    tried, contract = converted_trial
    wrong = reported(tried, output=2 * WAN)
    drop_instalment(wrong.instalment, by=tried.owner.manager, reason="录错")

    right = reported(tried)

    assert right.due == 6 * WAN
    assert contract.instalments.filter(dropped_at=None).get() == right.instalment


@pytest.mark.usefixtures("for_now")
def test_without_a_formula_or_a_registered_contract_nothing_is_due():
    fixed, _contract = converted(pricing="fixed", price=60 * WAN, output_rate=None, price_cap=None)
    with pytest.raises(NoFormulaPrice):
        reported(fixed)
    open_one = trials.chosen(**FORMULA)

    with pytest.raises(WrongState):
        reported(open_one)


@pytest.mark.usefixtures("for_now")
def test_output_sent_to_a_trial_of_a_fixed_price_is_refused_in_words(client):
    tried, _contract = converted(pricing="fixed", price=60 * WAN, output_rate=None, price_cap=None)
    sign_in(client, tried.enterprise.manager)
    days = {"begins_on": clock.today(), "ends_on": clock.today(), "due_on": clock.today()}

    answer = client.post(f"/trials/{tried.trial.code}/output/", days | {"output": "200"}, follow=True)

    assert answer.status_code == 200
    assert not OutputReport.objects.exists()


@pytest.mark.parametrize(("prefix", "said"), [("", "已报告"), ("/en", "is reported already")])
def test_the_page_asks_the_enterprise_and_shows_what_is_due(client, prefix, said, converted_trial):
    tried, _contract = converted_trial
    sign_in(client, tried.enterprise.manager)
    today = clock.today()
    typed = {"begins_on": today - timedelta(days=30), "ends_on": today - timedelta(days=1)}
    typed |= {"output": "200", "due_on": today + timedelta(days=30)}

    asked = client.post(f"{prefix}/trials/{tried.trial.code}/output/", typed)
    assert not OutputReport.objects.exists()
    form = next(card["form"] for card in asked.context["cards"] if card["name"] == "output")
    assert "60,000.00" in form.asks
    client.post(f"{prefix}/trials/{tried.trial.code}/output/", typed | {"agreed": form["agreed"].value()})
    again = client.post(f"{prefix}/trials/{tried.trial.code}/output/", typed).content.decode()
    page = client.get(f"{prefix}/trials/{tried.trial.code}/").content.decode()

    assert "60,000.00" in page
    assert said in again


@given(
    output=st.integers(0, 10**13),
    hundredths=st.integers(1, 10_000),
    base=st.integers(1, 10**10),
    more=st.integers(0, 10**10),
    so_far=st.integers(0, 10**10),
)
def test_the_share_never_passes_the_cap_nor_the_output(output, hundredths, base, more, so_far):
    rate = Decimal(hundredths) / 100
    due = Share.of(output, rate=rate, base=base, cap=base + more, so_far=so_far).due

    assert 0 <= due <= max(0, more - so_far)
    assert due <= output
    if so_far + due < more:
        assert abs(Decimal(due) - Decimal(output) * rate / 100) <= Decimal("0.5")
