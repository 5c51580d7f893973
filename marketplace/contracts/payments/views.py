"""Pages of payments: the schedule with what came in, and the forms that change it."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from marketplace.contracts.asking import ask_beside
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments import actions, rules
from marketplace.contracts.payments.forms import InstalmentForm, InvoiceForm, ReceiptForm, ReversalForm, StrikeForm
from marketplace.contracts.payments.lowering import overplanned
from marketplace.contracts.payments.models import Instalment, Receipt, received_of, set_off_of, unplanned_of
from marketplace.contracts.sharing.falling import paid_lines, what_falls
from marketplace.contracts.sharing.payouts import Distribution
from marketplace.contracts.sharing.reversing import reverse_receipt, why_not_reversed
from marketplace.contracts.sharing.rules import see_distribution, see_sharing
from marketplace.contracts.views import find_contract
from marketplace.core import clock
from marketplace.core.rules import require, why_not
from marketplace.organisations.models import MemberRole


def _address(contract: TechnologyContract) -> str:
    return reverse("payment-list", args=[contract.code])


@login_required
@never_cache
def payment_list(request: Any, code: str) -> HttpResponse:
    """What is due, what came in, what is late, and the sums."""
    contract = find_contract(request, code)
    require(rules.see_payments, request.user, contract)
    today, received = clock.today(), received_of(contract)
    obstacle = why_not(rules.enter_receipt, request.user, contract, organisation=request.organisation)
    instalments = contract.instalments.filter(dropped_at=None).annotate(received=Sum("receipts__amount", default=0))
    receipts = contract.receipts.select_related("instalment", "entered_by", "reverses", "distribution__plan__contract")
    receipts = receipts.prefetch_related("remarks", "distribution__lines")
    context = {
        "contract": contract,
        "rows": [_row(one, today) for one in instalments.order_by("due_on", "id")],
        "struck": contract.instalments.exclude(dropped_at=None).select_related("dropped_by").order_by("dropped_at"),
        "remarks": why_not(rules.remark_on_receipt, request.user, contract, organisation=request.organisation) is None,
        "receipts": [_receipt(one, request.user, contract) for one in receipts],
        "received": received,
        "set_off": set_off_of(contract),
        "unplanned": unplanned_of(contract),
        "open": max(contract.total_amount - received, 0),
        "overplanned": overplanned(contract, contract.total_amount),
        "planned": sum(one.amount for one in instalments),
        "keeps": obstacle is None,
        "kept_off": obstacle if request.user.acts_for(contract.seller_id, MemberRole.FINANCE) else None,
        "shares": why_not(see_sharing, request.user, contract) is None,
    }
    return render(request, "marketplace/contracts/payments.html", context)


def _row(instalment: Any, today: Any) -> dict[str, Any]:
    left = max(instalment.amount - instalment.received, 0)
    is_late = bool(left) and instalment.due_on < today
    if not left:
        tone, words = "done", _("paid")
    elif is_late:
        tone, words = "stop", _("late, paid in part") if instalment.received else _("late")
    elif instalment.received:
        tone, words = "way", _("paid in part")
    else:
        tone, words = "wait", _("due today") if instalment.due_on == today else _("not due yet")
    form = StrikeForm(auto_id=f"id_{instalment.code}_%s")
    return {
        "instalment": instalment,
        "left": left,
        "is_late": is_late,
        "tone": tone,
        "words": words,
        "reason": form["reason"],
    }


def _receipt(receipt: Receipt, user: Any, contract: TechnologyContract) -> dict[str, Any]:
    distribution = getattr(receipt, "distribution", None)
    opens = distribution is not None and see_distribution(user, distribution) is None
    said = list(receipt.remarks.all())
    return {
        "receipt": receipt,
        "distribution": distribution if opens else None,
        "is_shared": distribution is not None,
        **(_fallen(distribution) if opens and distribution is not None else {"to_reclaim": 0, "reclaimed": 0}),
        "said": said,
        "takes_remark": receipt.stands and all(one.answered_at for one in said),
    }


def _fallen(distribution: Distribution) -> dict[str, int]:
    """Return what of a distribution has still to be paid back, and what was."""
    sums = {"to_reclaim": 0, "reclaimed": 0}
    for line in distribution.lines.all():
        if line.state in sums:
            sums[line.state] += line.amount
    return sums


@login_required
def instalment_plan(request: Any, code: str) -> HttpResponse:
    """One more payment for the schedule."""
    contract = find_contract(request, code)
    require(rules.plan_instalment, request.user, contract, organisation=request.organisation)
    words = {
        "title": _("Plan an instalment"),
        "submit": _("Plan the instalment"),
        "done": _("The instalment is in the schedule."),
    }
    act = partial(actions.plan_instalment, contract, by=request.user, organisation=request.organisation)
    form = InstalmentForm(request.POST or None, contract=contract)
    return ask_beside(request, form, act, contract=contract, words=words, back=_address(contract))


@login_required
def receipt_enter(request: Any, code: str) -> HttpResponse:
    """Money that came in."""
    contract = find_contract(request, code)
    require(rules.enter_receipt, request.user, contract, organisation=request.organisation)
    words = {
        "title": _("Enter a payment received"),
        "submit": _("Enter the payment"),
        "done": _("The payment is entered."),
    }
    act = partial(actions.enter_receipt, contract, by=request.user, organisation=request.organisation)
    initial = {"instalment": request.GET.get("instalment", "")[:20]}
    form = ReceiptForm(request.POST or None, contract=contract, initial=initial)
    return ask_beside(request, form, act, contract=contract, words=words, back=_address(contract))


def _find_instalment(request: Any, code: str) -> Instalment:
    mine = TechnologyContract.objects.visible_to(request.user)
    return get_object_or_404(Instalment.objects.select_related("contract__seller").filter(contract__in=mine), code=code)


@login_required
def instalment_drop(request: Any, code: str) -> HttpResponse:
    """Strike an instalment nothing came in for, with a reason."""
    instalment = _find_instalment(request, code)
    require(rules.drop_instalment, request.user, instalment, organisation=request.organisation)
    contract = instalment.contract
    words = {
        "title": _("Strike an instalment"),
        "submit": _("Strike the instalment"),
        "done": _("The instalment is struck from the schedule."),
        "is_harsh": True,
    }
    act = partial(actions.drop_instalment, instalment, by=request.user, organisation=request.organisation)
    beside = {"item": str(instalment), "back": _address(contract), "follows": [_struck_for_good()]}
    return ask_beside(request, StrikeForm(request.POST or None), act, contract=contract, words=words, **beside)


def _struck_for_good() -> str:
    return _(
        "It leaves the schedule for both sides: nobody is reminded of it any more, and no payment can be entered for "
        "it. It cannot be put back, only planned anew."
    )


@login_required
def instalment_invoice(request: Any, code: str) -> HttpResponse:
    """The invoice that was written for an instalment."""
    instalment = _find_instalment(request, code)
    require(rules.note_invoice, request.user, instalment, organisation=request.organisation)
    contract = instalment.contract
    words = {"title": _("Note the invoice"), "submit": _("Note the invoice"), "done": _("The invoice is noted.")}
    initial = {"invoice_number": instalment.invoice_number, "invoiced_on": instalment.invoiced_on or clock.today()}
    act = partial(actions.note_invoice, instalment, by=request.user, organisation=request.organisation)
    form = InvoiceForm(request.POST or None, initial=initial)
    return ask_beside(request, form, act, contract=contract, words=words, back=_address(contract))


@login_required
def receipt_reverse(request: Any, code: str) -> HttpResponse:
    """A payment taken back by a reversing row, with what was shared out of it."""
    mine = TechnologyContract.objects.visible_to(request.user)
    found = Receipt.objects.select_related("contract__seller").filter(contract__in=mine)
    receipt = get_object_or_404(found, code=code)
    contract = receipt.contract
    require(rules.reverse_receipt, request.user, contract, organisation=request.organisation)
    words = {
        "title": _("Reverse a payment"),
        "submit": _("Reverse the payment"),
        "done": _("The payment is reversed; both rows stay."),
        "is_harsh": True,
    }
    distribution = Distribution.objects.standing().filter(receipt=receipt).first()
    if paid_lines(distribution):
        words["done"] = _("The payment is reversed; both rows stay. What was paid out of it stands on your desk.")
    beside = {"receipt": receipt, "follows": what_falls(distribution), "sure": _("Reverse this payment?")}
    beside |= {"obstacle": why_not_reversed(receipt), "back": _address(contract)}
    act = partial(reverse_receipt, receipt, by=request.user, organisation=request.organisation)
    return ask_beside(request, ReversalForm(request.POST or None), act, contract=contract, words=words, **beside)
