"""Plans about something else than payments: shares that were allotted, and the profit of years, one of them shared."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cms.demo.contracts import PAPER
from cms.demo.houses import World, days_ago
from cms.demo.sharing import EQUITY, JOINTLY, contract_of, plan_of, publish, stand
from marketplace.auctions.ladder import WAN
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.sharing.actions import Part
from marketplace.contracts.sharing.allotments import ShareAllotment
from marketplace.contracts.sharing.allotting import allot_shares
from marketplace.contracts.sharing.correcting import correct_line
from marketplace.contracts.sharing.distributing import pay_line
from marketplace.contracts.sharing.inventors import named_by_outcome
from marketplace.contracts.sharing.yearly import distribute_profit, report_profit
from marketplace.core import clock

YEARS = 3


def make_yields(world: World) -> None:
    """One contract whose shares are allotted, one whose profit of last year is shared out and partly paid."""
    _allotted(world)
    _shared_by_year(world)


def _parts(world: World, contract: TechnologyContract, first: str, second: str) -> list[Part]:
    """Return two inventors with their per cents, the first of them signs in; the rest is the institute's."""
    shares, (one, other) = (Decimal(first), Decimal(second)), named_by_outcome(contract)
    return [
        Part("inventor", one, shares[0], user=world.people["inventor"]),
        Part("inventor", other, shares[1]),
        Part("institute", contract.seller.name, Decimal(100) - sum(shares)),
    ]


def _allotted(world: World) -> None:
    contract = contract_of(world, "R03", "bidder", total=480, at=75, serial=9, kind=EQUITY)
    terms: Any = {"basis": "shares", "formula": "payment"}
    plan = plan_of(world, contract, _parts(world, contract, "41.25", "28.75"), days=64, **terms)
    publish(plan, world, days=63)
    stand(plan)
    with clock.moved_to(days_ago(20)):
        allot_shares(
            contract,
            by=world.people["institute2"],
            organisation=contract.seller,
            company="样例液流电池科技有限公司",
            unit=ShareAllotment.Unit.CAPITAL,
            amount=480 * WAN,
            company_total=1600 * WAN,
            registered_on=clock.today(),
            upload=_paper("变更登记通知书（样例）.pdf"),
        )


def _shared_by_year(world: World) -> None:
    """The plan names last year and the two after it; a payout of last year's profit came back and was corrected."""
    today = timezone.localdate()
    signed = (today - date(today.year - 1, 9, 15)).days
    contract = contract_of(world, "R27", "footwear", total=30, at=signed, serial=10, kind=JOINTLY)
    terms: Any = {"basis": "profit", "formula": "payment", "profit_years": YEARS, "profit_from": today.year - 1}
    plan = plan_of(world, contract, _parts(world, contract, "4.50", "2.50"), days=58, **terms)
    publish(plan, world, days=57)
    stand(plan)
    party: Any = {"by": world.people["institute2"], "organisation": contract.seller}
    with clock.moved_to(days_ago(16)):
        proof = _paper("专项审计报告（样例）.pdf")
        report = report_profit(contract, **party, year=today.year - 1, profit=86_420_135, upload=proof)
    with clock.moved_to(days_ago(15)):
        distribution = distribute_profit(report, **party)
    line = distribution.lines.get(share__user=world.people["inventor"])
    with clock.moved_to(days_ago(9)):
        pay_line(line, **party, paid_on=clock.today(), reference="样例代发 3-1")
    with clock.moved_to(days_ago(6)):
        correct_line(line, **party, reason="收款账号有误，银行退回，另行发放（样例）。")


def _paper(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PAPER, content_type="application/pdf")
