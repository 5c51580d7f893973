"""The contracts of the world, and the money of one of them: planned, received, shared out."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from marketplace.contracts.actions import accept_contract
from marketplace.contracts.amounts import Item
from marketplace.contracts.changing import request_contract_change
from marketplace.contracts.dated import RegistrationRule
from marketplace.contracts.drafts.actions import assemble_draft
from marketplace.contracts.drafts.clauses import ClauseText
from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.contracts.lists.actions import make_registration_list
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.numbers.actions import upload_numbers
from marketplace.contracts.numbers.models import NumberImport
from marketplace.contracts.objecting import object_to_decision
from marketplace.contracts.payments.actions import plan_instalment
from marketplace.contracts.payments.remarking import remark_on_receipt
from marketplace.contracts.performance.actions import plan_milestone
from marketplace.contracts.performance.terminating import declare_termination, propose_termination
from marketplace.contracts.reviewing import begin_first_review
from marketplace.contracts.sharing.actions import Part, draft_plan, submit_plan
from marketplace.contracts.sharing.allotments import ShareAllotment
from marketplace.contracts.sharing.allotting import allot_shares
from marketplace.contracts.sharing.approving import approve_for_department, approve_for_institute
from marketplace.contracts.sharing.dated import SharingRule
from marketplace.contracts.sharing.distributing import distribute_receipt, pay_line
from marketplace.contracts.sharing.models import DistributionPlan
from marketplace.contracts.sharing.payouts import PayoutLine
from marketplace.contracts.sharing.profits import ProfitReport
from marketplace.contracts.sharing.reversing import reverse_receipt
from marketplace.contracts.sharing.yearly import report_profit
from marketplace.contracts.writing import change_contract
from marketplace.core import clock
from marketplace.deals.models import Deal
from tests.marketplace.contracts import factories as contracts
from tests.marketplace.contracts import shared
from tests.marketplace.deals.factories import engage, from_sale


def make_contracts(world: SimpleNamespace) -> None:
    """A contract the registrar has to decide, with a drafted plan, and one with its number, partly shared out."""
    manager = world.house.manager
    world.contract, _by = contracts.submitted(seller=world.institute, by=manager)
    world.registered, _by = contracts.registered(seller=world.institute, by=manager)
    shared.rules()
    world.registration_rule = RegistrationRule.objects.create(
        kind="usual", holds_from=date(2020, 1, 1), days=15, note="样例", source="样例办法"
    )
    world.sharing_rule = SharingRule.objects.get(percent=70)
    world.plan = _plan(world, world.contract)
    effective = _plan(world, world.registered)
    submit_plan(effective, by=manager)
    approve_for_department(effective, by=world.house.publisher)
    approve_for_institute(effective, by=manager)
    shared.stand(effective)
    here = SimpleNamespace(contract=world.registered, finance=manager)
    party = {"by": manager, "organisation": world.institute}
    world.instalment = plan_instalment(world.registered, **party, due_on=clock.today(), amount=contracts.WAN)
    world.receipt = shared.receipt(here)
    world.distribution = distribute_receipt(shared.receipt(here), **party)
    world.numbers = _returned(world)
    by = contracts.person("registrar")
    world.register_list = make_registration_list(by=by, contracts=[world.registered], purpose="样例")
    world.clause_text = ClauseText.objects.filter(clause="breach").first() or ClauseText.objects.create(
        clause="breach", version=1, holds_from=date(2021, 1, 1), text="样例", source="样例"
    )
    when = {"due_on": clock.today()}
    world.milestone = plan_milestone(world.registered, **party, title="样例节点", **when)
    ended = contracts.registered(seller=world.institute, by=manager, buyer_uscc=world.enterprise.uscc)[0]
    world.termination = propose_termination(
        ended, by=manager, organisation=ended.seller, reason="样例", ends_on=clock.today()
    )
    broken = contracts.registered(seller=world.institute, by=manager, buyer_uscc=world.enterprise.uscc)[0]
    world.declared = declare_termination(
        broken, by=manager, organisation=broken.seller, reason="样例", ends_on=clock.today(), upload=contracts.scan()
    )
    world.unlike = shared.receipt(SimpleNamespace(contract=ended, finance=manager))
    remarked = shared.receipt(SimpleNamespace(contract=ended, finance=manager))
    world.remark = remark_on_receipt(remarked, by=world.enterprise_manager, text="样例：金额不符")
    stands = {"begins_on": ended.begins_on, "ends_on": ended.ends_on}
    items = [Item("样例开发", 100 * contracts.WAN, is_technical=True)]
    request_contract_change(ended, upload=contracts.scan(), by=manager, items=items, reasons="样例", **stands)
    world.line = world.distribution.lines.get(share__kind="inventor")
    world.paid, world.fallen = _paid_out(here), _paid_out(here)
    reverse_receipt(world.fallen.distribution.receipt, **party, reason="样例")
    world.allotment, world.profit = _allotted(world), _reported(world)
    world.sold = _drafted(world)
    _before_the_register(world)


def _paid_out(here: SimpleNamespace) -> PayoutLine:
    """The inventor's line of one more payment, which was paid out."""
    received, party = shared.receipt(here), {"by": here.finance, "organisation": here.contract.seller}
    line = distribute_receipt(received, **party).lines.get(share__kind="inventor")
    pay_line(line, **party, paid_on=clock.today(), reference=received.bank_reference)
    return line


