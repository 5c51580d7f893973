"""Practice lots of a demonstration: the next one repeats the last, with the same people, by the same actions.

The demo data make the first one. A rival is a bidder whose agent cannot sign in (no usable password).
"""

from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.cache import cache

from marketplace.auctions.announcing import announce_session
from marketplace.auctions.bidders import RegistrationQuerySet
from marketplace.auctions.deposits import record_deposit
from marketplace.auctions.finding import LotQuerySet
from marketplace.auctions.locking import lot_now
from marketplace.auctions.models import AuctionSession, BidderRegistration, Deposit, Lot
from marketplace.auctions.planning import plan_session
from marketplace.auctions.preparing import add_lot, approve_lot, submit_lot
from marketplace.auctions.registering import admit_bidder, apply_for_lot, qualify_bidder
from marketplace.organisations.models import Role, User

REGISTERS = timedelta(seconds=20)  # between announcement and bidding everybody of the last lot registers again
LASTS = timedelta(minutes=20)
WATCHED_KEY = "lots.watched.%s"
WATCHED_SECONDS = 15


def practice_lots() -> LotQuerySet:
    """Return the practice lots, newest first."""
    return (
        Lot.objects.filter(is_practice=True, session__rehearsal_of=None)
        .select_related("session", "outcome__owner")
        .order_by("-id")
    )


def note_reader(lot_number: str) -> None:
    """Remember for some seconds that somebody looks at a lot; rivals bid only then."""
    if settings.DEMO:
        cache.set(WATCHED_KEY % lot_number, True, WATCHED_SECONDS)


def is_watched(lot: Lot) -> bool:
    return bool(cache.get(WATCHED_KEY % lot.number))


def rivals_of(lot: Lot) -> RegistrationQuerySet:
    """Return the qualified bidders of a lot that nobody signs in as, without the leader."""
    cannot_sign_in = {"agent__password__startswith": UNUSABLE_PASSWORD_PREFIX}
    qualified = lot.registrations.filter(state=BidderRegistration.State.QUALIFIED, **cannot_sign_in)
    return qualified.exclude(pk=lot.leader_id or 0).select_related("organisation", "agent")


def open_next_practice_lot() -> Lot | None:
    """Announce the lot that follows the last practice lot, with its bidders qualified; None if there never was one."""
    last = practice_lots().first()
    if last is None:
        return None
    organiser, finance = User.objects.holding(Role.ORGANISER).first(), User.objects.holding(Role.FINANCE).first()
    publisher = User.objects.filter(memberships__organisation=last.outcome.owner, memberships__state="active").first()
    if organiser is None or finance is None or publisher is None:
        return None
    lot = _repeat(last, organiser=organiser, publisher=publisher)
    for former in last.registrations.standing().select_related("organisation", "agent"):
        _register(former, lot, organiser=organiser, finance=finance)
    return lot


def _repeat(last: Lot, *, organiser: User, publisher: User) -> Lot:
    """Plan, fill and announce a practice session like the last one."""
    starts_at = lot_now() + REGISTERS
    former = last.session
    session: AuctionSession = plan_session(
        by=organiser,
        organiser=former.organiser,
        title=former.title,
        title_en=former.title_en,
        starts_at=starts_at,
        registration_closes_at=starts_at,
        extension_window=former.extension_window,
        is_practice=True,
    )
    lot = add_lot(
        session,
        by=organiser,
        outcome=last.outcome,
        mode=last.mode,
        format=last.format,
        object_of_sale=last.object_of_sale,
        object_parts=last.object_parts,
        start_price=last.start_price,
        starts_at=starts_at,
        ends_at=starts_at + LASTS,
    )
    submit_lot(lot, by=publisher, organisation=last.outcome.owner)
    approve_lot(lot, by=organiser)
    session.refresh_from_db()
    announce_session(session, by=organiser)
    return Lot.objects.select_related("session", "outcome__owner").get(pk=lot.pk)


def _register(former: BidderRegistration, lot: Lot, *, organiser: User, finance: User) -> None:
    """Take a bidder of the last practice lot through registration, deposit and number again."""
    registration = apply_for_lot(lot, by=former.agent, organisation=former.organisation, declared=True)
    admit_bidder(registration, by=organiser)
    deposit = Deposit.objects.get(registrations=registration)
    record_deposit(
        deposit,
        by=finance,
        amount=deposit.amount,
        bank_reference=f"PRACTICE-{uuid4().hex[:12]}",
        received_at=registration.applied_at,
    )
    registration.refresh_from_db()
    qualify_bidder(registration, by=organiser)
