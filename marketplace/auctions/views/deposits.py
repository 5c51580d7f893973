"""The finance staff's pages: deposits to record and to release. They show no bids and no numbers of bidders."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marketplace.auctions import actions, rules_of_bidders
from marketplace.auctions.deposit_forms import PaymentForm, RefundForm
from marketplace.auctions.deposit_listing import as_table, asked_for, found_by, sums_of
from marketplace.auctions.deposit_rows import DepositQuerySet
from marketplace.auctions.models import Deposit, StrayPayment
from marketplace.auctions.views.entries import entry_of
from marketplace.auctions.words import DEPOSIT_TONES
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import require, why_not
from marketplace.organisations.models import Role

ON_A_PAGE = 50
UNPAID = (Deposit.State.DUE, Deposit.State.LAPSED)


def require_finance(request: HttpRequest) -> None:
    """Refuse whoever neither keeps the money nor supervises those who do."""
    if not (request.user.has_role(Role.FINANCE) or request.user.reads_everything):
        raise PermissionDenied(_("Only finance staff of the platform record deposits."))


@login_required
def deposit_list(request: HttpRequest) -> HttpResponse:
    """Deposits to receive, to release, and all others; or those a search finds. With what they come to."""
    require_finance(request)
    chosen = asked_for(request.GET)
    rows = found_by(_rows(request), chosen)
    is_search = any(chosen.values())
    rest = rows if is_search else rows.exclude(state__in=[Deposit.State.DUE, Deposit.State.RELEASE_DUE])
    context = {
        "chosen": chosen,
        "is_search": is_search,
        "states": Deposit.State.choices,
        "sums": sums_of(rows),
        "strays": StrayPayment.objects.filter(state=StrayPayment.State.OPEN).count(),
        "to_receive": [] if is_search else rows.to_receive(),
        "to_release": [] if is_search else rows.to_release(),
        "others": Paginator(rest.order_by("-id"), ON_A_PAGE).get_page(request.GET.get("page")),
        "tones": DEPOSIT_TONES,
    }
    return render(request, "marketplace/auctions/deposit_list.html", context)


@login_required
@require_safe
def deposit_export(request: HttpRequest) -> HttpResponse:
    """The deposits the search finds as a table; `?format=` xlsx or csv."""
    require_finance(request)
    rows = found_by(_rows(request), asked_for(request.GET)).order_by("-id")
    return as_table(rows, form=request.GET.get("format", "xlsx"))


def _rows(request: HttpRequest) -> DepositQuerySet:
    found: DepositQuerySet = Deposit.objects.visible_to(request.user).real()
    return found.select_related("organisation", "lot", "session")


@login_required
def deposit_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One deposit: record its payment, or its release."""
    require_finance(request)
    deposit = found(code)
    if request.method == "POST":
        require(rules_of_bidders.record_deposit, request.user, deposit)
        if request.POST.get("entry") != _entry_of(deposit):  # a second press, or a colleague's
            return _recorded_meanwhile(request, deposit)
    form = None if why_not(rules_of_bidders.record_deposit, request.user, deposit) else _form_of(deposit, request)
    if request.method == "POST" and form is not None and form.is_valid():
        verb: Any = actions.record_deposit if deposit.state in UNPAID else actions.release_deposit
        try:
            verb(deposit, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
            deposit.refresh_from_db()  # the verb may have begun to change it
            if request.POST["entry"] != _entry_of(deposit):
                return _recorded_meanwhile(request, deposit)
        else:
            done = {"reference": deposit.reference, "state": deposit.get_state_display()}
            messages.success(request, _("Deposit %(reference)s: %(state)s.") % done)
            return redirect("deposit-list")
    uncorrected = entry_of(deposit).obstacle(request.user, deposit)
    keeps_it = why_not(rules_of_bidders.record_deposit, request.user, deposit) is None
    context = {
        "deposit": deposit,
        "form": form,
        "tone": DEPOSIT_TONES[deposit.state],
        "entry": _entry_of(deposit),
        "other": _other_due(deposit),
        "corrections": deposit.corrections.select_related("made_by").order_by("-id"),
        "refund_corrections": deposit.refund_corrections.select_related("made_by").order_by("-id"),
        "may_correct": not uncorrected,
        "why_not_corrected": uncorrected if keeps_it and deposit.received_at is not None else "",
    }
    return render(request, "marketplace/auctions/deposit_detail.html", context)


def _recorded_meanwhile(request: HttpRequest, deposit: Deposit) -> HttpResponse:
    """Send the reader to what stands there, instead of reading a form for one entry as one for the next."""
    messages.info(request, _("Something was recorded of this deposit meanwhile. See what stands there now."))
    return redirect("deposit-detail", deposit.code)


def _entry_of(deposit: Deposit) -> str:
    """Return what is recorded next: a form that was made for another entry must not be read as this one."""
    return "payment" if deposit.state in UNPAID else "refund" if deposit.state == Deposit.State.RELEASE_DUE else ""


def _other_due(deposit: Deposit) -> Deposit | None:
    """Return what the same bidder still has to pay in the session, where this deposit is not asked for any more."""
    if deposit.state != Deposit.State.LAPSED:
        return None
    due = Deposit.objects.filter(session=deposit.session, organisation=deposit.organisation, amount=deposit.amount)
    return due.to_receive().first()


def _form_of(deposit: Deposit, request: HttpRequest) -> PaymentForm | RefundForm | None:
    """Return the form the deposit's state asks for."""
    if deposit.state in UNPAID:
        expected = {"amount": deposit.amount} if deposit.state == Deposit.State.DUE else {}
        return PaymentForm(request.POST or None, initial=expected)
    if deposit.state == Deposit.State.RELEASE_DUE:
        return RefundForm(request.POST or None)
    return None


def found(code: str) -> Deposit:
    return get_object_or_404(Deposit.objects.select_related("organisation", "lot", "session"), code=code)
