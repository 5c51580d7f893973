"""A bidder's registrations: apply, hand in documents and powers of attorney, see where they stand, appeal."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from marketplace.auctions import actions, rules_of_bidders
from marketplace.auctions.after_sale import awaits_judgement
from marketplace.auctions.appealing import why_not_appealed
from marketplace.auctions.application_forms import ApplicationForm, AuthorityForm, MoreDocumentsForm
from marketplace.auctions.application_page import (
    after_its_end,
    before_withdrawing,
    filed,
    may_add_documents,
    may_step_back,
    powers_of,
    was_moved,
)
from marketplace.auctions.authorising import takes_authorities
from marketplace.auctions.by_number import public_lot
from marketplace.auctions.declaration import VERSION, words_of
from marketplace.auctions.deposit_account import deposit_account
from marketplace.auctions.forms import AppealForm
from marketplace.auctions.locking import lot_now
from marketplace.auctions.models import BidderRegistration, DefaultAppeal
from marketplace.auctions.stepping_back import why_not_step_back
from marketplace.auctions.words import DEPOSIT_TONES, REGISTRATION_TONES
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import require, why_not


@login_required
def lot_apply(request: Any, number: str) -> HttpResponse:
    """Apply to bid on a lot."""
    lot = public_lot(request, number)
    require(rules_of_bidders.apply_for_lot, request.user, lot, request.organisation)
    form = ApplicationForm(request.POST or None, request.FILES or None)
    if request.organisation is None:
        messages.info(request, _("Choose the organisation you act for first."))
        return redirect(lot)
    if form.is_valid():
        try:
            registration = actions.apply_for_lot(
                lot, by=request.user, organisation=request.organisation, **form.facts()
            )
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(
                request, _("Your application is in. The organiser checks it, usually within 2 working days.")
            )
            return redirect(registration)
    if form.has_error("declared"):  # perhaps its words are new: what is sent next is what stands on this page
        sent = request.POST.copy()
        sent["version"] = VERSION
        form.data = sent
    applied = lot.registrations.standing().filter(organisation=request.organisation).first()
    context = {"lot": lot, "form": form, "declaration": words_of(VERSION), "version": VERSION, "applied": applied}
    return render(request, "marketplace/auctions/lot_apply.html", context)


@login_required
def registration_list(request: Any) -> HttpResponse:
    """The registrations of one's own organisations."""
    mine = BidderRegistration.objects.of(request.user)
    registrations = mine.select_related("lot__outcome", "lot__session", "organisation", "deposit").order_by(
        "-applied_at"
    )
    context = {"registrations": registrations, "tones": REGISTRATION_TONES}
    return render(request, "marketplace/auctions/registration_list.html", context)


@login_required
def registration_detail(request: Any, code: str) -> HttpResponse:
    """Where one application stands, and what it waits for; the bidder hands in what was asked for."""
    there = BidderRegistration.objects.visible_to(request.user)
    parts = ("lot__outcome__owner", "lot__session__organiser", "organisation", "deposit", "agent")
    registration = get_object_or_404(there.select_related(*parts), code=code)
    if request.method == "POST":
        require(rules_of_bidders.add_documents, request.user, registration)
    form = MoreDocumentsForm(request.POST or None, request.FILES or None)
    was_asked = registration.state == registration.State.DOCUMENTS
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_documents(
                registration,
                by=request.user,
                organisation=registration.organisation,
                documents=form.papers(),
            )
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(
                request,
                _("The documents are in. The application is checked again.")
                if was_asked
                else _("The documents are in, beside those you sent before."),
            )
            return redirect(registration)
        registration.refresh_from_db()  # the verb may have begun to change it
    return _registration_page(request, registration, form)


