"""A lot by its number, closed first if its end has passed: for one reader, and where it stands for everybody."""

import hashlib

from django.db.models import DateTimeField, Func
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.http import parse_etags

from marketplace.auctions.closing import close_lot
from marketplace.auctions.frames import frame_of
from marketplace.auctions.locking import lot_now
from marketplace.auctions.models import Lot
from marketplace.core import clock

FOR_A_PAGE = ("session__organiser", "outcome__owner", "outcome__field", "leader__organisation")
FOR_A_BID = (  # what rule and refusal read: a session's announcement and an outcome's texts took longer than the bid
    *("number", "format", "state", "starts_at", "ends_at", "start_price", "increment_ladder", "sealed_key"),
    *("price", "leader_id", "seq", "head_hash", "outcome_id", "session__wiped_at", "session__rehearsal_of_id"),
)
DATABASE_CLOCK = Func(function="clock_timestamp", output_field=DateTimeField())


def public_lot(request: HttpRequest, number: str) -> Lot:
    """Return a lot the reader may open with its related records, closed first if its end has passed."""
    lots = Lot.objects.visible_to(request.user).select_related(*FOR_A_PAGE)
    lot = get_object_or_404(lots, number=number)
    if close_lot(lot):
        lot = lots.get(pk=lot.pk)
    return lot


def lot_for_a_bid(request: HttpRequest, number: str) -> Lot:
    """Return the same with what a bid reads, by one query, which reads the clock too (`read_at`)."""
    lots = Lot.objects.visible_to(request.user).select_related("session").only(*FOR_A_BID)
    lot = get_object_or_404(lots.annotate(read_at=DATABASE_CLOCK), number=number)
    if close_lot(lot, at=clock.now() if clock.is_moved() else lot.read_at):
        lot.refresh_from_db()
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
