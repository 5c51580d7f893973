"""Pages of shares formed by the technology: enter them as the company register shows them, take an entry back."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from marketplace.contracts.asking import ask_beside
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.sharing import allotting, rules
from marketplace.contracts.sharing.allotments import ShareAllotment
from marketplace.contracts.sharing.carrying_forms import AllotmentForm, TakingBackForm
from marketplace.contracts.views import find_contract
from marketplace.core.rules import require


@login_required
def allotment_enter(request: Any, code: str) -> HttpResponse:
    """The shares of a contract, each payee's by the plan in effect."""
    contract = find_contract(request, code)
    require(rules.allot_shares, request.user, contract, organisation=request.organisation)
    words = {
        "title": _("Enter the allotted shares"),
        "submit": _("Enter the shares"),
        "done": _("The shares are entered; each payee's part stands on the plan and in the statements."),
    }
    act = partial(allotting.allot_shares, contract, by=request.user, organisation=request.organisation)
    form = AllotmentForm(request.POST or None, request.FILES or None)
    plan = contract.plans.current().first()
    back = contract.get_absolute_url() if plan is None else plan.get_absolute_url()
    return ask_beside(request, form, act, contract=contract, words=words, back=back)


@login_required
def allotment_reverse(request: Any, code: str) -> HttpResponse:
    """Shares that were entered wrongly, taken back whole."""
    mine = TechnologyContract.objects.visible_to(request.user)
    found = ShareAllotment.objects.select_related("contract__seller", "plan").filter(contract__in=mine)
    allotment = get_object_or_404(found, code=code)
    require(rules.reverse_allotment, request.user, allotment.contract, organisation=request.organisation)
    words = {
        "title": _("Take allotted shares back"),
        "submit": _("Take back"),
        "done": _("Taken back; the entry stays to be read."),
        "is_harsh": True,
    }
    act = partial(allotting.reverse_allotment, allotment, by=request.user, organisation=request.organisation)
    form, back = TakingBackForm(request.POST or None), allotment.plan.get_absolute_url()
    return ask_beside(request, form, act, contract=allotment.contract, words=words, back=back)
