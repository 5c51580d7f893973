"""The money behind a bid: received, counted towards the price, forfeited, or to be paid back. Callers hold the lot."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules_of_bidders
from marketplace.auctions.bank_numbers import tidy_number, why_not_numbered
from marketplace.auctions.locking import hold_lot, lot_now
from marketplace.auctions.models import BidderRegistration, Deposit, Lot
from marketplace.auctions.session_deposits import is_of_session, lots_of, others_need
from marketplace.auctions.setting_off import take_back
from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.core.money import format_exact
from marketplace.core.refusals import Refused, refuse
from marketplace.core.rules import require
from marketplace.organisations.models import User

State = BidderRegistration.State
# where an application goes when its lot has no use for it any more; what has ended stays
LET_GO = {
    State.APPLIED.value: State.LAPSED,
    State.DOCUMENTS.value: State.LAPSED,
    State.DEPOSIT_DUE.value: State.LAPSED,
    State.DEPOSIT_HELD.value: State.REFUND_DUE,
    State.QUALIFIED.value: State.REFUND_DUE,
}

# how applications stand before and after their deposit is recorded: asked for, and not any more
ASKED = (State.DEPOSIT_DUE, State.DEPOSIT_HELD)
UNASKED = (State.LAPSED, State.REFUND_DUE)


class WrongAmount(Refused):
    message = _(
        "The deposit is %(due)s; this payment is %(paid)s. Only the exact amount counts: the bank sends the money "
        "back, and the bidder pays the deposit in one sum."
    )
    field = "amount"


class NotYetPaid(Refused):
    message = _("A payment cannot be recorded before it has arrived.")
    field = "received_at"


class PaidBeforeTheAnnouncement(Refused):
    message = _("Nobody could pay for this session before it was announced on %(day)s. Look at the date once more.")
    field = "received_at"


def hold_deposit(deposit: Deposit) -> datetime:
    """Hold the lot, or all lots a session's deposit stands for in the order of their keys, then the deposit.

    Return the time.
    """
    for lot in [deposit.lot] if deposit.lot is not None else lots_of(deposit):
        hold_lot(lot)
    deposit.lock()
    return lot_now()


def require_payment(
    deposit: Deposit, *, amount: int, bank_reference: str, received_at: datetime, now: datetime
) -> None:
    """Raise WrongAmount, PaymentRecorded, NotYetPaid, PaidBeforeTheAnnouncement, or Several of them."""
    refuse(
        _why_not_of_this_amount(deposit, amount),
        why_not_numbered(bank_reference, deposit),
        _why_not_arrived(deposit, received_at, now=now),
    )


def _why_not_of_this_amount(deposit: Deposit, amount: int) -> Refused | None:
    """Money that nobody asks for any more may be of any amount: all of it is paid back."""
    if amount == deposit.amount or deposit.came_unasked:
        return None
    language = get_language() or "zh-hans"
    return WrongAmount(due=format_exact(deposit.amount, language), paid=format_exact(amount, language))


def _why_not_arrived(deposit: Deposit, received_at: datetime, *, now: datetime) -> Refused | None:
    """It may come before the application, not before the announcement."""
    if received_at > now:
        return NotYetPaid()
    announced_at = deposit.session.announced_at
    if announced_at is not None and received_at < announced_at.replace(second=0, microsecond=0):  # typed by the minute
        return PaidBeforeTheAnnouncement(day=timezone.localdate(announced_at))
    return None


@transaction.atomic
def record_deposit(deposit: Deposit, *, by: User, amount: int, bank_reference: str, received_at: datetime) -> None:
    """Enter what the bank shows: the exact amount (fen), its number, when it arrived.

    Money for a deposit that nobody asks for any more, because its bidder withdrew while it was on its way or its lot
    was called off, is to be paid back.
    """
    now = hold_deposit(deposit)
    require(rules_of_bidders.record_deposit, by, deposit)
    deposit.came_unasked = deposit.state == deposit.State.LAPSED
    deposit.move_to(deposit.State.RELEASE_DUE if deposit.came_unasked else deposit.State.HELD)
    number = tidy_number(bank_reference)
    require_payment(deposit, amount=amount, bank_reference=number, received_at=received_at, now=now)
    deposit.release_due_at = now if deposit.came_unasked else None
    deposit.received, deposit.received_at, deposit.bank_reference = amount, received_at, number
    deposit.save()
    journal.record(Kind.DEPOSIT_RECEIVED, deposit, by=by, amount=amount)
    if deposit.came_unasked:
        journal.record(Kind.DEPOSIT_RELEASE_DUE, deposit, by=by, amount=amount)
    move_applications(deposit, *(UNASKED if deposit.came_unasked else ASKED))


def move_applications(deposit: Deposit, was: BidderRegistration.State, now: BidderRegistration.State) -> None:
    """Move the applications of a held deposit that stand at `was`."""
    for registration in deposit.registrations.filter(state=was):
        registration.lock()
        registration.move_to(now)
        registration.save(update_fields=["state"])


def winner_of(lot: Lot) -> tuple[BidderRegistration, Deposit]:
    """Return the locked winning registration and its locked deposit."""
    winner = BidderRegistration.objects.get(pk=lot.leader_id)  # type: ignore[misc]  # a sold lot has a leader
    winner.lock()
    deposit = Deposit.objects.get(registrations=winner)
    deposit.lock()
    return winner, deposit


def apply_to_price(deposit: Deposit, lot: Lot, *, at: datetime, by: User) -> int:
    """Count a held and locked deposit towards the price of a lot; return how much counts (fen).

    One for a whole session counts for the first lot that is confirmed, and for no other one.
    """
    if is_of_session(deposit) and not deposit.is_held:
        return 0
    deposit.move_to(deposit.State.APPLIED)
    deposit.applied, deposit.applied_to, deposit.ended_at = deposit.received, lot, at
    deposit.save(update_fields=["state", "applied", "applied_to", "ended_at"])
    journal.record(Kind.DEPOSIT_APPLIED, deposit, by=by, amount=deposit.applied)
    return deposit.applied


def forfeit(deposit: Deposit, *, at: datetime, by: User) -> None:
    """Keep a locked deposit for good, whether it was only held or counted towards the price already.

    One for a whole session stands for each lot its bidder wins: it is lost with the first default, and only once.
    """
    if is_of_session(deposit) and deposit.state == deposit.State.FORFEITED:
        return
    deposit.move_to(deposit.State.FORFEITED)
    take_back(deposit, by=by)
    deposit.applied, deposit.forfeited, deposit.ended_at = 0, deposit.received, at
    deposit.applied_to = None
    deposit.save(update_fields=["state", "applied", "applied_to", "forfeited", "ended_at"])
    journal.record(Kind.DEPOSIT_FORFEITED, deposit, by=by, amount=deposit.forfeited)


def ask_for_release(deposit: Deposit, *, at: datetime, by: User | None) -> None:
    """Have finance pay a locked deposit back: one that was held, counted towards the price, or lost and won back."""
    deposit.move_to(deposit.State.RELEASE_DUE)
    take_back(deposit, by=by)
    deposit.applied, deposit.applied_to, deposit.forfeited = 0, None, 0
    deposit.ended_at, deposit.release_due_at = None, at
    deposit.save(update_fields=["state", "applied", "applied_to", "forfeited", "ended_at", "release_due_at"])
    journal.record(Kind.DEPOSIT_RELEASE_DUE, deposit, by=by, amount=deposit.received)


def return_forfeited(deposit: Deposit, registration: BidderRegistration, *, at: datetime, by: User) -> None:
    """Give back what an appeal won: at once, or once no other lot of the session needs it.

    One for a whole session stays lost while another default stands against it.
    """
    if deposit.registrations.filter(is_barred=True).exists():
        return
    is_kept = is_of_session(deposit) and others_need(deposit, registration)
    if is_kept:
        deposit.move_to(deposit.State.HELD)
        deposit.forfeited, deposit.ended_at = 0, None
        deposit.save(update_fields=["state", "forfeited", "ended_at"])
    else:
        ask_for_release(deposit, at=at, by=by)
    for one in deposit.registrations.filter(state=State.FORFEITED):
        one.move_to(State.KEPT if is_kept else State.REFUND_DUE)
        one.save(update_fields=["state"])


def let_bidders_go(lot: Lot, *, at: datetime, winner: BidderRegistration | None = None) -> None:
    """Ask for the release of every deposit but the winner's, and end what never got that far."""
    registrations = lot.registrations.select_related("deposit").exclude(pk=winner.pk if winner else 0)
    for registration in registrations.filter(state__in=LET_GO):
        let_bidder_go(registration, at=at)


def let_bidder_go(registration: BidderRegistration, *, at: datetime) -> None:
    """Ask for the release of one bidder's deposit where no other lot needs it, and end its application."""
    deposit = registration.deposit
    if deposit is not None:
        deposit.lock()
    is_lost = deposit is not None and deposit.state == deposit.State.FORFEITED  # by a default on another lot
    is_kept = deposit is not None and is_of_session(deposit) and others_need(deposit, registration)
    _let_go(registration, is_lost=is_lost, is_kept=is_kept)
    if deposit is not None and not is_kept:
        _let_deposit_go(deposit, at=at)


def _let_go(registration: BidderRegistration, *, is_lost: bool, is_kept: bool) -> None:
    target = LET_GO[registration.state]
    if target == State.REFUND_DUE and (is_lost or is_kept):
        target = State.FORFEITED if is_lost else State.KEPT
    registration.move_to(target)
    registration.save(update_fields=["state"])


def _let_deposit_go(deposit: Deposit, *, at: datetime) -> None:
    if deposit.state == deposit.State.DUE:
        deposit.move_to(deposit.State.LAPSED)
        deposit.save(update_fields=["state"])
    elif deposit.state == deposit.State.HELD:
        ask_for_release(deposit, at=at, by=None)
