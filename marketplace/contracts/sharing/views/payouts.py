"""Pages of money shared out: a payment to share, a distribution with its lines, each line paid."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from marketplace.contracts.asking import ask_beside
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments.models import Receipt
from marketplace.contracts.sharing import distributing, rules
from marketplace.contracts.sharing.carrying_forms import CorrectionForm
from marketplace.contracts.sharing.correcting import correct_line
from marketplace.contracts.sharing.forms import CostsForm, PayoutForm, RepaymentForm
from marketplace.contracts.sharing.models import PlanShare
from marketplace.contracts.sharing.net_income import Income
from marketplace.contracts.sharing.payouts import Distribution, PayoutLine
from marketplace.contracts.sharing.refusals import DistributedAlready, FiguresNotShown
from marketplace.contracts.sharing.showing import LINE_TONES, income_rows, what_is_shared
from marketplace.contracts.sharing.splitting import split
from marketplace.core import clock
from marketplace.core.forms import put_beside
from marketplace.core.money import format_exact
from marketplace.core.refusals import Refused
from marketplace.core.rules import require, why_not
from marketplace.organisations.models import MemberRole


@login_required
@never_cache
def receipt_distribute(request: Any, code: str) -> HttpResponse:
    """Share one payment out: the costs, then what everybody would get with them, then the press of the button."""
    mine = TechnologyContract.objects.visible_to(request.user)
    found = Receipt.objects.select_related("contract__seller").filter(contract__in=mine)
    receipt = get_object_or_404(found, code=code)
    require(rules.distribute_receipt, request.user, receipt.contract, organisation=request.organisation)
    form = CostsForm(request.POST or None)
    costs = dict(form.cleaned_data) if form.is_valid() else {"direct_cost": 0, "tax": 0}
    if form.is_valid() and "share_out" in request.POST:
        made = _share_out(request, receipt, form)
        if made is not None:
            messages.success(request, _("Shared out. Pay the lines and note each payment."))
            return redirect(made)
    distribution = Distribution.objects.filter(receipt=receipt).select_related("made_by").first()
    if distribution is not None:
        if request.method == "POST":
            messages.warning(request, _shared_before(distribution, form))
        return redirect(distribution)
    context = {"receipt": receipt, "contract": receipt.contract, "form": form, **_preview(receipt, costs)}
    context["is_preview"] = form.is_valid() and "edit" not in request.POST
    return render(request, "marketplace/contracts/sharing/distribute.html", context)


def _share_out(request: Any, receipt: Receipt, form: CostsForm) -> Distribution | None:
    """Return the distribution made of a payment; None where it is not, with the reason beside the form or above."""
    seen = request.POST.get("seen", "")
    try:
        party = {"by": request.user, "organisation": request.organisation}
        return distributing.distribute_receipt(receipt, **party, seen=seen, **form.cleaned_data)
    except DistributedAlready:
        pass  # told by who asks
    except FiguresNotShown as refusal:
        messages.warning(request, str(refusal))  # nothing is wrong with what was typed
    except Refused as refusal:
        put_beside(form, refusal)
    return None


def _shared_before(distribution: Distribution, form: CostsForm) -> str:
    """Return what somebody is told whose page is older than the distribution: their costs count for nothing."""
    money = partial(format_exact, language=get_language() or "zh-hans")
    stands = {"direct_cost": distribution.direct_cost, "tax": distribution.tax}
    told = {name: money(fen) for name, fen in stands.items()} | {"by": distribution.made_by.get_short_name()}
    if form.is_valid() and form.cleaned_data == stands:
        return _("%(by)s shared this payment out before, with the same costs.") % told
    said = _(
        "%(by)s shared this payment out before, with a direct cost of %(direct_cost)s and tax of %(tax)s. "
        "What you typed was not taken."
    )
    return said % told


def _preview(receipt: Receipt, costs: dict[str, int]) -> dict[str, Any]:
    """Return what would be shared out by the plan that holds for this payment, with these costs."""
    plan = distributing.plan_for(receipt)
    if plan is None:
        return {"plan": None}
    income = distributing.income_of(receipt, plan, **costs)
    shares = {share.key: share for share in plan.shares.all()}
    percents = {key: share.percent for key, share in shares.items()}
    amounts = split(income.net, percents) if income.net > 0 else {}
    return {
        "plan": plan,
        "seen": distributing.mark_of_figures(plan, income),
        "sure": _sure(income, shares, amounts),
        "nothing": "" if amounts else str(distributing.nothing_left(income)),
        "income": income_rows(income),
        "lines": [{"share": share, "amount": amounts.get(key)} for key, share in shares.items()],
        "total": sum(amounts.values()) if amounts else None,
    }


def _sure(income: Income, shares: dict[str, PlanShare], amounts: dict[str, int]) -> list[str]:
    """Return what is said before the figures shown are shared out; nothing where there is nothing to share."""
    if not amounts:
        return []
    return what_is_shared(_("Net income"), income, {shares[key]: fen for key, fen in amounts.items()})


@login_required
@never_cache
def distribution_detail(request: Any, code: str) -> HttpResponse:
    """One payment shared out: how its net income came about, and each payee's line."""
    found = Distribution.objects.visible_to(request.user).select_related(
        "receipt__reversed_by", "profit__evidence", "profit__entered_by", "plan__contract__seller", "made_by"
    )
    distribution = get_object_or_404(found, code=code)
    lines = list(distribution.lines.select_related("share", "tax_rule", "distribution__plan"))
    first: dict[int | None, int] = {}
    for line in lines:
        first.setdefault(line.share_id, line.pk)
    lines.sort(key=lambda line: (first[line.share_id], line.pk))  # a correction stands below what it corrects
    own = [line for line in lines if line.pays(request.user)]
    contract, acting = distribution.contract, request.organisation
    obstacle = why_not(rules.distribute_receipt, request.user, contract, organisation=acting)
    context = {
        "distribution": distribution,
        "contract": contract,
        "income": income_rows(distribution.income),
        "lines": [{"line": line, "tone": LINE_TONES[line.state], "is_own": line in own} for line in lines],
        "kept_from": why_not(rules.pay_line, request.user, own[0], organisation=acting) if own else None,
        "total": sum(line.amount for line in lines if line.counts),
        "to_reclaim": _sum_of(lines, PayoutLine.State.TO_RECLAIM),
        "reclaimed": _sum_of(lines, PayoutLine.State.RECLAIMED),
        "are_all": all(line.counts for line in lines),
        "keeps": obstacle is None,
        "kept_off": obstacle if request.user.acts_for(contract.seller_id, MemberRole.FINANCE) else None,
    }
    return render(request, "marketplace/contracts/sharing/distribution.html", context)


