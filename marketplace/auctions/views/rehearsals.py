"""Rehearsals: organisers begin and wipe one, bidders join all lots of one by one press."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.auctions import actions, rules
from marketplace.auctions.models import AuctionSession
from marketplace.auctions.rehearsal_page import RehearsalForm, joinable_lots
from marketplace.auctions.views.sessions import session_page
from marketplace.core import clock
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import require


@login_required
@require_POST
def session_rehearse(request: HttpRequest, number: str) -> HttpResponse:
    """Begin a rehearsal of an announced session."""
    session = get_object_or_404(AuctionSession.objects.kept(), number=number)
    require(rules.rehearse_session, request.user, session)
    form = RehearsalForm(request.POST, auto_id="id_rehearse_%s")
    if form.is_valid():
        facts = form.cleaned_data
        try:
            rehearsal = actions.rehearse_session(
                session, by=request.user, starts_at=facts["starts_at"], lasts=timedelta(minutes=facts["minutes"])
            )
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("The rehearsal stands. Who has registered is told, and may join by one press."))
            return redirect("session-manage", rehearsal.number)
    return session_page(request, session, rehearse=form)


@login_required
@require_POST
def rehearsal_wipe(request: HttpRequest, number: str) -> HttpResponse:
    """Hide a rehearsal from everybody, for good."""
    session = get_object_or_404(AuctionSession.objects.kept().select_related("rehearsal_of"), number=number)
    require(rules.wipe_rehearsal, request.user, session)
    actions.wipe_rehearsal(session, by=request.user)
    messages.success(request, _("The rehearsal is wiped: nobody finds it any more."))
    return redirect("session-manage", session.rehearsal_of.number)


@login_required
@require_POST
def rehearsal_join(request: Any, number: str) -> HttpResponse:
    """Join every lot of a rehearsal that was registered for in earnest; a lot that ended meanwhile is left out."""
    rehearsals = AuctionSession.objects.visible_to(request.user).exclude(rehearsal_of=None)
    session = get_object_or_404(rehearsals, number=number)
    joined = 0
    for lot in joinable_lots(request, session, at=clock.now()):
        try:
            actions.join_rehearsal(lot, by=request.user, organisation=request.organisation)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            joined += 1
    if joined:
        messages.success(request, _("You take part in the rehearsal. Nothing counts, and the money is practice money."))
    else:
        messages.error(request, _("There is no lot of this rehearsal that you may join."))
    return redirect(session)
