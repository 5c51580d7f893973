"""Postponing an announced session, and setting it to new times."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from marketplace.auctions import actions, rules
from marketplace.auctions.announcing import notice_days
from marketplace.auctions.models import AuctionSession
from marketplace.auctions.postponing import postponement_of
from marketplace.auctions.postponing_forms import NewTimesForm, PostponementForm
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
