"""Nine technology contracts in different states, in this half-year and the one before; trials add theirs."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cms.demo.houses import World, days_ago
from cms.demo.parties import keep_parties
from marketplace.auctions.ladder import WAN
from marketplace.contracts.actions import (
    accept_contract,
    refuse_contract,
    register_contract,
    return_contract,
    submit_contract,
)
from marketplace.contracts.amending import answer_contract_change
from marketplace.contracts.amounts import Item, Joint
from marketplace.contracts.changing import grant_contract_change, request_contract_change
from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.reviewing import begin_first_review, pass_to_second_review
from marketplace.contracts.writing import attach_signed_file, change_contract, draft_contract
from marketplace.core import clock
from marketplace.core.regions import district_code
from marketplace.deals.actions import finish_deal
from marketplace.deals.models import Deal
from marketplace.indicators.periods import Period

PAPER = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
RETURNED = "付款方式与合同正文第四条不一致；请补盖章页扫描件。"
REFUSED = "内容为设备采购，没有技术开发、转让、许可、咨询或服务，不予登记。"


def make_contracts(world: World) -> None:
    """Write them as their sellers did, and decide on them as the registrar did."""
    this_half, earlier, before = _days_since_registration()
    _of_deal("R08", world, at=20)
    _submit(_of_deal("R24", world, at=6), world, at=4, phone="0577-00000009")
    _return(_submit(_of_deal("R07", world, at=16), world, at=14), world, at=9)
    large = [Item("扩散板工艺许可与联合开发", 720 * WAN, True), Item("挤出与涂布设备", 480 * WAN, False)]
    first = _submit(_of_deal("R01", world, at=this_half + 12, items=large), world, at=this_half + 8)
    _pass_on(first, world, at=this_half + 4)
    _register(first, world, this_half, 1, by="reviewer")
    brings: dict[str, Any] = {"expected_investment": 300 * WAN, "expected_output": 2_000 * WAN}
    castings = _of_deal("R34", world, at=earlier + 7, kind="ZR-other", ip_kind="software", **brings)
    _register(_submit(castings, world, at=earlier + 5), world, earlier, 2)
    _change(castings, world, at=earlier)
    _register(_submit(_of_deal("R32", world, at=before + 9), world, at=before + 7), world, before, 3)
    outside = _submit(_outside(world, at=before + 20), world, at=before + 18)
    _register(outside, world, before + 6, 4)
    _ask_for_change(outside, world, [Item("研究开发经费", 150 * WAN, True), Item("专用材料费", 26 * WAN, False)], at=3)
    _pass_on(_submit(_line(world, at=13), world, at=12), world, at=9)
    _refuse(_submit(_purchase(world, at=40), world, at=38), world, at=33)
    _finish(world)


def _days_since_registration() -> tuple[int, int, int]:
    """Return how many days ago contracts were registered: two in this half-year, others in the one before."""
    today = timezone.localdate()
    begun = (today - Period.containing(today, "half").first).days
    return min(begun, 11), max(1, min(begun - 1, 70)), begun + 35


def facts_of(at: int) -> dict[str, Any]:
    signed = timezone.localdate() - timedelta(days=at + 1)
    return {
        "signed_on": signed,
        "begins_on": signed,
        "ends_on": _two_years_after(signed),
        "payment": "instalments",
        "ip_kind": "invention",
        "objective": "industry",
        "buyer_region": district_code(clock.today()),
        "seller_region": district_code(clock.today()),
    }


def _two_years_after(day: date) -> date:
    return day + timedelta(days=730)


def _of_deal(
    key: str, world: World, *, at: int, items: list[Item] | None = None, kind: str = "", **more: Any
) -> TechnologyContract:
    """Begin the contract of a priced deal and complete it."""
    deal = Deal.objects.get(outcome=world.outcomes[key], state=Deal.State.CONTRACT)
    by = world.agent_of(deal.seller)
    with clock.moved_to(days_ago(at)):
        contract = draft_contract_from_deal(deal, by=by, organisation=deal.seller)
        if kind:  # else as the outcome's first transfer mode proposes
            more |= {"contract_type": kind[:2], "sub_type": kind}
        items = items or [Item(deal.outcome.title[:60], deal.price or 0, True)]
        change_contract(contract, by=by, items=items, **(facts_of(at) | more))
        attach_signed_file(contract, by=by, upload=_paper())
    return contract


def complete_contract(contract: TechnologyContract, world: World, *, at: int, registered: int, serial: int) -> None:
    """Complete a draft `at` days ago, send it in and let the registrar enter it `registered` days ago."""
    by = world.agent_of(contract.seller)
    items = [Item(contract.project_name[:60], contract.total_amount, True)]
    with clock.moved_to(days_ago(at)):
        kept = {"payment": contract.payment} if contract.payment else {}  # a share of output, as the trial laid down
        change_contract(contract, by=by, items=items, **(facts_of(at) | kept))
        attach_signed_file(contract, by=by, upload=_paper())
    _register(_submit(contract, world, at=at), world, registered, serial)


def _paper(name: str = "技术合同（样例）.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PAPER, content_type="application/pdf")


def _outside(world: World, *, at: int) -> TechnologyContract:
    """A development contract with a buyer that is not on the platform and lies in another district."""
    return _entered(
        world,
        "R20",
        at=at,
        name="多指标炎症检测芯片读数仪联合开发",
        kind="KF-joint",
        buyer=("样例企业01（外区）", "91000000MA10000414"),
        items=[Item("研究开发经费", 160 * WAN, True), Item("专用材料费", 26 * WAN, False)],
    )


def _line(world: World, *, at: int) -> TechnologyContract:
    """A large contract that waits for its second reviewer, with a joint seller elsewhere."""
    contract = _entered(
        world,
        "R40",
        at=at,
        name="含氟废水资源化中试线联合开发",
        kind="KF-joint",
        buyer=("样例企业03（外区）", "91000000MA1000043A"),
        items=[Item("工艺开发与放大试验", 620 * WAN, True), Item("中试设备", 210 * WAN, False)],
    )
    with clock.moved_to(days_ago(at, 11)):
        by = world.agent_of(contract.seller)
        other = Joint(name="样例研究院（外区）", uscc="12000000MB1000044L", region="330302", percent=Decimal(30))
        items = [Item(item.label, item.amount, item.is_technical) for item in contract.items.all()]
        change_contract(contract, by=by, items=items, joint=[other])
    return contract


def _purchase(world: World, *, at: int) -> TechnologyContract:
    return _entered(
        world,
        "R40",
        at=at,
        name="膜组件与水泵供货及安装",
        kind="FW-service",
        buyer=("样例企业02（外区）", "91000000MA10000427"),
        items=[Item("安装服务", 6 * WAN, True), Item("膜组件与水泵", 74 * WAN, False)],
    )


def _entered(
    world: World, like: str, *, at: int, name: str, kind: str, buyer: tuple[str, str], items: list[Item]
) -> TechnologyContract:
    """A contract that the owner of an outcome enters by itself, in its field, without a deal on the platform."""
    house, field = world.outcomes[like].owner, world.outcomes[like].field
    by = world.agent_of(house)
    facts = facts_of(at) | {"buyer_region": "330302", "field": field}
    with clock.moved_to(days_ago(at)):
        contract = draft_contract(
            by=by,
            organisation=house,
            items=items,
            project_name=name,
            contract_type=kind[:2],
            sub_type=kind,
            buyer_name=buyer[0],
            buyer_uscc=buyer[1],
            **facts,
        )
        attach_signed_file(contract, by=by, upload=_paper())
    return contract


def _submit(contract: TechnologyContract, world: World, *, at: int, phone: str = "") -> TechnologyContract:
    """Send a contract in; one with the same phone for both sides is what the registrar is told to check."""
    with clock.moved_to(days_ago(at, 11)):
        keep_parties(contract, world, phone=phone)
        submit_contract(contract, by=world.agent_of(contract.seller))
    return contract


def _return(contract: TechnologyContract, world: World, *, at: int) -> None:
    with clock.moved_to(days_ago(at, 15)):
        return_contract(contract, by=world.people["registrar"], reasons=RETURNED)


def _pass_on(contract: TechnologyContract, world: World, *, at: int) -> None:
    """The registrar's first review of a large contract; another person decides."""
    registrar = world.people["registrar"]
    with clock.moved_to(days_ago(at + 2, 9)):
        accept_contract(contract, by=registrar)
    with clock.moved_to(days_ago(at + 1, 9)):
        begin_first_review(contract, by=registrar)
    with clock.moved_to(days_ago(at, 9)):
        pass_to_second_review(contract, by=registrar, reasons="技术部分与设备部分划分清楚，建议登记。")


