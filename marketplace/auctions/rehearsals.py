"""Rehearsals: a copy of an announced session with practice money, which its staff and bidders may try before the day.

A rehearsal is a session of its own, conducted by the same rules, pages and SQL. Its numbers, its title and its
announcement say what it is; it reserves no outcome and nobody owes anything. Events are append-only also here: to wipe
a rehearsal is to hide it from everybody for good, not to delete it, so that no door for deleting events exists.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules, rules_of_bidders, sealing
from marketplace.auctions.declaration import VERSION
from marketplace.auctions.drawing import draw_number, payment_reference
from marketplace.auctions.ladder import instant
from marketplace.auctions.locking import hold_lot
from marketplace.auctions.models import AuctionSession, BidderRegistration, Deposit, Lot, PriorityHolder
from marketplace.auctions.numbering import REHEARSAL, REHEARSED, next_number
from marketplace.auctions.planning import StartsInThePast
from marketplace.auctions.priority_holders import rank_of
from marketplace.auctions.record import announcement_of
from marketplace.auctions.registering import AlreadyApplied
from marketplace.auctions.verifier import fingerprint
from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused, WrongState
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User

LONGEST_TITLE, LONGEST_ENGLISH, LONGEST_HOLDER = 80, 120, 120
SESSION_FACTS = [
    "organiser",
    "introduction",
    "legal_form",
    "auction_company",
    "company_licence",
    "auctioneer_name",
    "auctioneer_licence",
    "venue",
    "bidder_conditions",
    "deposit_percent",
    "extension_window",
    "most_extensions",
    "sells_to_single_bidder",
    "signing_days",
    "payment_days",
    "increment_ladder",
]
LOT_FACTS = [
    "position",
    "outcome",
    "format",
    "mode",
    "object_of_sale",
    "object_parts",
    "defects",
    "start_price",
    "increment_ladder",
    "deposit",
    "extension_window",
    "most_extensions",
    "sells_to_single_bidder",
    "call_pause",
]
HOLDER_FACTS = ["organisation", "uscc", "ground", "rank", "channel", "invited_on", "invited_by"]


class RehearsalOver(Refused):
    message = _("The rehearsal of this lot is over.")


class RehearsedTooLate(Refused):
    message = _("A rehearsal is over before the bidding begins on %(begins)s.")
    field = "starts_at"


def may_be_rehearsed(session: AuctionSession) -> bool:
    """Tell whether a session stands between its announcement and its bidding."""
    before = (session.State.ANNOUNCED, session.State.REGISTRATION, session.State.POSTPONED)
    return session.state in before and not session.is_practice


@transaction.atomic
def rehearse_session(session: AuctionSession, *, by: User, starts_at: datetime, lasts: timedelta) -> AuctionSession:
    """Copy an announced session with its lots into a rehearsal at a time of one's own, and return that.

    All lots begin together. Holders of priority rights are copied, so that they can practise. A secret reserve is not:
    only the close may open it, and a rehearsal has none.
    """
    session.lock()
    now = clock.now()
    require(rules.rehearse_session, by, session)
    if not may_be_rehearsed(session):
        raise WrongState(state=session.get_state_display())
    if starts_at <= now:
        raise StartsInThePast()
    if not session.is_postponed and starts_at + lasts > session.starts_at:
        raise RehearsedTooLate(begins=f"{timezone.localtime(session.starts_at):%Y-%m-%d %H:%M}")
    rehearsal = AuctionSession(
        number=next_number(REHEARSAL, AuctionSession.objects.all(), year=timezone.localdate(now).year),
        title=f"演练：{session.title}"[:LONGEST_TITLE],
        title_en=f"Rehearsal: {session.title_en}"[:LONGEST_ENGLISH] if session.title_en else "",
        starts_at=starts_at,
        registration_closes_at=starts_at,
        is_practice=True,
        rehearsal_of=session,
        deposit_scope=AuctionSession.DepositScope.LOT,  # practice money is taken lot by lot, whatever is announced
        planned_by=by,
        planned_at=now,
        state=AuctionSession.State.REGISTRATION,
        **_copied(session, SESSION_FACTS),
    )
    rehearsal.save()
    lots = []
    for lot in _lots_of(session):
        copy = _rehearsed(lot, rehearsal, lasts=lasts, at=now)
        copy.save()
        PriorityHolder.objects.bulk_create(_practice_holders(lot, copy, by=by, at=now))
        lots.append(copy)
    rehearsal.announced_at = now
    rehearsal.announcement = announcement_of(rehearsal, lots) | {"announced_at": instant(now)}
    rehearsal.announcement_hash = fingerprint(rehearsal.announcement)
    rehearsal.save()
    journal.record(Kind.SESSION_REHEARSED, rehearsal, by=by, number=rehearsal.number, rehearsal_of=session.number)
    return rehearsal


def _copied(record: Any, names: list[str]) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}


def _lots_of(session: AuctionSession) -> list[Lot]:
    announced = session.lots.public().exclude(state=Lot.State.WITHDRAWN)
    return list(announced.select_related("outcome__owner").order_by("position"))


def _rehearsed(lot: Lot, rehearsal: AuctionSession, *, lasts: timedelta, at: datetime) -> Lot:
    """Return the unsaved copy of one lot, announced with the rehearsal."""
    number = _number_after(rehearsal, lot.position)
    return Lot(
        number=number,
        session=rehearsal,
        is_practice=True,
        starts_at=rehearsal.starts_at,
        ends_at=rehearsal.starts_at + lasts,
        announced_at=at,
        sealed_key=sealing.new_lot_key(number) if lot.is_sealed else None,
        state=Lot.State.ANNOUNCED,
        **_copied(lot, LOT_FACTS),
    )


def _practice_holders(lot: Lot, copy: Lot, *, by: User, at: datetime) -> list[PriorityHolder]:
    """Return the unsaved holders of a copy: a name that is perhaps a person's is marked, notes are left out."""
    mark = f"演练：{lot.number}"
    return [
        PriorityHolder(
            lot=copy,
            name=f"演练：{holder.name}"[:LONGEST_HOLDER] if holder.name else "",
            note=mark,
            listed_by=by,
            listed_at=at,
            **_copied(holder, HOLDER_FACTS),
        )
        for holder in lot.priority_holders.listed()
    ]


