"""Suspending every open lot of a session at once, with one reason, and letting just these go on; why lots wait."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules
from marketplace.auctions.conduct import resume_held, suspend_held
from marketplace.auctions.finding import LotQuerySet
from marketplace.auctions.locking import hold_lot
from marketplace.auctions.models import AuctionSession, Lot, LotEvent
from marketplace.auctions.reasons import require_reason
from marketplace.auctions.words import suspension_ground
from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import User


class NoLotOpen(Refused):
    message = _("No lot of the session is open for bids now.")


class NoneSuspended(Refused):
    message = _("No lot of the session is suspended together with it. A lot suspended by itself is resumed by itself.")


def open_lots(session: AuctionSession, at: datetime) -> LotQuerySet:
    """Return the lots that a suspension of the whole session would stop at `at`."""
    return Lot.objects.filter(session=session).in_bidding(at)


def halted_lots(session: AuctionSession) -> LotQuerySet:
    """Return the lots that were suspended with the whole session, not by themselves."""
    last = LotEvent.objects.filter(lot=OuterRef("pk"), kind="suspended").order_by("-seq")
    suspended = Lot.objects.filter(session=session, state=Lot.State.SUSPENDED)
    return suspended.annotate(whole=Subquery(last.values("payload__session")[:1])).filter(whole=True)


def grounds_told(lots: Iterable[Lot]) -> dict[int, str]:
    """Return, by lot, in words on which ground each of these that is suspended waits, as its record has it."""
    waiting = [lot.pk for lot in lots if lot.state == Lot.State.SUSPENDED]
    if not waiting:
        return {}
    events = LotEvent.objects.filter(lot__in=waiting, kind="suspended").order_by("seq")
    return {event.lot_id: suspension_ground(event.payload) for event in events}  # of each lot the last one stays


@transaction.atomic
def suspend_bidding(session: AuctionSession, *, by: User, ground: str, reason: str) -> list[Lot]:
    """Suspend all open lots of a session, or none; return them. Each is held in turn and keeps its own remaining time.

    Raises NoLotOpen, ReasonMissing, Busy.
    """
    require(rules.suspend_bidding, by, session)
    reason = require_reason(reason)
    stopped = []
    for lot in session.lots.order_by("pk"):
        now = hold_lot(lot)
        if lot.is_open(now):
            suspend_held(lot, at=now, by=by, ground=ground, reason=reason, session=True)
            stopped.append(lot)
    if not stopped:
        raise NoLotOpen()
    journal.record(Kind.SESSION_SUSPENDED, session, by=by, ground=ground, lots=[lot.number for lot in stopped])
    return stopped


@transaction.atomic
def resume_bidding(session: AuctionSession, *, by: User) -> list[Lot]:
    """Let the lots go on that were suspended with the whole session; return them. Raises NoneSuspended, Busy."""
    require(rules.resume_bidding, by, session)
    resumed = []
    for lot in halted_lots(session).order_by("pk"):
        now = hold_lot(lot)
        if lot.state == lot.State.SUSPENDED:
            resume_held(lot, at=now, by=by, with_session=True)
            resumed.append(lot)
    if not resumed:
        raise NoneSuspended()
    journal.record(Kind.SESSION_RESUMED, session, by=by, lots=[lot.number for lot in resumed])
    return resumed
