"""What seller, buyer and organiser say of a sale after its contract, and the seller's finance of its payment."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.auctions import actions, rules, rules_of_payment
from marketplace.auctions.bidding_page import bidding_context
from marketplace.auctions.by_number import public_lot
from marketplace.auctions.following_up import party_of
from marketplace.auctions.forms import MilestoneForm, MissingForm
from marketplace.auctions.models import SaleMilestone
from marketplace.auctions.sealed_page import template_of
from marketplace.core.carrying_out import carry_out
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import require


@login_required
@require_POST
def lot_milestone(request: Any, number: str) -> HttpResponse:
    """Seller, buyer or organiser says that a sale was paid, or put into production."""
    lot = public_lot(request, number)
    require(rules.note_milestone, request.user, lot, request.organisation)
    form = MilestoneForm(request.POST, auto_id="id_milestone_%s")
    if form.is_valid():
        try:
            actions.note_milestone(
                lot, by=request.user, organisation=party_of(request.organisation, lot), **form.cleaned_data
            )
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("Noted."))
            return redirect(lot)
    return render(request, template_of(lot), bidding_context(request, lot) | {"milestone_form": form})


@login_required
@require_POST
def lot_payment(request: Any, number: str, verb: str) -> HttpResponse:
    """The seller's finance answers who says that the sale was paid: received, or missing with a reason."""
    lot = public_lot(request, number)
    milestone = get_object_or_404(SaleMilestone, lot=lot, kind=SaleMilestone.Kind.PAID)
    if verb == "received":
        require(rules_of_payment.confirm_payment, request.user, milestone)
        done = _("Confirmed. Buyer and organisers see it. What came in is entered under the payments of the contract.")
        carry_out(request, actions.confirm_payment, milestone, done=done)
        return redirect(lot)
    require(rules_of_payment.deny_payment, request.user, milestone)
    form = MissingForm(request.POST, auto_id="id_missing_%s")
    if form.is_valid():
        try:
            actions.deny_payment(milestone, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("Noted. Buyer and organisers read your reason; the last day stays."))
            return redirect(lot)
    return render(request, template_of(lot), bidding_context(request, lot) | {"missing_form": form})
