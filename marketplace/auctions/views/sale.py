"""Pages everybody sees: sessions, one session, one lot, its record."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from marketplace.auctions import record, rules, verifier
from marketplace.auctions.announced_terms import after_the_sale, whom_to_ask
from marketplace.auctions.bidding_page import bands, bidding_context
from marketplace.auctions.by_number import public_lot, standing_answer
from marketplace.auctions.conflicts import conflicts_of
from marketplace.auctions.frames import frame_of
from marketplace.auctions.halting import grounds_told
from marketplace.auctions.ladder import instant
from marketplace.auctions.locking import lot_now, tells_bids, wait_for_the_disk
from marketplace.auctions.models import AuctionSession, BidderRegistration, Lot
from marketplace.auctions.postponing import postponement_of
from marketplace.auctions.priority_holders import holders_announced
from marketplace.auctions.registering import takes_applications
from marketplace.auctions.rehearsal_page import to_join
from marketplace.auctions.result_page import buyers_of, deals_of
from marketplace.auctions.sealed_page import template_of
from marketplace.auctions.sealing import public_key
from marketplace.auctions.sessions import SessionQuerySet
from marketplace.auctions.standing import why_not_bid
from marketplace.auctions.words import LOT_TONES, SESSION_TONES
from marketplace.core import clock
from marketplace.core.rules import why_not

ON_A_PAGE = 20


def with_figures(sessions: SessionQuerySet, among: Q | None = None) -> SessionQuerySet:
    """Add counts and sums of the lots to sessions, or of those `among` them, in the same query."""
    sold = Q(lots__state__in=Lot.SUCCEEDED) & (among or Q())
    return sessions.with_counts(among).annotate(
        sold_count=Count("lots", filter=sold), sold_total=Sum("lots__price", filter=sold)
    )


@require_safe
def session_list(request: HttpRequest) -> HttpResponse:
    """Sessions: live, upcoming, finished."""
    public = with_figures(AuctionSession.objects.announced())
    context = {
        "running": public.live(),
        "upcoming": public.upcoming(),
        "finished": Paginator(
            public.finished().filter(is_practice=False).order_by("-starts_at", "-id"), ON_A_PAGE
        ).get_page(request.GET.get("page")),
        "tones": SESSION_TONES,
        "may_plan": why_not(rules.plan_session, request.user) is None,
    }
    return render(request, "marketplace/auctions/session_list.html", context)


@require_safe
@tells_bids
def session_detail(request: Any, number: str) -> HttpResponse:
    """One session: its terms, its lots, and where one's own applications stand."""
    visible = AuctionSession.objects.visible_to(request.user)
    session = get_object_or_404(visible.select_related("organiser", "auction_company"), number=number)
    veiled = session.lots.filter(format=Lot.Format.SEALED, state__in=Lot.SECRET)
    bidders = BidderRegistration.objects.standing().filter(lot__session=session).exclude(lot__in=veiled)
    now = clock.now()
    rows = _lot_rows(request, session, now)
    shown = Q(lots__pk__in=[row["lot"].pk for row in rows])
    context = {
        "session": session,
        "tone": SESSION_TONES[session.state],
        "rows": rows,
        "bands": bands(session.increment_ladder, get_language() or "zh-hans"),
        "figures": with_figures(AuctionSession.objects.filter(pk=session.pk), among=shown).get(),
        "terms": after_the_sale(session.announcement or {}),
        "whom_to_ask": whom_to_ask(session.announcement or {}, is_viewed=session.viewing_from is not None),
        "amendments": session.amendments.order_by("position"),
        "postponement": postponement_of(session),
        "reserves": sum(1 for row in rows if row["lot"].has_reserve),
        "bidders": bidders.values("organisation").distinct().count(),
        "has_sealed": any(row["lot"].is_sealed for row in rows),
        "veiled": sum(1 for row in rows if row["lot"].is_veiled),
        "is_all_veiled": all(row["lot"].is_veiled for row in rows if row["lot"].state != Lot.State.WITHDRAWN),
        "manages": why_not(rules.plan_session, request.user) is None,
        "is_running": session.state in (session.State.REGISTRATION, session.State.POSTPONED, session.State.LIVE),
        "language": get_language() or "zh-hans",
        "server_time": instant(now),
        "rehearsals": to_join(request, session, at=now),
        "now": now,
    }
    return render(request, "marketplace/auctions/session_detail.html", context)


