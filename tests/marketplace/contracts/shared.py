"""An institute that shares the income of its contracts: its people, rules, plans and payments, by the real actions."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from types import SimpleNamespace

from marketplace.contracts.amounts import Item
from marketplace.contracts.payments.actions import enter_receipt
from marketplace.contracts.sharing.actions import Part, draft_plan, submit_plan
from marketplace.contracts.sharing.approving import approve_for_department, approve_for_institute, enact_plan
from marketplace.contracts.sharing.dated import SharingRule
from marketplace.core import clock
from marketplace.publicity.actions import end_publicity
from marketplace.publicity.models import Publicity
from tests.factories.people import member, organisation
from tests.marketplace.contracts.factories import WAN, submitted

references = count(1)
ITEMS = [Item("专利权转让", 100 * WAN, True)]
NATIONAL, PROVINCIAL = date(2015, 10, 1), date(2017, 5, 1)


def rules():
    """Put the rules in force that the tests reckon with, once; those of the migration are gone after a race."""
    if SharingRule.objects.filter(source="样例依据").exists():
        return
    SharingRule.objects.all().delete()
    said = {"note": "说明", "source": "样例依据", "source_en": "样例依据"}
    rows = [
        {"kind": "floor", "holds_from": NATIONAL, "percent": 50, "concerns": "transfers", "is_checked": True},
        {
            "kind": "floor", "holds_from": PROVINCIAL, "percent": 70, "concerns": "transfers", "region": "33",
            "gives_way": True,
        },
        {"kind": "tax", "holds_from": date(2018, 7, 1), "percent": 50, "concerns": "transfers"},
        {"kind": "term", "holds_from": date(2018, 7, 1), "days": 15},
        *({"kind": "formula", "holds_from": NATIONAL, "formula": one} for one in ("costs_and_tax", "costs", "payment")),
    ]  # fmt: skip
    SharingRule.objects.bulk_create(SharingRule(**said | row) for row in rows)


def house(**contract_facts):
    """Return an institute with its people and a signed contract of an assignment over 100 万元."""
    rules()
    institute = organisation(kind="institute", region="330304", name="样例研究所")
    here = SimpleNamespace(
        institute=institute,
        manager=member(institute, "manager", name="所长甲"),
        finance=member(institute, "finance", name="财务乙"),
        writer=member(institute, "publisher", name="专员丙"),
        head=member(institute, "publisher", name="室主任丁"),
        first=member(institute, "bidder", name="发明人戊"),
        second=member(institute, "bidder", name="发明人己"),
    )
    facts = {"contract_type": "ZR", "sub_type": "ZR-patent", "seller_region": "330304", "items": ITEMS}
    here.contract, _by = submitted(seller=institute, by=here.manager, **facts | contract_facts)
    return here


def parts(here, *, inventors=(40, 30), department=10, institute=20, **more):
    """Return the payees of a plan whose inventors get 70 % together."""
    return [
        Part("inventor", here.first.name, Decimal(inventors[0]), user=here.first, **more),
        Part("inventor", here.second.name, Decimal(inventors[1]), user=here.second),
        Part("department", "材料室", Decimal(department)),
        Part("institute", here.institute.name, Decimal(institute)),
    ]


def terms(here, **changed):
    facts = {"formula": "costs_and_tax", "broker_as": "nobody", "broker_name": "", "broker_rate": None}
    facts |= {"department": "材料室", "department_head": here.head}
    if changed.get("profit_years"):
        facts["profit_from"] = clock.today().year
    return facts | changed


def plan(here, *, payees=None, **changed):
    return draft_plan(here.contract, by=here.writer, parts=payees or parts(here), **terms(here, **changed))


def sent(here, **how):
    made = plan(here, **how)
    submit_plan(made, by=here.writer)
    return made


def published(here, **how):
    """Return a plan in publicity."""
    made = sent(here, **how)
    approve_for_department(made, by=here.head)
    approve_for_institute(made, by=here.manager)
    return made


def stand(made):
    """Let the publicity of a plan end without an objection, as the sweep and its consequence do."""
    publicity = Publicity.objects.of(made).running().get()
    after = clock.now() + timedelta(days=(publicity.ends_on - clock.today()).days + 1)
    with clock.moved_to(after):
        assert end_publicity(publicity)
        assert enact_plan(made)


def effective(here, **how):
    """Return a plan in effect; it took effect about three weeks from now, so receipts of today use it as the first."""
    made = published(here, **how)
    stand(made)
    return made


def receipt(here, *, amount=10 * WAN, received_on=None, **more):
    facts = {"received_on": received_on or clock.today(), "bank_reference": f"样例流水 {next(references):05d}"}
    return enter_receipt(here.contract, by=here.finance, amount=amount, **facts | more)
