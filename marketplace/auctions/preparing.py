"""Before the bidding: plan a session, add lots, review them, announce."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules, sealing
from marketplace.auctions.ladder import instant, is_ladder
from marketplace.auctions.models import AuctionSession, Lot
from marketplace.auctions.numbering import next_number
from marketplace.auctions.record import announcement_of, commitment
from marketplace.auctions.relisting import require_relist_price
from marketplace.auctions.verifier import fingerprint
from marketplace.core import clock, journal
from marketplace.core.codes import new_code
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.availability import release_outcome, reserve_outcome
from marketplace.outcomes.models import ResearchOutcome

LONGEST_REASON = 300


class TimesOutOfOrder(Refused):
    message = _("Registration ends before bidding begins, and bidding begins before it ends.")
    field = "starts_at"


class PracticeOutsideDemo(Refused):
    message = _("Practice sessions exist only in a demonstration.")


class BadLadder(Refused):
    message = _("Increments are bands from 0 upwards, each with a step above zero.")
    field = "increment_ladder"


class LicenceMissing(Refused):
    message = _("An auction needs an auction company, its licence and the auctioneer's licence (Auction Law).")
    field = "auction_company"


class AlreadyInSale(Refused):
    message = _("This outcome is in a sale already.")
    field = "outcome"


class ReserveTooLow(Refused):
    message = _("A reserve below the start price has no effect. Leave it empty or set it at or above the start price.")
    field = "reserve"


class NothingToAnnounce(Refused):
    message = _("Every lot must be approved before the announcement, and there must be one at least.")


class NoticeTooShort(Refused):
    message = _("Between announcement and bidding there must be %(days)s days at least.")
    field = "starts_at"


class ReasonMissing(Refused):
    message = _("Give the reason.")
    field = "reason"


class ReasonTooLong(Refused):
    message = _("The reason has at most %(most)s characters.")
    field = "reason"


def require_reason(reason: str) -> str:
    """Return the reason without outer white space. Raises ReasonMissing, ReasonTooLong."""
    reason = reason.replace("\x00", "").strip()
    if not reason:
        raise ReasonMissing()
    if len(reason) > LONGEST_REASON:
        raise ReasonTooLong(most=LONGEST_REASON)
    return reason


@transaction.atomic
def plan_session(
    *, by: User, organiser: Organisation, starts_at: datetime, registration_closes_at: datetime, **facts: Any
) -> AuctionSession:
    """Begin a session and return it; `facts` are further fields of AuctionSession."""
    require(rules.plan_session, by, organiser)
    if facts.get("is_practice") and not settings.DEMO:
        raise PracticeOutsideDemo()
    if registration_closes_at > starts_at:
        raise TimesOutOfOrder()
    session = AuctionSession(
        number=next_number("OLP", AuctionSession.objects.all()),
        organiser=organiser,
        starts_at=starts_at,
        registration_closes_at=registration_closes_at,
        planned_by=by,
        planned_at=clock.now(),
        **facts,
    )
    if not is_ladder(session.increment_ladder):
        raise BadLadder()
    licences = (session.auction_company, session.company_licence, session.auctioneer_licence)
    if session.legal_form == session.LegalForm.LICENSED_AUCTION and not all(licences):
        raise LicenceMissing()
    session.save()
    journal.record(Kind.SESSION_PLANNED, session, by=by, number=session.number)
    return session


@transaction.atomic
def add_lot(
    session: AuctionSession,
    *,
    by: User,
    outcome: ResearchOutcome,
    mode: str,
    object_of_sale: str,
    start_price: int,
    starts_at: datetime,
    ends_at: datetime,
    **facts: Any,
) -> Lot:
    """Draft a lot from an outcome, with the session's terms, and reserve the outcome. Amounts in fen."""
    session.lock()
    outcome.lock()
    require(rules.add_lot, by, session, outcome)
    if not session.starts_at <= starts_at < ends_at:
        raise TimesOutOfOrder()
    require_relist_price(outcome, start_price=start_price, starts_at=starts_at)
    lot = Lot(
        number=next_number("OH", Lot.objects.all()),
        session=session,
        outcome=outcome,
        position=session.lots.count() + 1,
        mode=mode,
        object_of_sale=object_of_sale,
        start_price=start_price,
        starts_at=starts_at,
        ends_at=ends_at,
        increment_ladder=session.increment_ladder,
        extension_window=session.extension_window,
        most_extensions=session.most_extensions,
        sells_to_single_bidder=session.sells_to_single_bidder,
        deposit=start_price * session.deposit_percent // 100,
        **facts,
    )
    try:
        with transaction.atomic():
            lot.save()
    except IntegrityError as error:
        raise AlreadyInSale() from error
    reserve_outcome(outcome, by=by)
    if session.state != session.State.COLLECTING:
        session.move_to(session.State.COLLECTING)
        session.save(update_fields=["state"])
    journal.record(Kind.LOT_DRAFTED, lot, by=by, number=lot.number, start_price=start_price)
    return lot