def _lot_rows(request: Any, session: AuctionSession, at: datetime) -> list[dict[str, Any]]:
    """Return the session's lots with what the reader may do about each at `at`."""
    visible = session.lots.visible_to(request.user).exclude(Q(state=Lot.State.WITHDRAWN) & Q(announced_at=None))
    lots = list(visible.select_related("outcome__owner", "session", "leader__organisation").order_by("position"))
    own, deals, buyers = _own_registrations(request, lots), deals_of(request, lots), buyers_of(lots)
    obstacles = _obstacles(request, [lot for lot in lots if takes_applications(lot, at)])
    grounds = grounds_told(lots)
    return [
        {
            "lot": lot,
            "tone": LOT_TONES[lot.state],
            "ground": grounds.get(lot.pk, ""),
            "ends_at": instant(lot.ends_at),
            "registration": own.get(lot.pk),
            "holders": holders_announced(lot),
            "buyer": buyers.get(lot.pk, ""),
            "deal": deals.get(lot.number),
            "applies": takes_applications(lot, at),
            "obstacle": obstacles.get(lot.pk),
        }
        for lot in lots
    ]


def _obstacles(request: Any, lots: list[Lot]) -> dict[int, str]:
    """Return why the reader does not apply for these lots, by lot, as `rules_of_bidders.apply_for_lot` says it."""
    reason = why_not(why_not_bid, request.user, request.organisation)
    if reason is not None:
        return {lot.pk: reason for lot in lots}
    return conflicts_of(request.organisation, lots, request.user) if request.organisation is not None and lots else {}


def _own_registrations(request: Any, lots: list[Lot]) -> dict[int, BidderRegistration]:
    """Return the standing registrations of the organisation one acts for, by lot."""
    if request.organisation is None:
        return {}
    mine = BidderRegistration.objects.standing().filter(organisation=request.organisation, lot__in=lots)
    return {registration.lot_id: registration for registration in mine.select_related("deposit")}


@never_cache
@require_safe
@tells_bids
def lot_detail(request: Any, number: str) -> HttpResponse:
    """The live page of a lot."""
    lot = public_lot(request, number)
    return render(request, template_of(lot), bidding_context(request, lot))


@never_cache
@require_safe
def lot_state(request: HttpRequest, number: str) -> HttpResponse:
    """The frame of the stream as JSON, for readers whose stream is down; `?since=` and an ETag."""
    since = request.GET.get("since") or request.GET.get("after") or "0"
    return standing_answer(request, number, since=_place(since), language=_language(request))


def _place(since: str) -> int:
    return int(since) if since.isascii() and since.isdigit() and len(since) < 10 else 0


def _language(request: HttpRequest) -> str:
    return "en" if request.GET.get("lang") == "en" else "zh-hans"


@never_cache
@require_safe
def lot_events(request: HttpRequest, number: str) -> HttpResponse:
    """One frame of the stream, where Django answers it: the browser comes again after the pause it is told."""
    lot = get_object_or_404(Lot.objects.public(), number=number)
    since = request.headers.get("Last-Event-ID") or request.GET.get("after") or "0"
    with translation.override(_language(request)):
        data = json.dumps(frame_of(lot, since=_place(since), at=lot_now()), ensure_ascii=False)
    body = f"retry: 1000\nid: {lot.shown_seq}\nevent: lot\ndata: {data}\n\n"
    return HttpResponse(body, content_type="text/event-stream; charset=utf-8")


@require_safe
def lot_record(request: HttpRequest, number: str) -> HttpResponse:
    """The whole public record of a lot, to download and to check with `verifier.py`."""
    lot = get_object_or_404(Lot.objects.public().select_related("session"), number=number)
    lines = record.export(lot)
    wait_for_the_disk()
    answer = HttpResponse(lines, content_type="application/jsonl; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{lot.number}.jsonl"'
    answer["X-Receipt-Key"] = public_key()
    return answer


@require_safe
def lot_verifier(request: HttpRequest) -> FileResponse:
    """The program that checks a downloaded record; it needs only Python."""
    return FileResponse(
        Path(verifier.__file__).open("rb"), as_attachment=True, filename="verifier.py", content_type="text/x-python"
    )


@never_cache
@require_safe
def platform_time(request: HttpRequest) -> JsonResponse:
    """The time lots live by."""
    return JsonResponse({"server_time": instant(lot_now())})
