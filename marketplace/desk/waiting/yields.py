"""Plans about shares or profit: shares to be entered, years to be reported, profits to be shared out."""

from django.db.models import Count, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Least
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.sharing.allotments import ShareAllotment
from marketplace.contracts.sharing.models import DistributionPlan
from marketplace.contracts.sharing.net_income import Basis
from marketplace.contracts.sharing.profits import ProfitReport
from marketplace.core.money import format_yuan
from marketplace.desk.rows import Reader, Row, first_of
from marketplace.organisations.models import MemberRole

ICON = "banknotes"


def waiting(reader: Reader) -> list[Row]:
    keeps = reader.holds(MemberRole.FINANCE)
    return [*_to_allot(keeps), *_to_report(reader, keeps), *_to_share(keeps)] if keeps else []


def _contracts() -> str:
    return reverse("contract-list")


def _to_allot(keeps: list[int]) -> list[Row]:
    """A registered contract whose plan shares the shares, and nobody entered them."""
    entered = ShareAllotment.objects.standing().filter(contract=OuterRef("contract"))
    registered = TechnologyContract.objects.registered().filter(seller__in=keeps)
    found = DistributionPlan.objects.current().filter(
        ~Exists(entered.order_by()), basis=Basis.SHARES, contract__in=registered
    )
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


def _to_report(reader: Reader, keeps: list[int]) -> list[Row]:
    """A plan that names a year which is over and was not reported."""
    named = Q(
        contract__profitreports__reversed_at=None,
        contract__profitreports__year__gte=F("profit_from"),
        contract__profitreports__year__lt=F("profit_from") + F("profit_years"),
    )
    found = DistributionPlan.objects.current().filter(basis=Basis.PROFIT, contract__seller__in=keeps)
    found = found.annotate(
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


def _to_share(keeps: list[int]) -> list[Row]:
    found = ProfitReport.objects.to_share().filter(contract__seller__in=keeps)
    return first_of(found.select_related("contract").order_by("entered_at"), _share_out, url=_contracts(), icon=ICON)


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
