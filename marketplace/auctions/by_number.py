"""A lot by its number, closed first if its end has passed: for one reader, and where it stands for everybody."""

import hashlib
import json

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.http import parse_etags

from marketplace.auctions.closing import close_lot
from marketplace.auctions.frames import frame_of
from marketplace.auctions.locking import lot_now
from marketplace.auctions.models import AuctionSession, Lot
from marketplace.core import clock

FOR_A_PAGE = ("session__organiser", "outcome__owner", "outcome__field", "leader__organisation")
OF_A_LOT = [  # what rule, limit and refusal read, in the model's order; the rest is read when somebody asks for it
    *("id", "number", "session_id", "outcome_id", "format", "start_price", "increment_ladder", "sealed_key"),
    *("starts_at", "state", "ends_at", "price", "leader_id", "seq", "head_hash"),
]
LADDER = OF_A_LOT.index("increment_ladder")
OF_ITS_SESSION = ["id", "rehearsal_of_id", "wiped_at"]
FOR_A_BID = """
    SELECT clock_timestamp(), s.id, s.rehearsal_of_id, s.wiped_at,
        l.id, l.number, l.session_id, l.outcome_id, l.format, l.start_price, l.increment_ladder, l.sealed_key,
        l.starts_at, l.state, l.ends_at, l.price, l.leader_id, l.seq, l.head_hash
    FROM marketplace_lot l JOIN marketplace_auctionsession s ON s.id = l.session_id
    WHERE l.number = %s AND l.announced_at IS NOT NULL AND s.wiped_at IS NULL
"""  # in words of SQL, because each bid asks it: put together by the ORM it took longer than the bid


def public_lot(request: HttpRequest, number: str) -> Lot:
    """Return a lot the reader may open with its related records, closed first if its end has passed."""
    lots = Lot.objects.visible_to(request.user).select_related(*FOR_A_PAGE)
    lot = get_object_or_404(lots, number=number)
    if close_lot(lot):
        lot = lots.get(pk=lot.pk)
    return lot


def lot_for_a_bid(number: str) -> Lot:
    """Return a lot everybody may open with what a bid reads, by one query, which reads the clock too (`read_at`).

    What is not announced takes no bids, so nobody needs to see it here.
    """
    with connection.cursor() as cursor:
        cursor.execute(FOR_A_BID, [number])
        row = cursor.fetchone()
    if row is None:
        raise Http404
    of_session, of_lot = row[1:4], list(row[4:])
    of_lot[LADDER] = json.loads(of_lot[LADDER])
    lot = Lot.from_db(connection.alias, OF_A_LOT, of_lot)
    lot.session = AuctionSession.from_db(connection.alias, OF_ITS_SESSION, of_session)
    lot.read_at = clock.now() if clock.is_moved() else row[0]
    if close_lot(lot, at=lot.read_at):
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
