"""Who may do what with payments, plans and money shared out: one table per rule."""

import copy
from inspect import signature

import pytest
from django.contrib.auth.models import AnonymousUser

from marketplace.contracts.payments import rules as payment_rules
from marketplace.contracts.sharing import rules as sharing_rules
from marketplace.contracts.sharing.distributing import distribute_receipt
from marketplace.core.rules import why_not
from tests.factories.people import join, member, organisation
from tests.factories.rules import verbs
from tests.marketplace.contracts.factories import broker, person
from tests.marketplace.contracts.shared import effective, house, receipt

pytestmark = pytest.mark.usefixtures("for_now")

KEEP = {"manager", "finance"}
WRITE = KEEP | {"writer", "head"}  # the head of the department is a publisher here
INSIDE = WRITE | {"first", "second"}
PAYMENTS = {
    "plan_instalment": KEEP,
    "drop_instalment": KEEP,
    "note_invoice": KEEP,
    "enter_receipt": KEEP,
    "reverse_receipt": KEEP,
    "remark_on_receipt": {"buyer's finance"},
    "answer_remark": KEEP,
    "see_payments": INSIDE | {"buyer's bidder", "buyer's finance", "officer", "auditor", "superuser"},
}
SHARING = {
    "draft_plan": WRITE,
    "change_plan": WRITE,
    "submit_plan": WRITE,
    "withdraw_plan": {"manager", "writer"},
    "file_agreement": {"manager"},
    "approve_for_department": {"head"},
    "approve_for_institute": {"manager"},
    "return_plan": {"manager"},
    "distribute_receipt": KEEP,
    "pay_line": KEEP,
    "reclaim_line": KEEP,
    "correct_line": KEEP,
    "report_profit": KEEP,
    "distribute_profit": KEEP,
    "reverse_profit": KEEP,
    "allot_shares": KEEP,
    "reverse_allotment": KEEP,
    "see_sharing": WRITE | {"officer", "auditor", "superuser"},
    "see_distribution": KEEP | {"auditor"},
    "read_statement": KEEP | {"first", "auditor"},
    "keep_sharing_rule": {"officer", "superuser"},
}
ABOUT = {
    "drop_instalment": "instalment",
    "note_invoice": "instalment",
    "draft_plan": "contract",
    "distribute_receipt": "contract",
    "see_sharing": "contract",
    "pay_line": "line",
    "reclaim_line": "line",
    "correct_line": "line",
    **dict.fromkeys(("report_profit", "distribute_profit", "reverse_profit"), "contract"),
    **dict.fromkeys(("allot_shares", "reverse_allotment"), "contract"),
    "see_distribution": "distribution",
    "read_statement": "share",
}


@pytest.fixture(scope="module")
def market(lasting):
    """Return (people by name, records by name) of one contract with a payment shared out."""
    buyer, taken_on = organisation(), broker(user=person())
    here = house(buyer_uscc=buyer.uscc, broker=taken_on)
    plan = effective(here)
    distribution = distribute_receipt(receipt(here), by=here.finance)
    line = distribution.lines.get(share__user=here.first)
    people = {name: getattr(here, name) for name in ("manager", "finance", "writer", "head", "first", "second")}
    people |= {role: person(role) for role in ("officer", "auditor", "registrar")}
    people |= {
        "visitor": AnonymousUser(),
        "stranger": member(house().institute, "manager"),
        "buyer's bidder": member(buyer, "bidder"),
        "buyer's finance": member(buyer, "finance"),
        "broker": taken_on.user,
        "platform finance": person("finance"),
        "superuser": person(is_superuser=True),
    }
    instalment = type("Planned", (), {"contract": here.contract})
    records = {"contract": here.contract, "plan": plan, "distribution": distribution, "line": line}
    return people, records | {"share": line.share, "instalment": instalment}


@pytest.fixture
def cast(market, for_now):
    return copy.deepcopy(market)


def allowed(cast, rule, subject):
    people, records = cast
    subjects = [] if subject is None else [records[subject]]
    acting = {"organisation": records["contract"].seller} if takes_organisation(rule) else {}
    return {name for name, user in people.items() if why_not(rule, user, *subjects, **acting) is None}


def takes_organisation(rule):
    return "organisation" in signature(rule).parameters


def test_every_rule_has_its_row():
    assert set(PAYMENTS) == verbs(payment_rules)
    assert set(SHARING) == verbs(sharing_rules)


@pytest.mark.parametrize("name", PAYMENTS)
def test_payments(cast, name):
    assert allowed(cast, getattr(payment_rules, name), ABOUT.get(name, "contract")) == PAYMENTS[name]


OF_THE_HOUSE = {
    **{name: payment_rules for name in PAYMENTS if takes_organisation(getattr(payment_rules, name))},
    **{name: sharing_rules for name in SHARING if takes_organisation(getattr(sharing_rules, name))},
}


BUYERS_WORD = "remark_on_receipt"  # said for the buyer; all others are the seller's


def test_every_rule_about_money_asks_for_whom_one_acts():
    about_money = {name for name, who in (PAYMENTS | SHARING).items() if who == KEEP}
    assert set(OF_THE_HOUSE) == about_money | {BUYERS_WORD}


@pytest.mark.parametrize("name", OF_THE_HOUSE)
def test_who_belongs_to_both_keeps_the_money_of_the_house_they_act_for(cast, name):
    _people, records = cast
    contract = records["contract"]
    both = member(contract.seller, "finance")
    join(both, contract.buyer, "manager")
    house, other = contract.seller, contract.buyer
    if name == BUYERS_WORD:
        house, other = other, house
    rule, on = getattr(OF_THE_HOUSE[name], name), records[ABOUT.get(name, "contract")]

    refused = {one: why_not(rule, both, on, organisation=one) for one in (house, other, None)}

    assert refused[house] is None
    assert f"目前您代表{other}" in refused[other]
    assert "请先选择" in refused[None]


@pytest.mark.parametrize("name", SHARING)
def test_sharing(cast, name):
    subject = None if name == "keep_sharing_rule" else ABOUT.get(name, "plan")

    assert allowed(cast, getattr(sharing_rules, name), subject) == SHARING[name]
