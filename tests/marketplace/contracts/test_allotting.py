"""Shares formed by the technology: allotted once after registration, no share lost, kept with their proof."""

import copy
from datetime import timedelta
from fractions import Fraction

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.sharing import refusals
from marketplace.contracts.sharing.allotments import AllotmentLine, ShareAllotment
from marketplace.contracts.sharing.allotting import reverse_allotment
from marketplace.core import clock
from marketplace.core.journal import Entry
from tests.factories.asking import queries_of
from tests.factories.people import sign_in
from tests.marketplace.contracts import shared, yielding
from tests.marketplace.contracts.factories import PDF, scan
from tests.pdf_text import text_of

pytestmark = pytest.mark.usefixtures("for_now")


@pytest.fixture(scope="module")
def lasting_house(lasting):
    return yielding.of_shares()


@pytest.fixture
def here(lasting_house, for_now):
    return copy.deepcopy(lasting_house)


def held(allotment):
    return {line.share.name: line.amount for line in allotment.lines.select_related("share")}


def test_shares_are_allotted_by_the_plan_and_none_is_lost(here):
    allotment = yielding.allot(here)

    assert held(allotment) == {"发明人戊": 333, "发明人己": 334, "材料室": 167, "样例研究所": 167}
    assert allotment.kept == 334
    assert allotment.part(333) == "111/1000 (11.1000%)"
    assert Entry.objects.about(allotment).get(kind="allotment.entered").data["amount"] == 1001
    assert (allotment.plan, allotment.entered_by, allotment.evidence.subject) == (here.plan, here.finance, here.plan)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amount=st.integers(1, 10**12), more=st.integers(0, 10**12))
def test_no_share_is_lost_whatever_was_formed(here, amount, more):
    with transaction.atomic():
        allotment = yielding.allot(here, amount=amount, company_total=amount + more)
        found = held(allotment)
        transaction.set_rollback(True)

    assert sum(found.values()) == amount
    for share in here.plan.shares.all():
        assert abs(Fraction(found.get(share.name, 0)) - Fraction(amount) * Fraction(share.percent) / 100) < 1


@pytest.mark.parametrize(
    ("changed", "refusal", "said"),
    [
        ({"amount": 0}, refusals.NoShares, "at least one share"),
        ({"amount": 3001}, refusals.MoreThanCompany, "the whole company"),
        ({"registered_on": 1}, refusals.DayOfChange, "until today"),
        ({"registered_on": -400}, refusals.DayOfChange, "from the day the contract was signed"),
    ],
)
def test_what_a_register_cannot_show_is_refused(here, changed, refusal, said):
    if "registered_on" in changed:
        changed = {"registered_on": clock.today() + timedelta(days=changed["registered_on"])}

    with translation.override("en"), pytest.raises(refusal, match=said):
        yielding.allot(here, **changed)

    assert not ShareAllotment.objects.exists()


def test_shares_come_after_registration_and_by_a_plan_about_shares(here):
    early = shared.house()
    shared.effective(early, basis="shares")
    with pytest.raises(refusals.NotRegisteredYet):
        yielding.allot(early)
    other = yielding.of_profit()
    with pytest.raises(refusals.NotOfShares):
        yielding.allot(other)
    with pytest.raises(PermissionDenied):
        yielding.allot(here, by=here.first)

    assert not ShareAllotment.objects.exists()


@pytest.mark.parametrize(("state", "stands"), [("change_requested", True), ("changed", True), ("revoked", False)])
def test_a_contract_whose_registration_is_changed_still_stands_in_the_register(client, here, state, stands):
    TechnologyContract.objects.filter(pk=here.contract.pk).update(state=state)
    here.contract.refresh_from_db()
    sign_in(client, here.finance)
    offered = reverse("allotment-enter", args=[here.contract.code]) in client.get("/desk/").content.decode()

    if stands:
        yielding.allot(here)
    else:
        with pytest.raises(refusals.NotRegisteredYet):
            yielding.allot(here)

    assert offered == stands
    assert ShareAllotment.objects.exists() == stands