def _ask_for_change(contract: TechnologyContract, world: World, items: list[Item], *, at: int) -> None:
    with clock.moved_to(days_ago(at, 14)):
        request_contract_change(
            contract,
            by=world.agent_of(contract.seller),
            items=items,
            begins_on=contract.begins_on or clock.today(),
            ends_on=contract.ends_on or clock.today(),
            reasons="双方签订补充协议，调整研究开发经费。",
            upload=_paper("补充协议（样例）.pdf"),
        )
        if contract.buyer is not None:
            answer_contract_change(contract, by=world.agent_of(contract.buyer), agrees=True)


def _change(contract: TechnologyContract, world: World, *, at: int) -> None:
    """A supplementary agreement took a tenth off; the difference counts on its own day."""
    contract.refresh_from_db()
    items = [Item(item.label, item.amount * 9 // 10, item.is_technical) for item in contract.items.all()]
    _ask_for_change(contract, world, items, at=at)
    with clock.moved_to(days_ago(at, 16)):
        grant_contract_change(contract, by=world.people["registrar"])


def _register(contract: TechnologyContract, world: World, at: int, serial: int, *, by: str = "registrar") -> None:
    moment = days_ago(at, 9, 20)
    number = f"{moment.year}000000{serial:06d}"  # of no division that exists: confirmed, so that it cannot be real
    with clock.moved_to(moment):
        register_contract(contract, by=world.people[by], number=number, confirmed_number=number)


def _refuse(contract: TechnologyContract, world: World, *, at: int) -> None:
    with clock.moved_to(days_ago(at, 15)):
        refuse_contract(contract, by=world.people["registrar"], reasons=REFUSED)


def _finish(world: World) -> None:
    """The oldest deal has been performed."""
    deal = Deal.objects.get(outcome=world.outcomes["R32"])
    with clock.moved_to(days_ago(5)):
        finish_deal(deal, by=world.agent("autoparts"), organisation=deal.buyer)
