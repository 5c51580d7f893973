"""A session before its announcement: plan it with its law, times and terms."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules
from marketplace.auctions.ladder import instant
from marketplace.auctions.minimum_raises import is_ladder
from marketplace.auctions.models import AuctionSession, Lot, PriorityHolder
from marketplace.auctions.numbering import next_number
from marketplace.auctions.priority import outdate_invitations
from marketplace.auctions.relisting import require_relist_price
from marketplace.auctions.viewing import require_room_days, require_viewing
from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused, WrongState
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User

LICENCES = ("auction_company", "company_licence", "auctioneer_name", "auctioneer_licence")


class StartsInThePast(Refused):
    message = _("Bidding begins in the future.")
    field = "starts_at"


class RegistrationInThePast(Refused):
    message = _("Registration ends in the future.")
    field = "registration_closes_at"


class RegistrationTooLong(Refused):
    message = _("Registration ends when bidding begins, or before.")
    field = "registration_closes_at"


class PracticeOutsideDemo(Refused):
    message = _("Practice sessions exist only in a demonstration.")


class BadLadder(Refused):
    message = _("Minimum raises are bands from 0 upwards, each above zero.")
    field = "increment_ladder"


class LicenceMissing(Refused):
    message = _("An auction needs an auction company, its licence and the auctioneer's licence (Auction Law).")

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field


class NotAnAuctionCompany(Refused):
    message = _("An auction is held by a verified auction company.")
    field = "auction_company"


class NoAuction(Refused):
    message = _("Open bidding has no auctioneer. Leave this empty, or choose the auction by a licensed company.")

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field


def missing_licences(legal_form: str, facts: dict[str, Any]) -> list[str]:
    """Return the fields an auction of this legal form still needs (拍卖法 Art. 10–16)."""
    if legal_form != AuctionSession.LegalForm.LICENSED_AUCTION:
        return []
    return [field for field in LICENCES if not facts.get(field)]


def superfluous_licences(legal_form: str, facts: dict[str, Any]) -> list[str]:
    """Return the fields that open bidding must leave empty: it may not look like an auction."""
    if legal_form != AuctionSession.LegalForm.OPEN_BIDDING:
        return []
    return [field for field in LICENCES if facts.get(field)]


def require_form(session: AuctionSession, facts: dict[str, Any]) -> None:
    """Refuse a legal form whose requirements are not met (拍卖法 Art. 10–16)."""
    for field in missing_licences(session.legal_form, facts):
        raise LicenceMissing(field)
    for field in superfluous_licences(session.legal_form, facts):
        raise NoAuction(field)
    company = session.auction_company
    if company is not None and not (company.is_verified and company.kind == Organisation.Kind.AUCTION_COMPANY):
        raise NotAnAuctionCompany()


def require_viewing_days(session: AuctionSession, *, today: date) -> None:
    """Refuse days of viewing that do not fit the session's legal form, its bidding, or its data rooms."""
    days = (session.viewing_from, session.viewing_until)
    require_viewing(session.legal_form, *days, starts_at=session.starts_at, today=today)
    if session.pk is not None:
        require_room_days(session, *days, starts_at=session.starts_at, today=today)


def wrong_times(
    starts_at: datetime | None, registration_closes_at: datetime | None, *, now: datetime
) -> Iterator[Refused]:
    """Yield what is wrong with these times: over already, or a registration that outlasts its beginning."""
    if starts_at is not None and starts_at <= now:
        yield StartsInThePast()
    if registration_closes_at is not None and registration_closes_at <= now:
        yield RegistrationInThePast()
    elif starts_at is not None and registration_closes_at is not None and now < starts_at < registration_closes_at:
        yield RegistrationTooLong()


def require_times(starts_at: datetime, registration_closes_at: datetime, *, now: datetime) -> None:
    for refusal in wrong_times(starts_at, registration_closes_at, now=now):
        raise refusal


@transaction.atomic
def plan_session(
    *, by: User, organiser: Organisation, starts_at: datetime, registration_closes_at: datetime, **facts: Any
) -> AuctionSession:
    """Begin a session and return it; `facts` are further fields of AuctionSession."""
    now = clock.now()
    require(rules.plan_session, by, organiser)
    if facts.get("is_practice") and not settings.DEMO:
        raise PracticeOutsideDemo()
    require_times(starts_at, registration_closes_at, now=now)
    session = AuctionSession(
        number=next_number("OLP", AuctionSession.objects.all(), year=timezone.localdate(now).year),
        organiser=organiser,
        starts_at=starts_at,
        registration_closes_at=registration_closes_at,
        planned_by=by,
        planned_at=now,
        **facts,
    )
    if not is_ladder(session.increment_ladder):
        raise BadLadder()
    require_form(session, facts)
    require_viewing_days(session, today=timezone.localdate(now))
    session.save()
    journal.record(Kind.SESSION_PLANNED, session, by=by, number=session.number)
    return session


@transaction.atomic
def move_session(session: AuctionSession, *, by: User, starts_at: datetime, registration_closes_at: datetime) -> None:
    """Plan a session that is not announced yet for another time; its lots move with it, by the same stretch.

    Holders of priority rights who were invited to the former time are to be invited anew.
    """
    session.lock()
    now = clock.now()
    require(rules.move_session, by, session)
    if not session.is_planned:
        raise WrongState(state=session.get_state_display())  # an announcement is kept
    require_times(starts_at, registration_closes_at, now=now)
    later = starts_at - session.starts_at
    _move_viewing(session, timezone.localdate(starts_at) - timezone.localdate(session.starts_at))
    session.starts_at, session.registration_closes_at = starts_at, registration_closes_at
    session.save(update_fields=["starts_at", "registration_closes_at", "viewing_from", "viewing_until"])
    lots = session.lots.select_for_update(of=("self",)).exclude(state=Lot.State.WITHDRAWN)
    for lot in lots.select_related("outcome").order_by("pk"):
        lot.starts_at, lot.ends_at = lot.starts_at + later, lot.ends_at + later
        require_relist_price(lot.outcome, start_price=lot.start_price, starts_at=lot.starts_at)
        lot.save(update_fields=["starts_at", "ends_at"])
    to_invite = outdate_invitations(PriorityHolder.objects.invited_to(session), at=now)
    journal.record(
        Kind.SESSION_RESCHEDULED,
        session,
        by=by,
        starts_at=instant(starts_at),
        registration_closes_at=instant(registration_closes_at),
        to_invite_anew=to_invite,
    )


def _move_viewing(session: AuctionSession, later: timedelta) -> None:
    if session.viewing_from is not None and session.viewing_until is not None:
        session.viewing_from, session.viewing_until = session.viewing_from + later, session.viewing_until + later
