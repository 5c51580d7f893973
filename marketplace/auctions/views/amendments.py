"""What organisers publish beside an announcement before the bidding: amendments."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from marketplace.auctions import actions, rules
from marketplace.auctions.amending import require_amendable
from marketplace.auctions.amendment_form import AmendmentForm
from marketplace.auctions.locking import lot_now
from marketplace.auctions.models import AuctionSession
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import require


@login_required
def session_amend(request: HttpRequest, number: str) -> HttpResponse:
    """Amend an announcement, or say why that is not possible any more."""
    session = get_object_or_404(AuctionSession.objects.kept(), number=number)
    require(rules.amend_announcement, request.user, session)
    form = AmendmentForm(request.POST or None, session=session)
    if form.is_valid():
        try:
            amendment = actions.amend_announcement(session, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            words = {"number": amendment.position}
            messages.success(request, _("Amendment %(number)s is published. Bidders and sellers are told.") % words)
            return redirect(session.announcement_url)
    context: dict[str, Any] = {"session": session, "form": form, "obstacle": _obstacle(session)}
    return render(request, "marketplace/auctions/session_amend.html", context)


def _obstacle(session: AuctionSession) -> str:
    try:
        require_amendable(session, lot_now())
    except Refused as refusal:
        return str(refusal)
    return ""