def _number_after(rehearsal: AuctionSession, position: int) -> str:
    """Return the number of a lot of a rehearsal: that of the rehearsal, and its position in two digits."""
    stem, count = rehearsal.number.removeprefix(f"{REHEARSAL}-").rsplit("-", 1)
    return f"{REHEARSED}{stem}-{count}{position:02d}"


@transaction.atomic
def join_rehearsal(lot: Lot, *, by: User, organisation: Organisation) -> BidderRegistration:
    """Let an organisation that has registered for the rehearsed lot bid in the rehearsal, with practice money."""
    now = hold_lot(lot)
    require(rules_of_bidders.join_rehearsal, by, lot, organisation)
    if lot.state not in (Lot.State.ANNOUNCED, Lot.State.OPEN) or now >= lot.ends_at:
        raise RehearsalOver()
    if lot.registrations.standing().filter(organisation=organisation).exists():
        raise AlreadyApplied()
    registration = BidderRegistration.objects.create(
        lot=lot,
        organisation=organisation,
        agent=by,
        declared_at=now,
        declared_by=by,
        declaration_version=VERSION,
        applied_at=now,
        state=BidderRegistration.State.QUALIFIED,
        alias=draw_number(lot),
        priority_rank=rank_of(lot, organisation),
        deposit=_practice_money(lot, organisation, at=now),
    )
    journal.record(
        Kind.REGISTRATION_QUALIFIED, registration, by=by, on_behalf_of=organisation, lot=lot.number, practice=True
    )
    return registration


def _practice_money(lot: Lot, organisation: Organisation, *, at: datetime) -> Deposit:
    """Return a deposit that is held without anybody having paid: finance staff never see it."""
    return Deposit.objects.create(
        session=lot.session,
        lot=lot,
        organisation=organisation,
        state=Deposit.State.HELD,
        amount=lot.deposit,
        received=lot.deposit,
        received_at=at,
        due_at=lot.ends_at,
        bank_reference=f"PRACTICE-{uuid4().hex[:12]}",
        reference=payment_reference(lot),
    )


@transaction.atomic
def wipe_rehearsal(session: AuctionSession, *, by: User) -> None:
    """Hide a rehearsal from everybody, for good; its append-only rows stay where no page shows them."""
    session.lock()
    now = clock.now()
    require(rules.wipe_rehearsal, by, session)
    if session.wiped_at is not None:
        raise WrongState(state=_("wiped"))
    session.wiped_at = now
    session.save(update_fields=["wiped_at"])
    journal.record(Kind.SESSION_WIPED, session, by=by, number=session.number)
