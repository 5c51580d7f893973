"""One deposit for all lots of a session: due once, held while a lot needs it, counted once. Callers hold their lot."""

from datetime import datetime

from django.db import IntegrityError, transaction

from marketplace.auctions.models import AuctionSession, BidderRegistration, Deposit, Lot
from marketplace.auctions.setting_off import set_off, take_back
from marketplace.organisations.models import User

State = BidderRegistration.State
OPEN_DEPOSIT = (Deposit.State.DUE, Deposit.State.HELD)
WAITING = (State.DEPOSIT_DUE, State.DEPOSIT_HELD, State.QUALIFIED)
NEEDS_IT = (*WAITING, State.SETTLED)  # a bidder under way, a winner before the confirmation, a buyer


def is_of_session(deposit: Deposit) -> bool:
    """Tell whether a deposit stands for all lots of its session."""
    return deposit.lot_id is None


def amount_of(session: AuctionSession) -> int:
    """Return the deposit (fen) of a session with one for all its lots: that of the dearest announced lot."""
    return max(int(lot["deposit"]) for lot in (session.announcement or {})["lots"])


def deposit_of_session(registration: BidderRegistration, *, reference: str, due_at: datetime) -> Deposit:
    """Return the locked deposit an organisation has for a session, or a new one that is due."""
    session = registration.lot.session
    mine = Deposit.objects.select_for_update().filter(
        session=session, organisation=registration.organisation, lot=None, state__in=OPEN_DEPOSIT
    )
    found = mine.first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return Deposit.objects.create(
                session=session,
                organisation=registration.organisation,
                amount=amount_of(session),
                due_at=due_at,
                reference=reference,
            )
    except IntegrityError:  # of another lot at the same instant
        return mine.get()


def lots_of(deposit: Deposit) -> list[Lot]:
    """Return the lots a deposit stands for, in the order in which several are held."""
    return list(Lot.objects.filter(registrations__deposit=deposit).distinct().order_by("pk"))


def others_need(deposit: Deposit, registration: BidderRegistration) -> bool:
    """Tell whether another lot of the session needs a locked deposit."""
    return deposit.registrations.exclude(pk=registration.pk).filter(state__in=NEEDS_IT).exists()


def keep_for_others(deposit: Deposit, registration: BidderRegistration, *, by: User) -> bool:
    """Let a deposit that a failed sale gave up go on for other lots of the session; tell whether one needs it.

    It counts for the next lot that is paid for, else it is held again. One that is lost stays lost.
    """
    if deposit.state == Deposit.State.FORFEITED:
        return True
    if not others_need(deposit, registration):
        return False
    bought = deposit.registrations.exclude(pk=registration.pk).filter(state=State.SETTLED)
    next_one = bought.order_by("lot__position").first()
    if deposit.state == Deposit.State.APPLIED and deposit.applied_to_id in (registration.lot_id, None):
        if next_one is None:
            deposit.move_to(deposit.State.HELD)
            deposit.applied, deposit.ended_at = 0, None
        deposit.applied_to = next_one.lot if next_one is not None else None
        deposit.save(update_fields=["state", "applied", "applied_to", "ended_at"])
        take_back(deposit, by=by)
        if next_one is not None:
            set_off(next_one.lot, by=by)
    return True


def session_deposit_problems(lot: Lot) -> list[str]:
    """Return what does not fit between a session's deposits and its lots (invariant 11)."""
    rows = lot.registrations.filter(deposit__isnull=False, deposit__lot=None).select_related("deposit")
    deposits = {row.deposit_id: row.deposit for row in rows}
    return [f"{lot.number}: {problem}" for one in deposits.values() if one for problem in _problems(one)]


def _problems(deposit: Deposit) -> list[str]:
    rows = list(deposit.registrations.select_related("lot"))
    needed = any(row.state in NEEDS_IT for row in rows)
    defaulted = any(row.is_barred for row in rows)
    problems = []
    if deposit.state in OPEN_DEPOSIT and not needed:
        problems.append(f"deposit {deposit} is {deposit.state} and no lot of its session needs it")
    if deposit.state in (Deposit.State.RELEASE_DUE, Deposit.State.RELEASED) and needed:
        problems.append(f"deposit {deposit} is {deposit.state} while a lot of its session needs it")
    if (deposit.state == Deposit.State.FORFEITED) != defaulted:
        fault = "defaulted" if defaulted else "did not default"
        problems.append(f"deposit {deposit} is {deposit.state}, and its bidder {fault}")
    if deposit.state == Deposit.State.APPLIED and not _counts_for_a_buyer(deposit, rows):
        problems.append(f"deposit {deposit} counts for no lot its bidder bought")
    return problems


def _counts_for_a_buyer(deposit: Deposit, rows: list[BidderRegistration]) -> bool:
    return any(row.lot_id == deposit.applied_to_id and row.state == State.SETTLED for row in rows)
