"""After the result: the contract of a sold lot, and the ways an unsold one may go on."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules
from marketplace.auctions.deposits import ask_for_release, winner_of
from marketplace.auctions.locking import hold_lot
from marketplace.auctions.models import Lot
from marketplace.auctions.negotiating import ask_highest_bidder
from marketplace.auctions.preparing import let_go
from marketplace.auctions.reasons import require_reason
from marketplace.auctions.session_deposits import is_of_session, keep_for_others
from marketplace.auctions.setting_off import set_off
from marketplace.core import clock, journal
from marketplace.core.choices import TransferMode
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused, WrongState
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.trial import offer_trial
from marketplace.publicity.actions import stop_publicity

PATHS = {
    "relist": _("Offer it again in a later session, within 30 days and at most 20 % lower"),
    "negotiate": _("Negotiate with a buyer at an agreed price"),
    "trial": _("Let enterprises try first and transfer later"),
    "match": _("Send it to needs that fit"),
}
# who acts next on each way, once it is chosen
NEXT_STEPS = {
    "relist": _("The auction organiser adds it to a session; you agree to the terms again."),
    "negotiate": _(
        "The highest bidder, if there was one, is asked and opens a deal by its yes; others show interest on the page "
        "of the outcome. You agree on the price in the deal."
    ),
    "trial": _("The outcome is offered as “trial first, transfer later”; enterprises show interest on its page."),
    "match": _("The platform has looked for needs that fit; you accept or decline each under the matches."),
}
# sold in these modes, an outcome may be taken over by others as well (民法典 Art. 862: 普通许可)
NON_EXCLUSIVE = (TransferMode.ORDINARY, TransferMode.DEVELOPMENT, TransferMode.SERVICE, TransferMode.TRIAL_FIRST)


class NotAPath(Refused):
    message = _("Choose one of the ways offered.")
    field = "path"


@transaction.atomic
def choose_next_path(lot: Lot, *, by: User, organisation: Organisation, path: str) -> None:
    """The seller of an unsold lot says how it goes on; the next step is laid on the desk of whoever has it.

    To negotiate asks the highest bidder; trial first offers the outcome so at once.
    """
    lot.lock()
    now = clock.now()
    require(rules.choose_next_path, by, lot, organisation)
    if path not in PATHS or lot.state not in lot.NO_BUYER:
        raise NotAPath()
    lot.next_path = path
    lot.save(update_fields=["next_path"])
    if path == "negotiate":
        ask_highest_bidder(lot, by=by, at=now)
    if path == "trial":
        offer_trial(lot.outcome, by=by, organisation=organisation)
    journal.record(Kind.LOT_GOES_ON, lot, by=by, on_behalf_of=organisation, path=path)


@transaction.atomic
def mark_contracted(lot: Lot, *, by: User | None) -> None:
    """Note that the contract of a sold lot is signed, and count the deposit under it as set off against the price.

    A repeat changes nothing, unless another contract was signed meanwhile; nor does news later than the sale's end.
    """
    hold_lot(lot)
    if lot.state in (lot.State.DEFAULTED, lot.State.RESCINDED):
        return
    set_off(lot, by=by)
    if lot.state in (lot.State.CONTRACTED, lot.State.SETTLED):
        return
    lot.move_to(lot.State.CONTRACTED)
    lot.save(update_fields=["state"])
    journal.record(Kind.LOT_CONTRACTED, lot, by=by, number=lot.number)


@transaction.atomic
def free_licensed_outcome(lot: Lot, *, by: User | None) -> None:
    """Make the outcome available again once a licence that leaves room for others is registered.

    Exclusive and sole licences and contributions as equity keep it reserved; an assignment has converted it. An
    outcome that is in another sale meanwhile stays reserved for that one.
    """
    hold_lot(lot)
    if lot.mode in NON_EXCLUSIVE and lot.state not in lot.HOLDING:
        let_go(lot, by=by)


@transaction.atomic
def rescind_sale(lot: Lot, *, by: User | None) -> None:
    """Follow the end of a sold lot's deal: no buyer any more, the outcome free again, the seller chooses the way.

    Whether the buyer defaulted is for the organiser to say (`declare_default`, `clear_buyer`); until then its deposit
    stays where it is. A lot that has no buyer already stays as it is.
    """
    hold_lot(lot)
    if lot.state in lot.NO_BUYER:
        return
    lot.move_to(lot.State.RESCINDED)
    lot.save(update_fields=["state"])
    stop_publicity(lot, by=by)
    let_go(lot, by=by)
    journal.record(Kind.LOT_RESCINDED, lot, by=by, number=lot.number)


def awaits_judgement(lot: Lot) -> bool:
    """Tell whether the organiser still has to say what becomes of the deposit of the buyer of a failed sale.

    After a rescission always; after a default only where an earlier version left the deposit with the price.
    """
    if lot.state not in (lot.State.RESCINDED, lot.State.DEFAULTED) or lot.leader is None:
        return False
    return lot.leader.state == lot.leader.State.SETTLED


@transaction.atomic
def clear_buyer(lot: Lot, *, by: User, reason: str) -> None:
    """The sale failed without the buyer's fault: it is rescinded, and the deposit is to be paid back.

    Raises WrongState unless the sale was rescinded (or its default left the deposit with the price, as earlier versions
    did), and once the organiser has decided.
    """
    now = hold_lot(lot)
    require(rules.clear_buyer, by, lot)
    if lot.state == lot.State.DEFAULTED:
        lot.move_to(lot.State.RESCINDED)
    elif lot.state != lot.State.RESCINDED:
        raise WrongState(state=lot.get_state_display())
    lot.note = require_reason(reason)
    winner, deposit = winner_of(lot)
    if deposit.state == deposit.State.FORFEITED:  # only an appeal gives it back
        raise WrongState(state=deposit.get_state_display())
    is_kept = is_of_session(deposit) and keep_for_others(deposit, winner, by=by)
    winner.move_to(winner.State.KEPT if is_kept else winner.State.REFUND_DUE)
    winner.is_barred = False
    winner.save(update_fields=["state", "is_barred"])
    if not is_kept:
        ask_for_release(deposit, at=now, by=by)
    lot.save(update_fields=["state", "note"])
    journal.record(Kind.LOT_BUYER_CLEARED, lot, by=by, number=lot.number)
