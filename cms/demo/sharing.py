"""Benefit sharing at the institute with two people who sign in: shared out twice, in publicity, below the floor."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cms.demo.contracts import PAPER, facts_of
from cms.demo.houses import World, days_ago
from marketplace.auctions.ladder import WAN
from marketplace.brokers.models import TechBroker
from marketplace.contracts.actions import register_contract, submit_contract
from marketplace.contracts.amounts import Item
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments.actions import enter_receipt, note_invoice, plan_instalment
from marketplace.contracts.payments.models import Instalment
from marketplace.contracts.sharing.actions import Part, draft_plan, submit_plan
from marketplace.contracts.sharing.approving import approve_for_department, approve_for_institute
from marketplace.contracts.sharing.distributing import distribute_receipt, pay_line
from marketplace.contracts.sharing.models import DistributionPlan
from marketplace.contracts.writing import attach_signed_file, draft_contract
from marketplace.core import clock
from marketplace.publicity.actions import end_publicity
from marketplace.publicity.models import Publicity

DEPARTMENT = "储能与轻合金研究室"


def make_sharing(world: World) -> None:
    """One contract shared out twice, one whose plan is in publicity, one whose plan is refused as a draft."""
    _shared_out(world)
    _in_publicity(world)
    _below_the_floor(world)


LICENCE = ("XK-ordinary", "实施许可", "专利实施许可费")
EQUITY = ("ZR-other", "作价入股", "技术作价入股")
JOINTLY = ("KF-joint", "合作实施", "合作开发报酬")


def contract_of(
    world: World,
    key: str,
    buyer: str,
    *,
    total: int,
    at: int,
    serial: int,
    kind: tuple[str, str, str] = LICENCE,
    broker: TechBroker | None = None,
) -> TechnologyContract:
    """A contract about the institute's own outcome, signed `at` days ago and registered nine days later.

    `kind` is its kind in the register, what the project is called by, and what its amount is for.
    """
    sub_type, called, item = kind
    outcome, house = world.outcomes[key], world.houses[buyer]
    by = world.people["institute2"]
    facts: Any = facts_of(at - 1) | {"field": outcome.field, "outcome": outcome}
    with clock.moved_to(days_ago(at - 1)):
        contract = draft_contract(
            by=by,
            organisation=outcome.owner,
            items=[Item(item, total * WAN, True)],
            project_name=f"{outcome.title}{called}",
            contract_type=sub_type[:2],
            sub_type=sub_type,
            buyer_name=house.name,
            buyer_uscc=house.uscc,
            broker=broker,
            **facts,
        )
        upload = SimpleUploadedFile(f"{called}合同（样例）.pdf", PAPER, content_type="application/pdf")
        attach_signed_file(contract, by=by, upload=upload)
        submit_contract(contract, by=by)
    moment = days_ago(at - 9, 9, 40)
    number = f"{moment.year}000000{serial:06d}"  # of no division that exists, as the others
    with clock.moved_to(moment):
        register_contract(contract, by=world.people["registrar"], number=number, confirmed_number=number)
    return contract


def plan_of(
    world: World, contract: TechnologyContract, parts: list[Part], *, days: int, **changed: Any
) -> DistributionPlan:
    facts: Any = {"formula": "costs_and_tax", "broker_as": "nobody", "broker_name": "", "broker_rate": None}
    facts |= {"department": DEPARTMENT, "department_head": world.people["publisher"]} | changed
    with clock.moved_to(days_ago(days)):
        return draft_plan(contract, by=world.people["inventor"], parts=parts, **facts)  # its manager approves


def publish(plan: DistributionPlan, world: World, *, days: int) -> None:
    manager = world.people["institute2"]
    with clock.moved_to(days_ago(days, 15)):
        submit_plan(plan, by=manager)
    with clock.moved_to(days_ago(days - 1)):
        approve_for_department(plan, by=world.people["publisher"])
    with clock.moved_to(days_ago(days - 1, 16)):
        approve_for_institute(plan, by=manager)


def stand(plan: DistributionPlan) -> None:
    """The publicity ends on the morning after its last day; the plan takes effect as its consequence."""
    publicity = Publicity.objects.of(plan).running().get()
    morning = timezone.make_aware(datetime.combine(publicity.closes_on + timedelta(days=1), time(0, 15)))
    with clock.moved_to(morning):
        end_publicity(publicity)


def _shared_out(world: World) -> None:
    """A broker is paid as a cost; the first payment is paid out, the second half, a third is late."""
    named = world.brokers["林晓岚"]
    contract = contract_of(world, "R03", "bidder", total=180, at=125, serial=5, broker=named)
    parts = [
        Part("inventor", "陆行简", Decimal("42.50"), user=world.people["inventor"]),
        Part(
            "inventor", "许星河", Decimal("27.50"), is_leader=True, declaration="所属研究室副主任，已按干部管理要求申报"
        ),
        Part("department", DEPARTMENT, Decimal(10)),
        Part("institute", contract.seller.name, Decimal(15)),
        Part("office", "成果转化办公室", Decimal(5)),
    ]
    broker = {"broker_as": "cost", "broker": named, "broker_name": named.name, "broker_rate": Decimal("2.50")}
    plan = plan_of(world, contract, parts, days=114, **broker)
    publish(plan, world, days=113)
    stand(plan)
    for turn, (instalment, days) in enumerate(zip(_schedule(contract, world), (68, 12), strict=False), start=1):
        _receive(instalment, world, days=days, turn=turn)


def _schedule(contract: TechnologyContract, world: World) -> list[Instalment]:
    due = [(70, 90, "合同生效后"), (15, 60, "完成工艺交底并验收"), (4, 30, "稳定生产三个月")]
    today = timezone.localdate()
    party: Any = {"by": world.people["institute2"], "organisation": contract.seller}
    with clock.moved_to(days_ago(112)):
        return [
            plan_instalment(
                contract, **party, due_on=today - timedelta(days=days), amount=amount * WAN, condition=words
            )
            for days, amount, words in due
        ]


def _receive(instalment: Instalment, world: World, *, days: int, turn: int) -> None:
    """One instalment comes in and is shared out; of the first everybody is paid, of the second two."""
    party: Any = {"by": world.people["institute2"], "organisation": instalment.contract.seller}
    amount = instalment.amount
    with clock.moved_to(days_ago(days)):
        note_invoice(instalment, **party, invoice_number=f"样票 2026{turn:04d}", invoiced_on=clock.today())
        receipt = enter_receipt(
            instalment.contract,
            **party,
            amount=amount,
            received_on=clock.today(),
            bank_reference=f"样例银行流水 {turn:04d}",
            instalment=instalment,
        )
    with clock.moved_to(days_ago(days - 2)):
        distribution = distribute_receipt(receipt, **party, direct_cost=3_456_789, tax=amount // 34)
    lines = list(distribution.lines.all())
    with clock.moved_to(days_ago(days - 6)):
        for place, line in enumerate(lines if turn == 1 else lines[:2], start=1):
            pay_line(line, **party, paid_on=clock.today(), reference=f"样例代发 {turn}-{place}")


def _in_publicity(world: World) -> None:
    contract = contract_of(world, "R27", "bidder", total=50, at=60, serial=6)
    parts = [
        Part("inventor", "陆行简", Decimal(50), user=world.people["inventor"]),
        Part("inventor", "周以恒", Decimal(30)),
        Part("institute", contract.seller.name, Decimal(20)),
    ]
    plan = plan_of(world, contract, parts, days=7)
    publish(plan, world, days=6)


def _below_the_floor(world: World) -> None:
    """Sixty per cent where the floor is seventy: the draft stays with the reason on its page."""
    contract = contract_of(world, "R23", "autoparts", total=72, at=24, serial=7)
    parts = [
        Part("inventor", "宋时雨", Decimal(35)),
        Part("inventor", "周以恒", Decimal(25)),
        Part("department", DEPARTMENT, Decimal(10)),
        Part("institute", contract.seller.name, Decimal(30)),
    ]
    plan_of(world, contract, parts, days=5)
