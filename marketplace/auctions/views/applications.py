"""What organisers do with applications to bid: accept, ask for documents, reject, give a number."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.auctions import actions, rules_of_bidders
from marketplace.auctions.application_forms import AdmissionForm
from marketplace.auctions.application_page import after_its_end, filed, powers_of
from marketplace.auctions.authorising import TAKEN_IN
from marketplace.auctions.declaration import words_of
from marketplace.auctions.documents import lacking
from marketplace.auctions.forms import ReasonForm
from marketplace.auctions.locking import lot_now
from marketplace.auctions.models import AgentAuthority, BidderRegistration
from marketplace.auctions.revoking import why_not_revoke
from marketplace.auctions.views.staff import require_staff
from marketplace.auctions.words import REGISTRATION_TONES
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import require

REGISTRATION_MOVES: dict[str, tuple[Callable[..., Any], Callable[..., None], type[forms.Form] | None]] = {
    "admit": (rules_of_bidders.admit_bidder, actions.admit_bidder, AdmissionForm),
    "ask": (rules_of_bidders.ask_for_documents, actions.ask_for_documents, ReasonForm),
    "reject": (rules_of_bidders.reject_bidder, actions.reject_bidder, ReasonForm),
    "revoke": (rules_of_bidders.revoke_admission, actions.revoke_admission, ReasonForm),
    "qualify": (rules_of_bidders.qualify_bidder, actions.qualify_bidder, None),
}


def _find(request: HttpRequest, code: str) -> BidderRegistration:
    rows = BidderRegistration.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("lot__outcome__owner", "lot__session", "organisation", "deposit", "agent"), code=code
    )


@login_required
def registration_review(request: HttpRequest, code: str) -> HttpResponse:
    """An application with its documents, and the organiser's decision."""
    return _page(request, _find(request, code))


def _admission_form(registration: BidderRegistration, data: Any = None) -> AdmissionForm:
    return AdmissionForm(data, missing=lacking(registration), auto_id="id_admit_%s")


def _form(kind: type[forms.Form] | None, registration: BidderRegistration, data: Any) -> forms.Form | None:
    """Return the form of a verb, filled in, if it has one."""
    if kind is AdmissionForm:  # once the application is decided there is nothing to ask back
        return _admission_form(registration, data) if registration.state == registration.State.APPLIED else None
    return kind(data) if kind else None


def _power_form(paper: AgentAuthority, data: Any = None) -> ReasonForm:
    """Return the form for why a power of attorney is not in order, told apart from the others' by its ids."""
    form = ReasonForm(data, auto_id=f"id_{paper.code}_%s")
    form.fields["reason"].label = _("why it is not in order")
    return form


def _page(request: HttpRequest, registration: BidderRegistration, **bound: forms.Form) -> HttpResponse:
    """Show an application to the organiser; `bound` is a form that was not accepted."""
    require_staff(request)
    powers = powers_of(registration)
    context = {
        "registration": registration,
        "lot": registration.lot,
        "tone": REGISTRATION_TONES[registration.state],
        "files": filed(registration),
        "is_taken_in": registration.state in TAKEN_IN,
        "powers": [one | {"form": bound.get(one["paper"].code) or _power_form(one["paper"])} for one in powers],
        "later": after_its_end(request.user, registration).get("later"),
        "declaration": words_of(registration.declaration_version),
        "admission_form": bound.get("admit") or _admission_form(registration),
        "reason_form": bound.get("ask") or bound.get("reject") or bound.get("revoke") or ReasonForm(),
        "may_revoke": why_not_revoke(registration, lot_now()) is None,
    }
    return render(request, "marketplace/auctions/registration_review.html", context)


@login_required
@require_POST
def registration_move(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """One verb of REGISTRATION_MOVES on one application."""
    registration = _find(request, code)
    rule, move, kind = REGISTRATION_MOVES[verb]
    require(rule, request.user, registration)
    form = _form(kind, registration, request.POST)
    if form is not None and not form.is_valid():
        return _page(request, registration, **{verb: form})
    try:
        move(registration, by=request.user, **(form.cleaned_data if form is not None else {}))
    except Refused as refusal:
        if form is not None and form.fields:
            put_beside(form, refusal)
            return _page(request, _find(request, code), **{verb: form})
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Application: %(state)s.") % {"state": registration.shown_state})
    return redirect("registration-review", registration.code)


AUTHORITY_MOVES = {"accept": rules_of_bidders.accept_authority, "refuse": rules_of_bidders.refuse_authority}


@login_required
@require_POST
def authority_move(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """The organiser finds one power of attorney in order or not."""
    seen = AgentAuthority.objects.filter(registration__in=BidderRegistration.objects.visible_to(request.user))
    parts = ("registration__lot__outcome__owner", "registration__lot__session", "registration__organisation")
    authority = get_object_or_404(seen.select_related(*parts), code=code)
    require(AUTHORITY_MOVES[verb], request.user, authority)
    form = _power_form(authority, request.POST) if verb == "refuse" else None
    if form is not None and not form.is_valid():
        return _page(request, _find(request, authority.registration.code), **{code: form})
    try:
        if form is None:
            actions.accept_authority(authority, by=request.user)
        else:
            actions.refuse_authority(authority, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Power of attorney: %(state)s.") % {"state": authority.get_state_display()})
    return redirect("registration-review", authority.registration.code)
