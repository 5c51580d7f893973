"""What a plan is told before it is sent: whether what is shared fits the contract, whether anybody may approve it."""

import copy

import pytest
from django.urls import reverse

from marketplace.contracts.sharing.actions import change_plan, draft_plan, submit_plan
from marketplace.contracts.sharing.approvers import lacks_approver
from marketplace.contracts.sharing.approving import approve_for_department
from marketplace.contracts.sharing.fitting import doubt_about, why_unfit
from marketplace.contracts.sharing.models import DistributionPlan
from marketplace.contracts.sharing.refusals import BasisUnfit, PlanIncomplete
from marketplace.contracts.sharing.rules import approve_for_institute
from marketplace.core.rules import why_not
from marketplace.organisations.models import User
from tests.factories.people import member, sign_in
from tests.marketplace.contracts.shared import effective, house, parts, plan, sent, terms
from tests.marketplace.contracts.test_sharing_pages import plan_typed

pytestmark = pytest.mark.usefixtures("for_now")
YEARS = {"profit": {"profit_years": 3}}


@pytest.fixture(scope="module")
def lasting_house(lasting):
    return house()


@pytest.fixture
def here(lasting_house, for_now):
    return copy.deepcopy(lasting_house)


def of_kind(here, sub_type):
    here.contract.contract_type, here.contract.sub_type = sub_type[:2], sub_type
    here.contract.save()
    return here.contract


@pytest.mark.parametrize(
    ("sub_type", "unfit", "doubtful"),
    [
        ("ZR-patent", "", "profit"),
        ("ZR-other", "", "profit"),
        ("XK-ordinary", "", "shares profit"),
        ("KF-joint", "", "shares"),
        ("KF-commissioned", "", "shares profit"),
        ("ZX-consulting", "shares profit", "shares profit"),
        ("FW-service", "shares profit", "shares profit"),
    ],
)
def test_what_each_kind_of_contract_may_have_shared(here, sub_type, unfit, doubtful):
    contract = of_kind(here, sub_type)

    assert {basis for basis in ("income", "shares", "profit") if why_unfit(contract, basis)} == set(unfit.split())
    assert {basis for basis in ("income", "shares", "profit") if doubt_about(contract, basis)} == set(doubtful.split())


@pytest.mark.parametrize("basis", ["shares", "profit"])
def test_advice_has_no_shares_and_no_profit_to_share(here, basis):
    of_kind(here, "ZX-consulting")

    with pytest.raises(BasisUnfit, match="不涉及成果作价投资或实施"):
        plan(here, basis=basis, **YEARS.get(basis, {}))

    assert not DistributionPlan.objects.exists()


def test_a_plan_that_was_written_before_is_not_sent_and_not_written_anew(here):
    made = plan(here, basis="shares")
    of_kind(here, "FW-service")

    with pytest.raises(PlanIncomplete, match="不涉及成果作价投资或实施"):
        submit_plan(made, by=here.writer)
    with pytest.raises(BasisUnfit):
        change_plan(made, by=here.writer, parts=parts(here), **terms(here, basis="shares"))


def test_the_form_says_what_fits_and_the_refusal_stands_beside_the_field(client, here):
    of_kind(here, "ZX-consulting")
    sign_in(client, here.writer)
    address = reverse("plan-new", args=[here.contract.code])
    assert "作价投资的，分配股份" in client.get(address).content.decode()

    rows = [("inventor", here.first.name, "70"), ("institute", here.institute.name, "30")]
    answer = client.post(address, plan_typed(here, rows, basis="shares"))

    assert list(answer.context["form"].errors) == ["basis"]


def test_who_writes_and_who_approves_read_the_doubt_until_the_plan_is_in_effect(client, here):
    of_kind(here, "XK-ordinary")
    made = sent(here, basis="shares")
    for reader in (here.writer, here.head):
        sign_in(client, reader)
        assert "以技术作价投资的情形" in client.get(made.get_absolute_url()).content.decode()
    made.state = "withdrawn"
    made.save()

    assert 'id="doubt"' not in client.get(effective(here).get_absolute_url()).content.decode()


def test_a_lone_manager_is_warned_before_the_plan_is_sent(client, here):
    made = draft_plan(here.contract, by=here.manager, parts=parts(here), **terms(here))
    sign_in(client, here.manager)

    page = client.get(made.get_absolute_url()).content.decode()

    assert 'id="no-approver"' in page
    assert "送审前请先让另一位管理员加入本单位" in page
    assert reverse("organisation-members", args=[here.institute.code]) in page
    assert reverse("plan-move", args=[made.code, "submit"]) in page  # warned, not kept from it
    sign_in(client, here.writer)
    other_page = client.get(made.get_absolute_url()).content.decode()
    assert 'id="no-approver"' in other_page
    assert reverse("organisation-members", args=[here.institute.code]) not in other_page.split('id="no-approver"')[1]
    member(here.institute, "manager")
    assert 'id="no-approver"' not in client.get(made.get_absolute_url()).content.decode()


def by_the_rule(made):
    """Return whether the rule lets no manager but the department's approver give the institute's approval."""
    managers = [user for user in User.objects.managing(made.contract.seller) if user.pk != made.department_head_id]
    return all(why_not(approve_for_institute, user, made) is not None for user in managers)


@pytest.mark.parametrize("who", ["writes", "is paid", "heads", "is asked"])
def test_nobody_is_left_exactly_where_the_rule_lets_nobody(here, who):
    by = here.manager if who == "writes" else here.writer
    head = {"department_head": here.manager} if who == "heads" else {}
    made = draft_plan(here.contract, by=by, parts=parts(here), **terms(here, **head))
    if who == "is paid":
        made.shares.filter(name=here.first.name).update(user=here.manager)

    assert lacks_approver(made) == by_the_rule(made) == (who != "is asked")
    other = member(here.institute, "manager")
    assert not lacks_approver(made)
    change_plan(made, by=other, parts=parts(here), **terms(here, **head))
    assert lacks_approver(made) == by_the_rule(made)


def test_one_who_left_is_not_counted(here):
    made = draft_plan(here.contract, by=here.manager, parts=parts(here), **terms(here))
    other = member(here.institute, "manager")
    submit_plan(made, by=here.writer)
    approve_for_department(made, by=here.head)
    assert not lacks_approver(made)

    other.memberships.update(state="left")

    assert lacks_approver(made)