def _registration_page(
    request: Any,
    registration: BidderRegistration,
    form: MoreDocumentsForm,
    *,
    appeal_form: AppealForm | None = None,
    authority_form: AuthorityForm | None = None,
) -> HttpResponse:
    barrier = why_not(rules_of_bidders.hand_in_authority, request.user, registration)
    may_authorise = barrier is None and takes_authorities(registration)
    context = {
        "registration": registration,
        "lot": registration.lot,
        "tone": REGISTRATION_TONES[registration.state],
        "deposit_tone": DEPOSIT_TONES[registration.deposit.state] if registration.deposit else "",
        "account": deposit_account(),
        "is_own": request.user.acts_for(registration.organisation_id),
        "declaration": words_of(registration.declaration_version),
        "powers": powers_of(registration),
        "authority_form": (authority_form or _authority_form(registration)) if may_authorise else None,
        "is_judged_next": registration.pk == registration.lot.leader_id and awaits_judgement(registration.lot),
        "files": filed(registration),
        "steps": _steps(registration),
        "follows": before_withdrawing(registration) if may_step_back(request.user, registration) else [],
        "was_moved": was_moved(registration),
        "may_add": may_add_documents(request.user, registration),
        **after_its_end(request.user, registration),
        "form": form,
        **_appeal_context(request, registration, appeal_form),
    }
    return render(request, "marketplace/auctions/registration_detail.html", context)


def _authority_form(registration: BidderRegistration, *bound: Any) -> AuthorityForm:
    return AuthorityForm(*bound, organisation=registration.organisation, auto_id="id_power_%s")


@login_required
@require_POST
def registration_authorise(request: Any, code: str) -> HttpResponse:
    """The bidder hands in a power of attorney for one of its agents."""
    there = BidderRegistration.objects.of(request.user).select_related("lot__outcome", "lot__session", "organisation")
    registration = get_object_or_404(there, code=code)
    require(rules_of_bidders.hand_in_authority, request.user, registration)
    form = _authority_form(registration, request.POST, request.FILES)
    if form.is_valid():
        try:
            actions.hand_in_authority(
                registration,
                by=request.user,
                organisation=registration.organisation,
                agent=form.cleaned_data["agent"],
                power=form.power,
            )
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("The power of attorney is in. The organiser checks it."))
            return redirect(registration)
    return _registration_page(request, registration, MoreDocumentsForm(), authority_form=form)


@login_required
@require_POST
def registration_appeal(request: Any, code: str) -> HttpResponse:
    """The buyer appeals against the declaration of its default."""
    there = BidderRegistration.objects.of(request.user).select_related("lot__outcome", "lot__session", "organisation")
    registration = get_object_or_404(there, code=code)
    require(rules_of_bidders.appeal_default, request.user, registration)
    form = AppealForm(request.POST, request.FILES, auto_id="id_appeal_%s")
    if form.is_valid():
        try:
            actions.appeal_default(
                registration, by=request.user, organisation=registration.organisation, **form.cleaned_data
            )
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("Your appeal is in. Somebody decides who did not declare the default."))
            return redirect(registration)
    return _registration_page(request, registration, MoreDocumentsForm(), appeal_form=form)


@login_required
def registration_withdraw(request: Any, code: str) -> HttpResponse:
    """A bidder withdraws its application; asked once more first."""
    there = BidderRegistration.objects.of(request.user)
    parts = ("lot__outcome__owner", "lot__session", "organisation", "deposit")
    registration = get_object_or_404(there.select_related(*parts), code=code)
    require(rules_of_bidders.withdraw_application, request.user, registration)
    if request.method == "POST":
        try:
            actions.withdraw_application(registration, by=request.user, organisation=registration.organisation)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Your application is withdrawn."))
        return redirect(registration)
    obstacle = why_not_step_back(registration, lot_now())
    context = {
        "registration": registration,
        "lot": registration.lot,
        "obstacle": str(obstacle()) if obstacle else "",
        "follows": before_withdrawing(registration),
    }
    return render(request, "marketplace/auctions/registration_withdraw.html", context)


def _appeal_context(request: Any, registration: BidderRegistration, form: AppealForm | None) -> dict[str, Any]:
    appeal = DefaultAppeal.objects.filter(registration=registration).first()
    barrier = why_not(rules_of_bidders.appeal_default, request.user, registration)
    may = barrier is None and why_not_appealed(registration) is None
    return {"appeal": appeal, "may_appeal": may, "appeal_form": form or AppealForm(auto_id="id_appeal_%s")}


def _steps(registration: BidderRegistration) -> list[dict[str, str]]:
    """Return the way to a number as steps."""
    order = {"applied": 1, "documents": 1, "deposit_due": 2, "deposit_held": 3, "qualified": 4}
    labels = [_("Application"), _("Documents checked"), _("Deposit"), pgettext("bidder", "Number"), _("Bidding")]
    current = order.get(registration.state, len(labels))
    return [
        {"label": label, "state": "done" if place < current else "current" if place == current else ""}
        for place, label in enumerate(labels)
    ]
