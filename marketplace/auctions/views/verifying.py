"""The page on which anybody's browser checks the record of a lot, and a receipt against it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from marketplace.auctions.aftermath import aftermath_of
from marketplace.auctions.locking import tells_bids
from marketplace.auctions.models import Lot
from marketplace.auctions.sealing import public_key


@never_cache
@require_safe
@tells_bids
def lot_verify(request: Any, number: str) -> HttpResponse:
    """Hand over what the platform claims (head, key); the browser asks for the record and judges by itself."""
    lot = get_object_or_404(Lot.objects.public().select_related("session", "outcome"), number=number)
    context = {"lot": lot, "session": lot.session, "public_key": public_key(), "aftermath": aftermath_of(lot)}
    return render(request, "marketplace/auctions/lot_verify.html", context)
