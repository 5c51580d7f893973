"""A lot by its number, closed first if its end has passed: for one reader, and where it stands for everybody."""

import hashlib

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.http import parse_etags

from marketplace.auctions.closing import close_lot
from marketplace.auctions.frames import frame_of
from marketplace.auctions.locking import lot_now
from marketplace.auctions.models import Lot

FOR_A_PAGE = ("session__organiser", "outcome__owner", "outcome__field", "leader__organisation")
FOR_A_BID = ("session", "outcome__owner")  # what its rule reads: to plan the joins of a page took longer than to bid


def public_lot(request: HttpRequest, number: str, *, related: tuple[str, ...] = FOR_A_PAGE) -> Lot:
    """Return a lot the reader may open with its related records, closed first if its end has passed."""
    lots = Lot.objects.visible_to(request.user).select_related(*related)
    lot = get_object_or_404(lots, number=number)
    if close_lot(lot):
        lot = lots.get(pk=lot.pk)
    return lot


def standing_answer(request: HttpRequest, number: str, *, since: int, language: str) -> HttpResponse:
    """Return the frame of the stream as JSON, with the events after `since`; 304 to whoever has it already."""
    lot = get_object_or_404(Lot.objects.public(), number=number)
    if close_lot(lot):
        lot.refresh_from_db()
    standing = f"{lot.shown_head} {lot.state} {lot.ends_at} {since} {language}"
    tag = f'"{hashlib.sha256(standing.encode()).hexdigest()[:20]}"'
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponseNotModified(headers={"ETag": tag})
    with translation.override(language):
        frame = frame_of(lot, since=since, at=lot_now())
    return JsonResponse(frame, json_dumps_params={"ensure_ascii": False}, headers={"ETag": tag})
