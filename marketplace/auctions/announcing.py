"""The announcement of a session: its terms and those of its lots are frozen, and registration opens."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules, sealing
from marketplace.auctions.burdens import require_trials_announced
from marketplace.auctions.consent import require_consent
from marketplace.auctions.ladder import instant
from marketplace.auctions.models import AuctionSession, Lot
from marketplace.auctions.planning import require_viewing_days
from marketplace.auctions.priority import require_invited
from marketplace.auctions.record import announcement_of
from marketplace.auctions.verifier import fingerprint
from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import User

LEAST_BY_LAW = 7  # days between announcement and auction (拍卖法 Art. 45)


class NothingToAnnounce(Refused):
    message = _("Every lot must be approved before the announcement, and there must be one at least.")


class NoticeTooShort(Refused):
    message = _(
        "Between announcement and bidding there must be %(days)s days at least. "
        "Move the bidding to a later day, then announce."
    )
    field = "starts_at"


class BeginsWithoutALot(Refused):
    message = _(
        "The first lot, %(lot)s, begins at %(lot_begins)s, and the session at %(begins)s. "
        "Let a lot begin with the session, or move the session."
    )


class RegistrationOver(Refused):
    message = _("Registration would be over at the announcement already. Move its end to a later day, then announce.")
    field = "registration_closes_at"


def notice_days(session: AuctionSession) -> int:
    """Return the days an announcement must stand before bidding: for auctions never under 7 (拍卖法 Art. 45)."""
    if session.is_practice:
        return 0
    least = settings.AUCTION_NOTICE_DAYS
    return max(LEAST_BY_LAW, least) if session.legal_form == session.LegalForm.LICENSED_AUCTION else least


def require_notice(session: AuctionSession, starts_at: datetime, *, now: datetime) -> None:
    """Refuse a beginning that comes too soon after an announcement made now. Raises NoticeTooShort."""
    days = notice_days(session)
    if starts_at - now < timedelta(days=days):
        raise NoticeTooShort(days=days)


def _require_a_first_lot(session: AuctionSession, lots: list[Lot]) -> None:
    """Refuse a session at whose announced beginning nothing is offered."""
    first = min(lots, key=lambda lot: (lot.starts_at, lot.position))
    if first.starts_at > session.starts_at:
        begins, lot_begins = (
            f"{timezone.localtime(each):%Y-%m-%d %H:%M}" for each in (session.starts_at, first.starts_at)
        )
        raise BeginsWithoutALot(lot=first.number, lot_begins=lot_begins, begins=begins)


def _number_anew(session: AuctionSession, lots: list[Lot]) -> None:
    """Number the lots that are announced from 1 on, without the gaps of those that left; these come after them."""
    gone = session.lots.filter(state=Lot.State.WITHDRAWN).order_by("position")
    order = [*lots, *gone]
    session.lots.update(position=F("position") + len(order) + max(lot.position for lot in order))  # one place each
    for position, lot in enumerate(order, start=1):
        lot.position = position
        lot.save(update_fields=["position"])


@transaction.atomic
def announce_session(session: AuctionSession, *, by: User) -> None:
    """Freeze the terms of the session and of its lots, and open the registration of bidders."""
    session.lock()
    now = clock.now()
    require(rules.announce_session, by, session)
    session.move_to(session.State.ANNOUNCED)
    lots = list(session.lots.exclude(state=Lot.State.WITHDRAWN).select_related("outcome__owner").order_by("position"))
    if not lots or any(lot.state != Lot.State.APPROVED for lot in lots):
        raise NothingToAnnounce()
    require_consent(lots)
    require_notice(session, session.starts_at, now=now)
    if session.registration_closes_at < now:
        raise RegistrationOver()
    require_invited(lots, today=timezone.localdate(now))
    require_viewing_days(session, today=timezone.localdate(now))
    _require_a_first_lot(session, lots)
    require_trials_announced(lots)
    _number_anew(session, lots)
    session.announcement = announcement_of(session, lots) | {"announced_at": instant(now)}
    session.announcement_hash = fingerprint(session.announcement)
    session.announced_at = now
    session.save()
    for lot in lots:
        lot.move_to(lot.State.ANNOUNCED)
        lot.announced_at = now
        lot.sealed_key = sealing.new_lot_key(lot.number) if lot.is_sealed else None
        lot.save(update_fields=["state", "announced_at", "sealed_key"])
    journal.record(Kind.SESSION_ANNOUNCED, session, by=by, lots=len(lots), hash=session.announcement_hash)
    session.move_to(session.State.REGISTRATION)
    session.save(update_fields=["state"])
