"""Papers of the register: a returned sheet, registration lists of both sizes, a draft, milestones, a proposed end."""

import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from cms.demo.contracts import PAPER
from cms.demo.houses import World, days_ago
from marketplace.auctions.ladder import WAN
from marketplace.contracts.drafts.actions import assemble_draft
from marketplace.contracts.lists.actions import make_registration_list
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.numbers.actions import upload_numbers
from marketplace.contracts.performance.actions import accept_milestone, plan_milestone, report_milestone
from marketplace.contracts.performance.terminating import propose_termination
from marketplace.contracts.sharing.actions import Part, draft_plan
from marketplace.contracts.sharing.inventors import named_by_outcome
from marketplace.core import clock
from marketplace.core.money import in_yuan
from marketplace.core.regions import district_code
from marketplace.trials.models import Trial
from marketplace.trials.royalties import first_day, report_output

State = TechnologyContract.State


def make_register(world: World) -> None:
    """Let the registrar upload what came back, without taking it over: that is what the visitor tries."""
    with clock.moved_to(days_ago(1, 10)):
        upload_numbers(by=world.people["registrar"], upload=_returned())
    _list(world, is_large=False, purpose="办理增值税免税（样例）", at=2)
    _list(world, is_large=True, purpose="办理企业所得税优惠（样例）", at=1)

    _draft(world)
    _carry_out(world)
    _output(world)
    _of_shares(world)


def _draft(world: World) -> None:
    """The contract that was returned has a draft, made of the texts of the day."""
    contract = TechnologyContract.objects.filter(state=State.RETURNED).earliest("pk")
    with clock.moved_to(days_ago(8, 14)):
        assemble_draft(contract, by=world.agent_of(contract.seller))


def _carry_out(world: World) -> None:
    """Of one contract a milestone is accepted, one waits for the buyer and one is to be done; one is to be ended."""
    both = TechnologyContract.objects.registered().filter(buyer__isnull=False, deal__isnull=False).order_by("pk")
    first, last = both[0], both[1]
    assert first.buyer is not None and last.buyer is not None  # noqa: S101, PT018  # filtered by it
    seller: Any = {"by": world.agent_of(first.seller), "organisation": first.seller}
    buyer: Any = {"by": world.agent_of(first.buyer), "organisation": first.buyer}
    today = clock.today()
    begun = first.begins_on or today
    with clock.moved_to(days_ago(5, 10)):
        accepted, waiting = (
            plan_milestone(first, **seller, title=title, due_on=max(begun, today - timedelta(days=days)))
            for title, days in (("交付技术资料与图纸", 4), ("样机试制与联合测试", 2))
        )
        plan_milestone(first, **seller, title="现场安装与操作培训", due_on=today + timedelta(days=9))
    with clock.moved_to(days_ago(4, 15)):
        report_milestone(accepted, **seller, account="图纸与工艺文件一套已移交。", upload=_paper("交接单（样例）.pdf"))
    with clock.moved_to(days_ago(3, 9)):
        accept_milestone(accepted, **buyer, answer="资料齐全。")
    with clock.moved_to(days_ago(1, 16)):
        report_milestone(waiting, **seller, account="样机完成联合测试。", upload=_paper("测试报告（样例）.pdf"))
    with clock.moved_to(days_ago(1, 17)):
        why = "产品线调整，建议协商终止；已付款项按完成部分结算。"
        propose_termination(
            last,
            by=world.agent_of(last.buyer),
            organisation=last.buyer,
            reason=why,
            ends_on=today + timedelta(days=30),
        )


def _output(world: World) -> None:
    """The enterprise whose trial was converted by a formula reports its first output."""
    trial = Trial.objects.filter(terms__pricing="formula", state=Trial.State.CONVERTED).earliest("pk")
    today = clock.today()
    begins_on = max(today - timedelta(days=40), first_day(trial))
    with clock.moved_to(days_ago(2, 11)):
        report_output(
            trial,
            by=world.agent_of(trial.enterprise),
            organisation=trial.enterprise,
            begins_on=begins_on,
            ends_on=max(begins_on, today - timedelta(days=10)),
            output=180 * WAN,
            due_on=today + timedelta(days=20),
        )


def _of_shares(world: World) -> None:
    """A draft about shares, below the half of the law: the page says why it cannot be sent."""
    found = TechnologyContract.objects.registered().filter(sub_type="ZR-other", seller__kind="institute")
    contract = found.earliest("pk")
    by = world.agent_of(contract.seller)
    one, other = named_by_outcome(contract)
    parts = [
        Part("inventor", one, Decimal(25)),
        Part("inventor", other, Decimal(20)),
        Part("institute", contract.seller.name, Decimal(55)),
    ]
    facts: Any = {
        "basis": "shares",
        "formula": "payment",
        "broker_as": "nobody",
        "broker_name": "",
        "broker_rate": None,
    }
    with clock.moved_to(days_ago(3, 11)):
        draft_plan(contract, by=by, parts=parts, department="成果转化办公室", department_head=by, **facts)


def _paper(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PAPER, content_type="application/pdf")


def _list(world: World, *, is_large: bool, purpose: str, at: int) -> None:
    """One of other contracts is issued at once; one of large ones waits for the second reviewer."""
    registrar = world.people["registrar"]
    found = TechnologyContract.objects.registered().of_size(is_large=is_large).not_own(registrar)
    with clock.moved_to(days_ago(at, 15)):
        make_registration_list(by=registrar, contracts=list(found), purpose=purpose)


def _returned() -> SimpleUploadedFile:
    """Return a sheet with a matched row, one registered already, one with another amount, one unknown."""
    waiting = TechnologyContract.objects.filter(state=State.SUBMITTED).earliest("pk")
    standing = TechnologyContract.objects.filter(state=State.REGISTERED).order_by("pk")
    known, differing = standing[0], standing[1]
    never = f"{clock.today().year}{district_code(clock.today())}{999_901:06d}"  # a serial no district reaches
    rows = [
        (never, waiting.code, waiting.project_name, *_amounts(waiting)),
        (known.number, known.code, known.project_name, *_amounts(known)),
        (differing.number, differing.code, differing.project_name, in_yuan(differing.total_amount + 100), ""),
        (f"{never[:-1]}2", "", "平台外登记的合同（样例）", 300000, 300000),
    ]
    buffer = io.StringIO()
    csv.writer(buffer).writerows(
        [("合同登记编号", "平台编码", "项目名称", "合同成交总额（元）", "技术交易额（元）"), *rows]
    )
    return SimpleUploadedFile("登记编号回传（样例）.csv", buffer.getvalue().encode(), content_type="text/csv")


def _amounts(contract: TechnologyContract) -> tuple[object, object]:
    return in_yuan(contract.total_amount), in_yuan(contract.technical_amount)
