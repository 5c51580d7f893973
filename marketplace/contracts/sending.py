"""Pages on which the seller lets a contract go: to the registrars, or, a draft that was never sent, for good."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.contracts import actions, rules
from marketplace.contracts.discarding import discard_contract
from marketplace.contracts.forms import SubmissionForm
from marketplace.contracts.views import contract_page, find_contract
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import require


@login_required
@require_POST
def contract_submit(request: Any, code: str) -> HttpResponse:
    """Send the contract to the registrars; one that was returned, with an answer to the reasons."""
    contract = find_contract(request, code)
    require(rules.submit_contract, request.user, contract)
    form = SubmissionForm(request.POST)
    if not form.is_valid():
        return contract_page(request, contract, submission=form)
    try:
        actions.submit_contract(contract, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        if refusal.field in form.fields:
            put_beside(form, refusal)
            return contract_page(request, find_contract(request, code), submission=form)
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Submitted. The registrars' time counts from the next working day."))
    return redirect(contract)


@login_required
@require_POST
def contract_discard(request: Any, code: str) -> HttpResponse:
    """Delete a draft."""
    contract = find_contract(request, code)
    try:
        discard_contract(contract, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(contract)
    messages.success(request, _("The draft is deleted."))
    return redirect("contract-list")
