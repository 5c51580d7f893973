"""Postponing an announced session and setting it to new times; a bidder steps back from it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from marketplace.auctions import actions, rules, rules_of_bidders
from marketplace.auctions.locking import lot_now
from marketplace.auctions.models import AuctionSession, BidderRegistration
from marketplace.auctions.planning import notice_days
from marketplace.auctions.postponing import postponement_of
from marketplace.auctions.postponing_forms import NewTimesForm, PostponementForm
from marketplace.auctions.registering import takes_applications
from marketplace.auctions.stepping_back import why_not_step_back
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import require


@login_required
def session_postpone(request: HttpRequest, number: str) -> HttpResponse:
    """Postpone a session, with the reason that is published."""
    session = get_object_or_404(AuctionSession.objects.kept(), number=number)
    require(rules.postpone_session, request.user, session)
    form = PostponementForm(request.POST or None)
    if form.is_valid():
        try:
            actions.postpone_session(session, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("The session is postponed. Everybody concerned is told; deposits stay held."))
            return redirect("session-manage", session.number)
        session = AuctionSession.objects.get(pk=session.pk)
    context: dict[str, Any] = {
        "session": session,
        "form": form,
        "may_be_postponed": session.State.POSTPONED in session.NEXT.get(session.state, ()),
    }
    return render(request, "marketplace/auctions/session_postpone.html", context)


@login_required
def session_reannounce(request: HttpRequest, number: str) -> HttpResponse:
    """Announce a postponed session again, for new times."""
    session = get_object_or_404(AuctionSession.objects.kept(), number=number)
    require(rules.reannounce_session, request.user, session)
    form = NewTimesForm(request.POST or None, session=session)
    if form.is_valid():
        times = {name: value for name, value in form.cleaned_data.items() if name != "sure"}
        try:
            actions.reannounce_session(session, by=request.user, **times)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("The session is announced again. Everybody concerned is told."))
            return redirect(session.announcement_url)
        session = AuctionSession.objects.get(pk=session.pk)
    context: dict[str, Any] = {
        "session": session,
        "form": form,
        "postponement": postponement_of(session),
        "notice_days": notice_days(session),
    }
    return render(request, "marketplace/auctions/session_reannounce.html", context)


@login_required
def registration_withdraw(request: Any, code: str) -> HttpResponse:
    """A bidder withdraws its application for a lot whose session was postponed; asked once more first."""
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
    lot, now = registration.lot, lot_now()
    obstacle = why_not_step_back(registration, now)
    context = {
        "registration": registration,
        "lot": lot,
        "obstacle": str(obstacle()) if obstacle else "",
        "may_come_back": lot.session.is_postponed or takes_applications(lot, now),
    }
    return render(request, "marketplace/auctions/registration_withdraw.html", context)
