"""A bidder steps back: while its application is not decided, and once it is, until the bidding begins."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules_of_bidders
from marketplace.auctions.deposits import LET_GO, let_bidder_go
from marketplace.auctions.locking import hold_lot
from marketplace.auctions.models import BidderRegistration, Deposit
from marketplace.auctions.session_deposits import is_of_session, others_need
from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.core.money import format_unrounded
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User

UNDECIDED = (BidderRegistration.State.APPLIED, BidderRegistration.State.DOCUMENTS)

# what becomes of a deposit, by its state and whether another lot of the session needs it
SAYINGS = {
    (Deposit.State.DUE, False): _(
        "The deposit of %(amount)s is not asked for any more. If it is on its way, it is paid back once it has arrived."
    ),
    (Deposit.State.DUE, True): _("The deposit of %(amount)s is still to be paid: another lot of the session needs it."),
    (Deposit.State.HELD, False): _("Your deposit of %(amount)s is paid back in full; finance staff are told at once."),
    (Deposit.State.HELD, True): _("Your deposit of %(amount)s stays: another lot of the session needs it."),
}
UNTOUCHED = _("Your deposit of %(amount)s is “%(state)s”; withdrawing changes nothing about that.")


class ApplicationOver(Refused):
    message = _("This application is over, so there is nothing to withdraw.")


class PracticeIsNot(Refused):
    message = _("In practice nobody owes anything, so nothing is withdrawn. Just do not bid.")


class BiddingHasBegun(Refused):
    message = _("Bidding on this lot has begun. The application holds from then on.")


def why_not_step_back(registration: BidderRegistration, at: datetime) -> type[Refused] | None:
    """Return what stands against withdrawing an application at `at`, besides who asks.

    Before the bidding begins nobody has bid, and a bid binds (拍卖法 Art. 36): so no bid is ever left behind.
    """
    lot = registration.lot
    if registration.state not in LET_GO:
        return ApplicationOver
    if lot.is_practice:
        return PracticeIsNot
    if registration.state in UNDECIDED or may_still_end(registration, at):
        return None
    return BiddingHasBegun


def may_still_end(registration: BidderRegistration, at: datetime) -> bool:
    """Tell whether an admission may still end at `at`: before the bidding on its lot begins."""
    lot = registration.lot
    return lot.state == lot.State.POSTPONED or (lot.state == lot.State.ANNOUNCED and at < lot.starts_at)


def what_becomes_of_the_deposit(registration: BidderRegistration) -> str:
    """Return in one sentence what a withdrawal means for the money."""
    deposit = registration.deposit
    if deposit is None:
        return gettext("No deposit was asked for yet, so there is none to pay back.")
    stands = is_of_session(deposit) and others_need(deposit, registration)
    return SAYINGS.get((Deposit.State(deposit.state), stands), UNTOUCHED) % {
        "amount": format_unrounded(deposit.amount, get_language() or "zh-hans"),
        "state": deposit.get_state_display(),
    }


@transaction.atomic
def withdraw_application(registration: BidderRegistration, *, by: User, organisation: Organisation) -> None:
    """End an application; its deposit is paid back unless another lot of the session needs it.

    The row stays; until the registration closes another may be made, as if there had been none: with a number and a
    deposit of its own, and the rank of a priority right as listed. Raises ApplicationOver, PracticeIsNot,
    BiddingHasBegun.
    """
    now = hold_lot(registration.lot)
    registration.lock()
    require(rules_of_bidders.withdraw_application, by, registration, organisation)
    obstacle = why_not_step_back(registration, now)
    if obstacle is not None:
        raise obstacle()
    let_bidder_go(registration, at=now)
    registration.withdrawn_at = now
    registration.save(update_fields=["withdrawn_at"])
    journal.record(
        Kind.REGISTRATION_WITHDRAWN, registration, by=by, on_behalf_of=organisation, lot=registration.lot.number
    )
