"""Plans about shares or profit: shares to be entered, years to be reported, profits to be shared out."""

from django.db.models import Count, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Least
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.sharing.allotments import ShareAllotment
from marketplace.contracts.sharing.models import DistributionPlan, PlanQuerySet
from marketplace.contracts.sharing.net_income import Basis
from marketplace.contracts.sharing.profits import ProfitQuerySet, ProfitReport
from marketplace.core.money import format_yuan
from marketplace.desk.piles import Pile
from marketplace.desk.rows import Reader, Row, first_of
from marketplace.organisations.models import MemberRole

ICON = "banknotes"


def waiting(reader: Reader) -> list[Pile]:
    keeps = reader.holds(MemberRole.FINANCE)
    if not keeps:
        return []
    in_effect = DistributionPlan.objects.current().filter(contract__seller__in=keeps)
    of_shares, of_profit = in_effect.filter(basis=Basis.SHARES), in_effect.filter(basis=Basis.PROFIT)
    to_share = ProfitReport.objects.to_share().filter(contract__seller__in=keeps)
    return [
        Pile(of_shares, lambda: _to_allot(of_shares)),
        Pile(of_profit, lambda: _to_report(reader, of_profit)),
        Pile(to_share, lambda: _to_share(to_share)),
    ]


def _contracts() -> str:
    return reverse("contract-list")


def _to_allot(of_shares: PlanQuerySet) -> list[Row]:
    """A registered contract whose plan shares the shares, and nobody entered them."""
    entered = ShareAllotment.objects.standing().filter(contract=OuterRef("contract"))
    found = of_shares.filter(~Exists(entered.order_by()), contract__in=TechnologyContract.objects.registered())
    return first_of(found.select_related("contract").order_by("effective_on"), _allot, url=_contracts(), icon=ICON)


def _allot(plan: DistributionPlan) -> Row:
    return Row(
        title=_("Enter the allotted shares: %(contract)s") % {"contract": plan.contract},
        about=(plan.contract.buyer_name,),
        url=reverse("allotment-enter", args=[plan.contract.code]),
        act=_("Go on"),
        icon=ICON,
        of=plan.contract.seller_id,
    )


def _to_report(reader: Reader, of_profit: PlanQuerySet) -> list[Row]:
    """A plan that names a year which is over and was not reported."""
    named = Q(
        contract__profitreports__reversed_at=None,
        contract__profitreports__year__gte=F("profit_from"),
        contract__profitreports__year__lt=F("profit_from") + F("profit_years"),
    )
    found = of_profit.annotate(
        years_over=Least(F("profit_years"), Value(reader.today.year) - F("profit_from")),
        years_reported=Count("contract__profitreports", filter=named),
    ).filter(years_over__gt=F("years_reported"))
    return first_of(found.select_related("contract").order_by("effective_on"), _report, url=_contracts(), icon=ICON)


def _report(plan: DistributionPlan) -> Row:
    return Row(
        title=_("Report the operating profit: %(contract)s") % {"contract": plan.contract},
        about=(plan.get_basis_display(),),
        url=plan.get_absolute_url(),
        act=_("Go on"),
        icon=ICON,
        of=plan.contract.seller_id,
    )


def _to_share(profits: ProfitQuerySet) -> list[Row]:
    return first_of(profits.select_related("contract").order_by("entered_at"), _share_out, url=_contracts(), icon=ICON)


def _share_out(report: ProfitReport) -> Row:
    return Row(
        title=_("Share out the profit of %(year)s: %(contract)s") % {"year": report.year, "contract": report.contract},
        about=(_("%(amount)s yuan") % {"amount": format_yuan(report.profit)},),
        url=report.get_absolute_url(),
        act=_("Share out"),
        icon=ICON,
        since=report.entered_at,
        of=report.contract.seller_id,
    )