def _sum_of(lines: list[PayoutLine], state: str) -> int:
    return sum(line.amount for line in lines if line.state == state)


def _find_line(request: Any, code: str) -> PayoutLine:
    mine = Distribution.objects.visible_to(request.user)
    parts = ("distribution__plan__contract__seller", "distribution__receipt", "distribution__profit")
    lines = PayoutLine.objects.select_related(*parts, "share", "tax_rule")
    return get_object_or_404(lines.filter(distribution__in=mine), code=code)


def _note(request: Any, line: PayoutLine, act: Any, words: dict[str, Any], *, to: str) -> HttpResponse:
    contract = line.distribution.contract
    form_type = PayoutForm if to == line.State.PAID else RepaymentForm
    form = form_type(request.POST or None, initial={"paid_on": clock.today()})
    back = line.distribution.get_absolute_url()
    obstacle = line.refusal_to_move(to)
    return ask_beside(request, form, act, contract=contract, words=words, back=back, line=line, obstacle=obstacle)


@login_required
def line_pay(request: Any, code: str) -> HttpResponse:
    """One payee was paid."""
    line = _find_line(request, code)
    require(rules.pay_line, request.user, line, organisation=request.organisation)
    words = {"title": _("Note a payout"), "submit": _("Note as paid"), "done": _("The payout is noted.")}
    act = partial(distributing.pay_line, line, by=request.user, organisation=request.organisation)
    return _note(request, line, act, words, to=line.State.PAID)


@login_required
def line_reclaim(request: Any, code: str) -> HttpResponse:
    """One payee paid back what a reversed payment took the ground from."""
    line = _find_line(request, code)
    require(rules.reclaim_line, request.user, line, organisation=request.organisation)
    words = {"title": _("Note a repayment"), "submit": _("Note as paid back"), "done": _("The repayment is noted.")}
    act = partial(distributing.reclaim_line, line, by=request.user, organisation=request.organisation)
    return _note(request, line, act, words, to=line.State.RECLAIMED)


@login_required
def line_correct(request: Any, code: str) -> HttpResponse:
    """One payee was paid wrongly: a reversing line and a new one beside it."""
    line = _find_line(request, code)
    require(rules.correct_line, request.user, line, organisation=request.organisation)
    words = {
        "title": _("Correct a payout"),
        "submit": _("Correct the payout"),
        "done": _("Corrected: the lines stay, and a new one is to be paid."),
        "is_harsh": True,
    }
    form, contract = CorrectionForm(request.POST or None), line.distribution.contract
    act = partial(correct_line, line, by=request.user, organisation=request.organisation)
    beside = {"line": line, "obstacle": line.refusal_to_move(line.State.CORRECTED)}
    back = line.distribution.get_absolute_url()
    return ask_beside(request, form, act, contract=contract, words=words, back=back, **beside)
