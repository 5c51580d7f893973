"""Two contracts that ended before their time: one both sides ended, one whose end for a breach is disputed."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cms.demo.contracts import PAPER
from cms.demo.houses import World, days_ago
from cms.demo.sharing import contract_of
from marketplace.auctions.ladder import WAN
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments.actions import enter_receipt, plan_instalment
from marketplace.contracts.performance.disputing import answer_declaration
from marketplace.contracts.performance.terminating import (
    answer_termination,
    declare_termination,
    propose_termination,
)
from marketplace.core import clock


def make_ends(world: World) -> None:
    _agreed(world)
    _disputed(world)


def _seller(contract: TechnologyContract, world: World) -> dict[str, Any]:
    return {"by": world.people["institute2"], "organisation": contract.seller}


def _buyer(contract: TechnologyContract, world: World) -> dict[str, Any]:
    assert contract.buyer is not None  # noqa: S101  # both are of the platform
    return {"by": world.agent_of(contract.buyer), "organisation": contract.buyer}


def _agreed(world: World) -> None:
    """The product line was given up; buyer and seller ended the licence together a fortnight ago."""
    contract = contract_of(world, "R22", "footwear", total=40, at=118, serial=11)
    today = timezone.localdate()
    with clock.moved_to(days_ago(20, 15)):
        why = "鞋底产线停产，双方协商提前终止；已交付的技术资料由买方封存。"
        end = propose_termination(contract, **_buyer(contract, world), reason=why, ends_on=today - timedelta(days=14))
    with clock.moved_to(days_ago(18, 9)):
        answer_termination(end, **_seller(contract, world), agrees=True, answer="同意，双方无未结款项。")


def _disputed(world: World) -> None:
    """The second half was not paid, so the seller ended the contract; the buyer says why it held the money back."""
    contract = contract_of(world, "R15", "enterprise", total=90, at=130, serial=12)
    today = timezone.localdate()
    seller = _seller(contract, world)
    with clock.moved_to(days_ago(119)):
        first, _second = (
            plan_instalment(contract, **seller, due_on=today - timedelta(days=days), amount=45 * WAN, condition=words)
            for days, words in ((110, "合同生效后"), (50, "镀层工艺文件移交后"))
        )
    with clock.moved_to(days_ago(108)):
        enter_receipt(
            contract,
            **seller,
            amount=first.amount,
            received_on=clock.today(),
            bank_reference="样例银行流水 0090",
            instalment=first,
        )
    with clock.moved_to(days_ago(6, 10)):
        end = declare_termination(
            contract,
            **seller,
            reason="第二期款项逾期四十余日，两次书面催告后仍未支付。",
            ends_on=clock.today(),
            upload=_paper("催告函及送达回执（样例）.pdf"),
        )
    with clock.moved_to(days_ago(3, 14)):
        why = "工艺文件缺少铬替代镀层的槽液维护部分，付款条件尚未成就。"
        answer_declaration(
            end, **_buyer(contract, world), agrees=False, answer=why, upload=_paper("资料接收清单（样例）.pdf")
        )


def _paper(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PAPER, content_type="application/pdf")
