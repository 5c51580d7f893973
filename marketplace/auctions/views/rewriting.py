"""What organisers rewrite before the announcement: the plan of a session, and its lots."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from marketplace.auctions import actions, rules
from marketplace.auctions.forms import RewritingForm
from marketplace.auctions.lot_form import LotRewritingForm
from marketplace.auctions.models import AuctionSession, Lot
from marketplace.auctions.rewriting import require_lot_rewritable, require_rewritable
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import require


@login_required
def session_rewrite(request: HttpRequest, number: str) -> HttpResponse:
    """Rewrite the plan of a session, or say why that is not possible any more."""
    session = get_object_or_404(AuctionSession.objects.kept().select_related("organiser"), number=number)
    require(rules.rewrite_session, request.user, session)
    form = RewritingForm(request.POST or None, instance=session)
    if form.is_valid():
        try:
            actions.rewrite_session(session, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
            session.refresh_from_db()  # the verb may have begun to change it
        else:
            messages.success(request, _("The plan is saved. Sellers agree anew where their terms changed."))
            return redirect("session-manage", session.number)
    context = {"session": session, "form": form, "obstacle": _obstacle(require_rewritable, session)}
    return render(request, "marketplace/auctions/session_rewrite.html", context)


@login_required
def lot_rewrite(request: HttpRequest, number: str) -> HttpResponse:
    """Rewrite a lot, or say why that is not possible any more."""
    lots = Lot.objects.visible_to(request.user).select_related("outcome__owner", "session")
    lot = get_object_or_404(lots, number=number)
    require(rules.rewrite_lot, request.user, lot)
    form = LotRewritingForm(request.POST or None, lot=lot, user=request.user)
    if form.is_valid():
        try:
            actions.rewrite_lot(lot, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
            lot.refresh_from_db()
        else:
            messages.success(request, _("The terms are saved. The seller has been told and agrees to them next."))
            return redirect("lot-manage", lot.number)
    context = {
        "lot": lot,
        "form": form,
        "obstacle": _obstacle(require_lot_rewritable, lot),
        "told": lot.priority_holders.told().count(),
    }
    return render(request, "marketplace/auctions/lot_rewrite.html", context)


def _obstacle(require_it: Callable[[Any], None], record: AuctionSession | Lot) -> str:
    try:
        require_it(record)
    except Refused as refusal:
        return str(refusal)
    return ""