def _before_the_register(world: SimpleNamespace) -> None:
    """Contracts the register has to decide on again: in the first review, with a change, with an objection."""
    manager, registrar = world.house.manager, contracts.person("registrar")
    world.reviewed = contracts.submitted(seller=world.institute, by=manager)[0]
    accept_contract(world.reviewed, by=registrar)
    begin_first_review(world.reviewed, by=registrar)
    world.changing, world.disputed = (contracts.registered(seller=world.institute, by=manager)[0] for _ in range(2))
    stands = {"begins_on": world.changing.begins_on, "ends_on": world.changing.ends_on}
    items = [Item("样例开发", 100 * contracts.WAN, is_technical=True)]
    request_contract_change(world.changing, upload=contracts.scan(), by=manager, items=items, reasons="样例", **stands)
    object_to_decision(world.disputed, by=manager, reasons="样例")


def _enacted(world: SimpleNamespace, **terms: Any) -> TechnologyContract:
    """A registered contract whose plan in effect shares something else than payments."""
    manager = world.house.manager
    contract, _by = contracts.registered(seller=world.institute, by=manager)
    made = _plan(world, contract, **terms)
    submit_plan(made, by=manager)
    approve_for_department(made, by=world.house.publisher)
    approve_for_institute(made, by=manager)
    shared.stand(made)
    return contract


def _allotted(world: SimpleNamespace) -> ShareAllotment:
    formed: Any = {"company": "样例公司", "unit": "shares", "amount": 1000, "company_total": 5000}
    contract, party = _enacted(world, basis="shares"), {"by": world.house.manager, "organisation": world.institute}
    return allot_shares(contract, **party, upload=contracts.scan(), registered_on=clock.today(), **formed)


def _reported(world: SimpleNamespace) -> ProfitReport:
    last = clock.today().year - 1
    contract = _enacted(world, basis="profit", profit_years=3, profit_from=last)
    party = {"by": world.house.manager, "organisation": world.institute}
    return report_profit(contract, **party, year=last, profit=contracts.WAN, upload=contracts.scan())


def _drafted(world: SimpleNamespace) -> Deal:
    """A sale whose contract is drafted in two versions, with the broker."""
    manager = {"by": world.house.manager, "organisation": world.institute}
    deal = from_sale(buyer=world.enterprise, outcome=world.house.published(title="样例密封圈"), lot="SAMPLE-01").deal
    engage(deal, world.broker, **manager)
    contract = draft_contract_from_deal(deal, **manager)
    for name in ("样例密封圈专利转让", "样例密封圈发明专利转让"):
        facts = contracts.facts(project_name=name, buyer_uscc=world.enterprise.uscc)
        items = [Item("专利权", deal.price, True)]
        change_contract(contract, by=world.house.manager, items=items, **facts)
        assemble_draft(contract, by=world.house.manager)
    return deal


def _returned(world: SimpleNamespace) -> NumberImport:
    """A sheet with a number for the contract that waits."""
    said = f"合同登记编号,平台编码,合同成交总额\n{contracts.number_of(990001)},{world.contract.code},6000000\n"
    sheet = SimpleUploadedFile("回传.csv", said.encode(), content_type="text/csv")
    return upload_numbers(by=contracts.person("registrar"), upload=sheet)


def _plan(world: SimpleNamespace, contract: TechnologyContract, **changed: Any) -> DistributionPlan:
    parts = [Part("inventor", "样例完成人", Decimal(80)), Part("institute", world.institute.name, Decimal(20))]
    terms: Any = {"formula": "costs", "broker_as": "nobody", "broker_name": "", "broker_rate": None} | changed
    head = {"department": "样例室", "department_head": world.house.publisher}
    return draft_plan(contract, by=world.house.publisher, parts=parts, **terms, **head)


def money_addresses(world: SimpleNamespace) -> dict[str, dict[str, str]]:
    """Return {several names of addresses: their arguments}, as world.addresses_of takes them."""
    return {
        "numbers-{} detail take-over export": {"code": world.numbers.code},
        "list-{} detail issue refuse pdf table": {"code": world.register_list.code},
        "draft-{} list assemble": {"code": world.contract.code},
        "deal-{} drafts draft-remark": {"code": world.sold.code},
        "deal-draft-{} changes": {"code": world.sold.code, "version": 2},
        "performance-{} detail": {"code": world.registered.code},
        "milestone-{} plan": {"code": world.registered.code},
        "milestone-{} report accept refuse drop": {"code": world.milestone.code},
        "termination-{} propose declare": {"code": world.registered.code},
        "contract-{} answer-change": {"code": world.termination.contract.code},
        "termination-{} answer withdraw": {"code": world.termination.code},
        "termination-{} decide": {"code": world.declared.code},
        "contract-{} note-end": {"code": world.declared.contract.code},
        "payment-{} list": {"code": world.registered.code},
        "instalment-{} plan": {"code": world.registered.code},
        "receipt-{} enter": {"code": world.registered.code},
        "instalment-{} drop invoice": {"code": world.instalment.code},
        "receipt-{} reverse distribute": {"code": world.receipt.code},
        "receipt-{} remark": {"code": world.unlike.code},
        "receipt-remark-{} answer": {"code": world.remark.code},
        "sharing-{} overview": {"code": world.registered.code},
        "allotment-{} enter": {"code": world.allotment.contract.code},
        "allotment-{} reverse": {"code": world.allotment.code},
        "profit-{} report": {"code": world.profit.contract.code},
        "profit-{} distribute reverse": {"code": world.profit.code},
        "plan-{} new": {"code": world.contract.code},
        "plan-{} detail change agreement return withdraw": {"code": world.plan.code},
        "plan-{} move": {"code": world.plan.code, "verb": "submit"},
        "distribution-{} detail": {"code": world.distribution.code},
        "line-{} pay": {"code": world.line.code},
        "line-{} correct": {"code": world.paid.code},
        "line-{} reclaim": {"code": world.fallen.code},
        "statement-{} detail pdf": {"code": world.line.share.code},
    }
