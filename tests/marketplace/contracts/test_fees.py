"""What a broker of the register is paid by a plan: the own fee or statement, and nothing of how the rest is shared."""

from decimal import Decimal

import pytest
from django.urls import reverse

from marketplace.contracts.sharing import rules
from marketplace.contracts.sharing.actions import Part, change_plan, draft_plan
from marketplace.contracts.sharing.correcting import correct_line
from marketplace.contracts.sharing.distributing import distribute_receipt, pay_line
from marketplace.contracts.sharing.models import DistributionPlan
from marketplace.contracts.sharing.refusals import BrokerOfAnother
from marketplace.core import clock
from marketplace.organisations.models import User
from marketplace.organisations.roles import MemberRole
from tests.factories.asking import queries_of
from tests.factories.people import join, sign_in
from tests.marketplace.contracts.factories import WAN, broker, person
from tests.marketplace.contracts.shared import effective, house, parts, plan, receipt, sent, terms
from tests.marketplace.contracts.test_sharing_pages import plan_typed

pytestmark = pytest.mark.django_db
COST = {"broker_as": "cost", "broker_name": "经纪人庚", "broker_rate": Decimal("2.50")}


@pytest.fixture
def here():
    taken_on = broker(user=person())
    made = house(broker=taken_on)
    made.broker = taken_on
    return made


def with_share(here):
    """Return payees among whom a broker gets ten per cent, without an account."""
    return [*parts(here, institute=10), Part("broker", "经纪人庚", Decimal(10))]


def test_a_broker_paid_as_a_cost_reads_the_own_fee_and_not_the_plan(client, here):
    made = effective(here, broker=here.broker, **COST)
    distribution = distribute_receipt(receipt(here, amount=10 * WAN), by=here.finance)
    line = distribution.lines.get(share=None)
    pay_line(line, by=here.finance, paid_on=clock.today(), reference="代发 1")
    sign_in(client, here.broker.user)

    fees = client.get(reverse("fee-list"))

    assert [row["line"].amount for row in fees.context["fees"]] == [WAN // 4]
    assert "2,500.00" in fees.content.decode()
    assert here.first.name not in fees.content.decode()
    assert reverse("fee-list") in client.get(reverse("statement-list")).content.decode()
    assert reverse("statement-list") in client.get(reverse("desk")).content.decode()
    assert client.get(made.get_absolute_url()).status_code == 404


def test_nobody_notes_the_own_fee_or_decides_on_a_plan_that_pays_it(here):
    made = effective(here, broker=here.broker, **COST)
    keeps = here.broker.user
    join(keeps, here.contract.seller, MemberRole.FINANCE)
    line = distribute_receipt(receipt(here, amount=10 * WAN), by=here.finance).lines.get(share=None)
    keeps = User.objects.get(pk=keeps.pk)

    assert "不得由本人登记" in str(rules.pay_line(keeps, line, organisation=here.contract.seller))
    assert line.pays(keeps)
    assert not line.pays(here.finance)
    assert rules.approve_for_institute(keeps, made) is not None


def test_a_corrected_fee_shows_all_its_lines(client, here):
    effective(here, broker=here.broker, **COST)
    line = distribute_receipt(receipt(here, amount=10 * WAN), by=here.finance).lines.get(share=None)
    pay_line(line, by=here.finance, paid_on=clock.today(), reference="代发 1")
    correct_line(line, by=here.finance, reason="收款账号有误")
    sign_in(client, here.broker.user)

    fees = client.get(reverse("fee-list")).context["fees"]

    assert sorted(row["line"].state for row in fees) == ["corrected", "payable", "reversing"]


def test_a_brokers_share_is_a_statement_of_the_broker_who_does_not_see_the_plan(client, here):
    made = sent(here, payees=with_share(here), broker_as="share", broker=here.broker)
    sign_in(client, here.broker.user)

    statements = client.get(reverse("statement-list")).context["statements"]
    assert [(one.share.kind, one.share.user) for one in statements] == [("broker", here.broker.user)]
    assert client.get(reverse("statement-detail", args=[statements[0].share.code])).status_code == 200
    assert client.get(made.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("pays", [True, False])
def test_who_is_no_broker_of_the_contract_is_not_named(here, pays):
    other = broker(user=person(), filing_number="样例备 2026-099", certificate_no="样例证 099")
    how = COST if pays else {"broker_as": "nobody"}

    if pays:
        with pytest.raises(BrokerOfAnother):
            plan(here, broker=other, **how)
    else:
        assert plan(here, broker=other, **how).broker is None


def test_a_plan_that_pays_no_broker_any_more_names_none(here):
    made = plan(here, broker=here.broker, **COST)
    change_plan(made, by=here.writer, parts=parts(here), **terms(here, broker=here.broker))

    assert DistributionPlan.objects.get(pk=made.pk).broker is None


def test_the_form_offers_the_contracts_broker_and_takes_the_name_from_the_register(client, here):
    sign_in(client, here.writer)
    rows = [("inventor", here.first.name, "70"), ("institute", here.institute.name, "30")]
    address = reverse("plan-new", args=[here.contract.code])
    assert here.broker.name in client.get(address).content.decode()

    client.post(address, plan_typed(here, rows, broker_as="cost", broker_rate="2.5", broker=here.broker.code))

    made = DistributionPlan.objects.get()
    assert (made.broker, made.broker_name) == (here.broker, here.broker.name)


def test_the_form_of_a_contract_without_a_broker_has_no_such_field(client):
    here = house()
    sign_in(client, here.writer)

    form = client.get(reverse("plan-new", args=[here.contract.code])).context["form"]

    assert "broker" not in form.fields
    assert draft_plan(here.contract, by=here.writer, parts=parts(here), **terms(here)).broker is None


def test_more_fees_ask_no_more_often(client, here):
    effective(here, broker=here.broker, **COST)
    distribute_receipt(receipt(here), by=here.finance)
    sign_in(client, here.broker.user)
    before = queries_of(client, reverse("fee-list"))

    for _again in range(2):
        distribute_receipt(receipt(here), by=here.finance)

    assert queries_of(client, reverse("fee-list")) == before
    assert len(client.get(reverse("fee-list")).context["fees"]) == 3


def test_fees_of_others_are_not_shown(client, here):
    effective(here, broker=here.broker, **COST)
    distribute_receipt(receipt(here), by=here.finance)
    for other in (here.first, here.manager, broker(user=person()).user):
        sign_in(client, other)
        assert client.get(reverse("fee-list")).context["fees"] == []
