"""What was recorded of a deposit's payment or refund is corrected, or taken back."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.auctions.forms import ReasonForm
from marketplace.auctions.models import Deposit
from marketplace.auctions.views.deposits import found, require_finance
from marketplace.auctions.views.entries import PAYMENT, REFUND, Recorded, entry_of
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import require


@login_required
def deposit_correct(request: HttpRequest, code: str) -> HttpResponse:
    """Date, amount or the bank's number were not what the bank shows."""
    require_finance(request)
    deposit = found(code)
    entry = _asked(request, deposit)
    if request.method != "POST":
        return _correction_page(request, deposit, entry)
    require(entry.rule, request.user, deposit)
    form = entry.form(request.POST)
    if form.is_valid():
        try:
            entry.correct(deposit, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
            deposit = found(code)  # the verb may have begun to change it
        else:
            messages.success(request, _("The entry is corrected. What stood there before is kept."))
            return redirect("deposit-detail", code)
    return _correction_page(request, deposit, entry, form=form)


@login_required
@require_POST
def deposit_take_back(request: HttpRequest, code: str) -> HttpResponse:
    """The payment was not this deposit's, or the bank did not make the refund."""
    require_finance(request)
    deposit = found(code)
    entry = _asked(request, deposit)
    require(entry.rule, request.user, deposit)
    form = ReasonForm(request.POST, auto_id="id_back_%s")
    if form.is_valid():
        try:
            entry.take_back(deposit, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
            deposit = found(code)
        else:
            messages.success(request, _("The entry is taken back: the deposit stands as before."))
            return redirect("deposit-detail", code)
    return _correction_page(request, deposit, entry, back_form=form)


def _asked(request: HttpRequest, deposit: Deposit) -> Recorded:
    """Return the entry the form was made for; its verb refuses where another one stands last by now."""
    named = {"refund": REFUND, "payment": PAYMENT}
    return named.get(request.POST.get("entry", ""), entry_of(deposit))


def _correction_page(
    request: HttpRequest,
    deposit: Deposit,
    entry: Recorded,
    *,
    form: forms.Form | None = None,
    back_form: ReasonForm | None = None,
) -> HttpResponse:
    """Show what stands there and the forms; `form` or `back_form` was not accepted."""
    context = {
        "deposit": deposit,
        "entry": "refund" if entry.is_refund else "payment",
        "obstacle": entry.obstacle(request.user, deposit),
        "form": form or entry.form(initial=entry.stands(deposit)),
        "back_form": back_form or ReasonForm(auto_id="id_back_%s"),
        "of_correcting": [_("What stood there before is kept, with your name and the reason.")],
        "of_taking_back": entry.after_taking_back(deposit),
    }
    return render(request, "marketplace/auctions/deposit_correct.html", context)