def test_they_are_entered_once_and_again_only_after_they_were_taken_back(here):
    first = yielding.allot(here)
    with pytest.raises(refusals.AllottedAlready):
        yielding.allot(here)
    with pytest.raises(refusals.ReasonOfTakingBack):
        reverse_allotment(first, by=here.finance, reason=" ")
    with pytest.raises(PermissionDenied):
        reverse_allotment(first, by=here.writer, reason="录错")

    reverse_allotment(first, by=here.finance, reason="录错")
    with pytest.raises(refusals.TakenBackAlready):
        reverse_allotment(first, by=here.finance, reason="录错")
    second = yielding.allot(here, amount=900)

    assert list(ShareAllotment.objects.standing()) == [second]
    assert held(first)["发明人戊"] == 333
    assert Entry.objects.about(first).filter(kind="allotment.reversed").count() == 1


@pytest.mark.parametrize("model", [ShareAllotment, AllotmentLine])
def test_the_database_keeps_what_was_entered(here, model):
    yielding.allot(here)

    with pytest.raises(DatabaseError, match="not changed or deleted"), transaction.atomic():
        model.objects.update(amount=1)
    with pytest.raises(DatabaseError, match="not changed or deleted"), transaction.atomic():
        model.objects.all().delete() if model is AllotmentLine else model.objects.all()._raw_delete("default")


def typed(**changed):
    facts = {"company": "瓯江样例科技公司", "unit": "capital", "amount": "10010.01", "company_total": "30000"}
    return facts | {"registered_on": clock.today().isoformat(), "upload": scan(content=PDF)} | changed


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_capital_is_entered_on_the_page_and_stands_on_the_plan(client, here, prefix):
    sign_in(client, here.finance)
    address = prefix + reverse("allotment-enter", args=[here.contract.code])
    refused = client.post(address, typed(unit="shares"))
    assert ("股份数须为整数" if not prefix else "Shares are whole") in refused.content.decode()

    answer = client.post(address, typed())

    allotment = ShareAllotment.objects.get()
    assert (allotment.amount, allotment.company_total) == (1_001_001, 3_000_000)
    page = client.get(answer.url).content.decode()
    for words in ("瓯江样例科技公司", "3,336.33", "3,336.34", "10,010.01"):
        assert words in page
    assert reverse("allotment-enter", args=[here.contract.code]) not in page
    assert client.get(reverse("file-download", args=[allotment.evidence.code])).status_code == 200
    again = client.post(address, typed())
    assert again.status_code == 200
    assert ("已录入" if not prefix else "stand there already") in again.content.decode()


def test_a_payee_sees_the_own_shares_on_plan_and_statement_and_nobody_elses(client, here):
    allotment = yielding.allot(here)
    sign_in(client, here.first)
    share = allotment.lines.get(share__user=here.first).share

    page = client.get(here.plan.get_absolute_url())
    text = text_of(client.get(reverse("statement-pdf", args=[share.code])).content)
    mine = client.get("/sharing/statements/").content.decode()

    assert [[line.amount for line in row["lines"]] for row in page.context["allotments"]] == [[333]]
    assert page.context["allotments"][0]["reads"] is True
    assert "333股" in text
    assert "111/1000" in text
    assert "333 股" in mine
    assert "334" not in text
    assert "逐笔到账" not in text  # nothing was paid by this contract


def test_statements_and_plans_with_shares_ask_no_more_often(client, here):
    yielding.allot(here)
    sign_in(client, here.first)
    addresses = ["/sharing/statements/", here.plan.get_absolute_url()]
    before = [queries_of(client, address) for address in addresses]

    reverse_allotment(ShareAllotment.objects.get(), by=here.finance, reason="录错")
    yielding.allot(here)

    assert [queries_of(client, address) for address in addresses] == before
