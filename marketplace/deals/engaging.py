"""The page of a broker who is named in a deal: for whom, for what, the terms; accept or decline. Nothing else of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from marketplace.brokers.working import why_not_work
from marketplace.core.refusals import Refused
from marketplace.deals import nda
from marketplace.deals.brokering import consents, offers_both
from marketplace.deals.engagement import accept_engagement, is_asked
from marketplace.deals.models import Deal, Side
from marketplace.deals.withheld import buyer_for, party_for


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def deal_engagement(request: Any, code: str) -> HttpResponse:
    """Who names the broker, for which side of what, and the terms; a post accepts them."""
    deal = get_object_or_404(Deal.objects.naming(request.user).with_parties(), code=code)
    if request.method == "POST":
        return _accept(request, deal)
    asked, stopped = is_asked(deal), why_not_work(deal.broker) if deal.broker is not None else None
    return render(request, "marketplace/deals/deal_engagement.html", _context(request, deal, asked, stopped))


def _accept(request: Any, deal: Deal) -> HttpResponse:
    try:
        accept_engagement(deal, by=request.user, version=request.POST.get("version", ""))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("deal-engagement", deal.code)
    messages.success(request, _("You have accepted. Both sides are told that you take part."))
    return redirect(deal)


def _context(request: Any, deal: Deal, asked: bool, stopped: str | None) -> dict[str, Any]:
    sides = list(Side) if deal.client is None else [deal.client]
    given = consents(deal)
    by = next((given[side] for side in sides if side in given), None)
    return {
        "deal": deal,
        "asked": asked,
        "stopped": stopped,
        "clients": [party_for(deal, side, request.user) for side in sides],
        "other": party_for(deal, deal.client.other, request.user) if deal.client is not None else "",
        "acts": deal.get_broker_side_display(),
        "for_both": deal.client is not None and offers_both(deal),
        "given_at": by.given_at if by is not None else None,
        "has_accepted": deal.broker_accepted_at is not None,
        "is_open": deal.state not in Deal.ENDED,
        "buyer": buyer_for(deal, request.user),
        "nda_version": nda.VERSION,
    }
