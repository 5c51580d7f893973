"""What came of a plan about shares or profit, for one reader: the shares allotted, the years and what they yielded."""

from typing import Any

from django.utils.translation import gettext as _

from marketplace.contracts.sharing import rules
from marketplace.contracts.sharing.models import DistributionPlan
from marketplace.contracts.sharing.net_income import Basis
from marketplace.contracts.sharing.profits import ProfitReport
from marketplace.core import clock
from marketplace.core.rules import why_not
from marketplace.organisations.models import Organisation
from marketplace.organisations.roles import MemberRole, Role


def carried_out(user: Any, plan: DistributionPlan, organisation: Organisation | None) -> dict[str, Any]:
    """Return what the page of a plan shows of it; nothing before the plan took effect once."""
    obstacle = why_not(rules.allot_shares, user, plan.contract, organisation=organisation)
    keeps = obstacle is None
    has_begun = plan.effective_on is not None
    return {
        "keeps": keeps,
        "kept_off": obstacle if has_begun and plan.basis != Basis.INCOME and _is_finance(user, plan) else None,
        "allotments": _allotments(user, plan) if has_begun and plan.basis == Basis.SHARES else [],
        "allots": keeps and _may_allot(plan),
        "years": _years(user, plan) if has_begun and plan.basis == Basis.PROFIT else [],
        "reports": keeps and _may_report(plan),
    }


def _is_finance(user: Any, plan: DistributionPlan) -> bool:
    """Tell whether the person is of the institute's finance, whichever they act for now."""
    return bool(user.acts_for(plan.contract.seller_id, MemberRole.FINANCE))


def _may_allot(plan: DistributionPlan) -> bool:
    if plan.basis != Basis.SHARES or plan.state != plan.State.EFFECTIVE:
        return False
    return plan.contract.stands and not plan.contract.shareallotments.standing().exists()


def _may_report(plan: DistributionPlan) -> bool:
    return plan.basis == Basis.PROFIT and plan.state == plan.State.EFFECTIVE


def _allotments(user: Any, plan: DistributionPlan) -> list[dict[str, Any]]:
    """Return what was allotted by this version; what a payee holds is shown to whom its statement opens."""
    found = plan.shareallotments.select_related("evidence", "entered_by", "reversed_by").order_by("-pk")
    shown: list[dict[str, Any]] = []
    reads = None  # the same for every proof: each is the plan's
    for allotment in found.prefetch_related("lines__share"):
        lines = list(allotment.lines.all())
        for line in lines:
            line.allotment, line.share.plan = allotment, plan
        opened = [line for line in lines if line.share.statement_visible_to(user)]
        reads = plan.file_visible_to(user, allotment.evidence) if reads is None else reads
        whole = allotment.words(allotment.amount)
        kept = allotment.words(allotment.kept)
        shown.append({"allotment": allotment, "lines": opened, "reads": reads, "whole": whole, "kept": kept})
    return shown


def _years(user: Any, plan: DistributionPlan) -> list[dict[str, Any]]:
    """Return the years the plan names with what was reported of each; amounts are for who keeps the money."""
    sees = _is_finance(user, plan) or user.has_role(Role.AUDITOR)
    reports = ProfitReport.objects.filter(contract=plan.contract_id).select_related("evidence", "distribution")
    by_year: dict[int, list[ProfitReport]] = {year: [] for year in plan.named_years}
    for report in reports.order_by("-pk"):
        by_year.setdefault(report.year, []).append(report)
    this_year = clock.today().year
    return [
        row
        for year in plan.named_years
        for row in [_open_year(year, by_year[year], this_year), *(_reported(one, sees) for one in by_year[year])]
        if row
    ]


def _open_year(year: int, reports: list[ProfitReport], this_year: int) -> dict[str, Any] | None:
    if any(report.stands for report in reports):
        return None
    is_over = year < this_year
    words, tone = (_("to be reported"), "wait") if is_over else (_("not over yet"), "idle")
    return {"year": year, "words": words, "tone": tone, "is_over": is_over}


def _reported(report: ProfitReport, sees: bool) -> dict[str, Any]:
    distribution = getattr(report, "distribution", None)
    if not report.stands:
        words, tone = _("taken back"), "stop"
    elif not report.has_profit:
        words, tone = _("no profit: nothing is shared out"), "done"
    elif distribution is None:
        words, tone = _("to be shared out"), "wait"
    else:
        words, tone = _("shared out"), "go"
    shown = {"report": report, "distribution": distribution} if sees else {}
    return {"year": report.year, "words": words, "tone": tone, **shown}
