"""The operating profit of the years a plan names: reported with its proof, shared out once, taken back.

Every verb holds the contract's row first, so two people at once come one after the other.
"""

from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.sharing import rules
from marketplace.contracts.sharing.actions import PAPERS
from marketplace.contracts.sharing.allotting import take_back
from marketplace.contracts.sharing.distributing import share_out
from marketplace.contracts.sharing.models import DistributionPlan
from marketplace.contracts.sharing.net_income import Basis, Formula, Income
from marketplace.contracts.sharing.payouts import Distribution
from marketplace.contracts.sharing.profits import ProfitReport
from marketplace.contracts.sharing.refusals import (
    NoProfit,
    NotOfProfit,
    ProfitShared,
    ProfitTakenBack,
    YearNotNamed,
    YearNotOver,
    YearReported,
)
from marketplace.contracts.sharing.reversing import reverse_distribution
from marketplace.core import clock, files, journal
from marketplace.core.journal import Kind
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User


def plan_of_year(contract: TechnologyContract, year: int) -> DistributionPlan | None:
    """Return the plan that held on the last day of a year; where none did yet, the first that took effect."""
    plans = DistributionPlan.objects.filter(contract=contract)
    held = plans.effective_on(date(year, 12, 31)).first() or plans.enacted().filter(basis=Basis.PROFIT).first()
    return held if held is not None and held.basis == Basis.PROFIT else None


@transaction.atomic
def report_profit(
    contract: TechnologyContract,
    *,
    by: User,
    organisation: Organisation | None = None,
    year: int,
    profit: int,
    upload: UploadedFile,
) -> ProfitReport:
    """Enter what one of the years the plan names yielded, in fen, once; below zero where it was a loss.

    Raises NotOfProfit, YearNotNamed, YearNotOver, YearReported, UnwantedType, TooLarge, EmptyFile.
    """
    contract.lock()
    now = clock.now()
    require(rules.report_profit, by, contract, organisation=organisation)
    plan = plan_of_year(contract, year)
    if plan is None:
        raise NotOfProfit()
    if year not in plan.named_years:
        raise YearNotNamed(years=", ".join(map(str, plan.named_years)))
    if year >= clock.today().year:
        raise YearNotOver(year=year)
    if contract.profitreports.standing().filter(year=year).exists():
        raise YearReported(year=year)
    report = ProfitReport.objects.create(
        contract=contract,
        plan=plan,
        evidence=files.keep(
            upload, subject=plan, by=by, purpose="operating_profit", accepted=PAPERS, confidential=True
        ),
        entered_by=by,
        entered_at=now,
        year=year,
        profit=profit,
    )
    journal.record(Kind.PROFIT_REPORTED, report, by=by, on_behalf_of=contract.seller, year=year, amount=profit)
    return report


@transaction.atomic
def distribute_profit(report: ProfitReport, *, by: User, organisation: Organisation | None = None) -> Distribution:
    """Share the profit of one year out, once and whole: nothing goes off it.

    Raises ProfitTakenBack, NoProfit, ProfitShared.
    """
    report.contract.lock()
    report.lock()
    now = clock.now()
    require(rules.distribute_profit, by, report.contract, organisation=organisation)
    if not report.stands:
        raise ProfitTakenBack()
    if not report.has_profit:
        raise NoProfit(year=report.year)
    if Distribution.objects.filter(profit=report).exists():
        raise ProfitShared()
    income = Income(report.profit, formula=Formula.PAYMENT)
    return share_out(report.plan, income, by=by, at=now, profit=report)


@transaction.atomic
def reverse_profit(report: ProfitReport, *, by: User, organisation: Organisation | None = None, reason: str) -> None:
    """Take a reported profit back with what was shared out of it; the year may be reported again.

    Raises TakenBackAlready, ReasonOfTakingBack.
    """
    report.contract.lock()
    report.lock()
    now = clock.now()
    require(rules.reverse_profit, by, report.contract, organisation=organisation)
    take_back(report, by=by, at=now, reason=reason)
    journal.record(
        Kind.PROFIT_REVERSED, report, by=by, on_behalf_of=report.contract.seller, year=report.year, amount=report.profit
    )
    for distribution in Distribution.objects.standing().filter(profit=report):
        reverse_distribution(distribution, by=by)