@transaction.atomic
def submit_lot(lot: Lot, *, by: User, organisation: Organisation, reserve: int | None = None) -> None:
    """The seller agrees to the terms, seals its secret reserve (fen) if it wants one, and asks for review."""
    lot.lock()
    require(rules.submit_lot, by, lot)
    lot.move_to(lot.State.REVIEW)
    lot.reserve_commitment, lot.reserve_sealed, lot.note = "", None, ""
    if reserve is not None:
        if reserve < lot.start_price:
            raise ReserveTooLow()
        nonce = new_code() + new_code()
        lot.reserve_commitment = commitment(lot.number, reserve, nonce)
        lot.reserve_sealed = sealing.seal(lot.number, reserve, nonce)
    lot.save(update_fields=["state", "reserve_commitment", "reserve_sealed", "note"])
    journal.record(Kind.LOT_SUBMITTED, lot, by=by, on_behalf_of=organisation, reserve=lot.has_reserve)


@transaction.atomic
def approve_lot(lot: Lot, *, by: User) -> None:
    """The organiser finds the lot in order; with its last lot approved the session is reviewed."""
    session = lot.session
    session.lock()
    lot.lock()
    require(rules.approve_lot, by, lot)
    lot.move_to(lot.State.APPROVED)
    lot.save(update_fields=["state"])
    journal.record(Kind.LOT_REVIEWED, lot, by=by, approved=True)
    open_cases = session.lots.filter(state__in=[Lot.State.DRAFT, Lot.State.REVIEW])
    if session.state == session.State.COLLECTING and not open_cases.exists():
        session.move_to(session.State.REVIEWED)
        session.save(update_fields=["state"])
        journal.record(Kind.SESSION_MOVED, session, by=by, state=session.state)


@transaction.atomic
def return_lot(lot: Lot, *, by: User, reason: str) -> None:
    """The organiser sends a lot back to the seller with the reason."""
    lot.lock()
    require(rules.return_lot, by, lot)
    lot.move_to(lot.State.DRAFT)
    lot.note = require_reason(reason)
    lot.save(update_fields=["state", "note"])
    journal.record(Kind.LOT_REVIEWED, lot, by=by, approved=False)


def notice_days(session: AuctionSession) -> int:
    """Return the days an announcement must stand before bidding: for auctions never under 7 (拍卖法 Art. 45)."""
    if session.is_practice:
        return 0
    least = settings.AUCTION_NOTICE_DAYS
    return max(7, least) if session.legal_form == session.LegalForm.LICENSED_AUCTION else least


@transaction.atomic
def announce_session(session: AuctionSession, *, by: User) -> None:
    """Freeze the terms of the session and of its lots, and open the registration of bidders."""
    session.lock()
    now = clock.now()
    require(rules.announce_session, by, session)
    session.move_to(session.State.ANNOUNCED)
    lots = list(session.lots.exclude(state=Lot.State.WITHDRAWN).select_related("outcome").order_by("position"))
    if not lots or any(lot.state != Lot.State.APPROVED for lot in lots):
        raise NothingToAnnounce()
    days = notice_days(session)
    if session.starts_at - now < timedelta(days=days) or session.registration_closes_at < now:
        raise NoticeTooShort(days=days)
    session.announcement = announcement_of(session, lots) | {"announced_at": instant(now)}
    session.announcement_hash = fingerprint(session.announcement)
    session.announced_at = now
    session.save()
    for lot in lots:
        lot.move_to(lot.State.ANNOUNCED)
        lot.announced_at = now
        lot.save(update_fields=["state", "announced_at"])
    journal.record(Kind.SESSION_ANNOUNCED, session, by=by, lots=len(lots), hash=session.announcement_hash)
    session.move_to(session.State.REGISTRATION)
    session.save(update_fields=["state"])


def cancel_session(session: AuctionSession, *, by: User, reason: str) -> None:
    """Withdraw every lot, each in a transaction of its own, then cancel the session."""
    from marketplace.auctions.conduct import withdraw_lot

    require(rules.cancel_session, by, session)
    reason = require_reason(reason)
    if session.state not in (state for state, onward in session.NEXT.items() if session.State.CANCELLED in onward):
        session.move_to(session.State.CANCELLED)
    for lot in session.lots.exclude(state=Lot.State.WITHDRAWN):
        withdraw_lot(lot, by=by, reason=reason)
    with transaction.atomic():
        session.lock()
        session.move_to(session.State.CANCELLED)
        session.cancellation_reason = reason
        session.save(update_fields=["state", "cancellation_reason"])
        journal.record(Kind.SESSION_CANCELLED, session, by=by)


def let_go(lot: Lot, *, by: User | None) -> None:
    """Make the outcome of a lot that leaves the sale available again."""
    if lot.outcome.state == ResearchOutcome.State.RESERVED:
        release_outcome(lot.outcome, by=by)
