"""Pages of the profit of years: report it, share it out, take it back."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from marketplace.contracts.asking import ask_beside
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.sharing import rules, yearly
from marketplace.contracts.sharing.carrying_forms import ProfitForm, TakingBackForm
from marketplace.contracts.sharing.falling import paid_lines, what_falls
from marketplace.contracts.sharing.net_income import Basis, Formula, Income
from marketplace.contracts.sharing.payouts import Distribution
from marketplace.contracts.sharing.profits import ProfitReport
from marketplace.contracts.sharing.refusals import TakenBackAlready
from marketplace.contracts.sharing.showing import what_is_shared
from marketplace.contracts.sharing.splitting import split
from marketplace.contracts.views import find_contract
from marketplace.core.carrying_out import carry_out
from marketplace.core.rules import require


@login_required
def profit_report(request: Any, code: str) -> HttpResponse:
    """The operating profit of one of the years the plan names, with its proof."""
    contract = find_contract(request, code)
    require(rules.report_profit, request.user, contract, organisation=request.organisation)
    plan = contract.plans.enacted().filter(basis=Basis.PROFIT).last()
    words = {
        "title": _("Report the profit of a year"),
        "submit": _("Report the profit"),
        "done": _("The profit is reported. Look at who gets what, and share it out."),
    }
    act = partial(yearly.report_profit, contract, by=request.user, organisation=request.organisation)
    years = list(plan.named_years) if plan is not None else []
    form = ProfitForm(
        request.POST or None, request.FILES or None, years=years, initial={"year": request.GET.get("year", "")[:4]}
    )
    if form.is_valid() and form.cleaned_data["profit"] <= 0:
        words["done"] = _("Reported: the year has no profit. Nothing is shared out of it, and it is done.")
    back = contract.get_absolute_url() if plan is None else plan.get_absolute_url()
    return ask_beside(request, form, act, contract=contract, words=words, back=back)


def _find_report(request: Any, code: str) -> ProfitReport:
    mine = TechnologyContract.objects.visible_to(request.user)
    found = ProfitReport.objects.select_related("contract__seller", "plan", "evidence")
    return get_object_or_404(found.filter(contract__in=mine), code=code)


@login_required
@never_cache
def profit_distribute(request: Any, code: str) -> HttpResponse:
    """Share the profit of a year out: first what everybody would get, then the press of the button."""
    report = _find_report(request, code)
    require(rules.distribute_profit, request.user, report.contract, organisation=request.organisation)
    distribution = Distribution.objects.filter(profit=report).first()
    if distribution is None and request.method == "POST":
        done = _("Shared out. Pay the lines and note each payment.")
        carry_out(request, yearly.distribute_profit, report, done=done, organisation=request.organisation)
        distribution = Distribution.objects.filter(profit=report).first()
    if distribution is not None:
        return redirect(distribution)
    shares = {share.key: share for share in report.plan.shares.all()}
    amounts = split(max(report.profit, 0), {key: share.percent for key, share in shares.items()})
    lines = [{"share": share, "amount": amounts[key]} for key, share in shares.items()]
    context = {"report": report, "contract": report.contract, "plan": report.plan, "lines": lines}
    context["total"] = sum(amounts.values())
    income = Income(report.profit, formula=Formula.PAYMENT)
    context["sure"] = what_is_shared(_("Operating profit"), income, {shares[key]: fen for key, fen in amounts.items()})
    return render(request, "marketplace/contracts/sharing/profit_distribute.html", context)


@login_required
def profit_reverse(request: Any, code: str) -> HttpResponse:
    """A reported profit taken back, with what was shared out of it."""
    report = _find_report(request, code)
    require(rules.reverse_profit, request.user, report.contract, organisation=request.organisation)
    words = {
        "title": _("Take a reported profit back"),
        "submit": _("Take back"),
        "done": _("Taken back; the entry stays to be read."),
        "is_harsh": True,
    }
    distribution = Distribution.objects.standing().filter(profit=report).first()
    if paid_lines(distribution):
        words["done"] = _("Taken back; the entry stays to be read. What was paid out of it stands on your desk.")
    beside = {"follows": what_falls(distribution), "sure": _("Take this profit back?"), "report": report}
    beside |= {"obstacle": None if report.stands else TakenBackAlready(), "back": report.plan.get_absolute_url()}
    act = partial(yearly.reverse_profit, report, by=request.user, organisation=request.organisation)
    form = TakingBackForm(request.POST or None)
    return ask_beside(request, form, act, contract=report.contract, words=words, **beside)
