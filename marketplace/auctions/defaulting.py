"""The default of a buyer (悔拍): on which ground it may be declared, from which day on, and what follows."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules
from marketplace.auctions.days_of_sale import day_of_signing
from marketplace.auctions.deposits import forfeit, winner_of
from marketplace.auctions.grounds import DefaultGround
from marketplace.auctions.locking import hold_lot
from marketplace.auctions.models import Lot
from marketplace.auctions.preparing import let_go
from marketplace.auctions.reasons import require_reason
from marketplace.core import journal
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.deals.actions import end_deal_of_sale
from marketplace.organisations.models import User
from marketplace.publicity.actions import stop_publicity


class GroundMissing(Refused):
    message = _("Choose the ground.")
    field = "ground"


class NotLateYet(Refused):
    message = _("The contract may be signed until %(day)s, as announced: until that is over the buyer is not late.")
    field = "ground"


class NoDayRuns(Refused):
    message = _(
        "No day runs by which the contract is to be signed: none was announced, or the sale is not confirmed, or an "
        "objection awaits its answer. So the buyer is not late."
    )
    field = "ground"


@transaction.atomic
def declare_default(lot: Lot, *, by: User, ground: str, reason: str) -> None:
    """The buyer does not keep its word (悔拍): its deposit is lost, it is barred, its deal ends, the outcome is free.

    A deposit that counted towards the price already is lost as well. `ground` is a DefaultGround; that the buyer is
    late is one only once the announced day is over. Raises GroundMissing, NotLateYet, NoDayRuns, ReasonMissing;
    WrongState once the contract was sent to the registrars, or once the buyer of a rescinded sale was cleared.
    Declared once more, it takes a deposit that a default of an earlier version left with the price.
    """
    now = hold_lot(lot)
    require(rules.declare_default, by, lot)
    _require_ground(lot, ground, today=timezone.localdate(now))
    lot.note = require_reason(reason)
    had_no_buyer = lot.state in (lot.State.RESCINDED, lot.State.DEFAULTED)
    if lot.state != lot.State.DEFAULTED:
        lot.move_to(lot.State.DEFAULTED)
    lot.save(update_fields=["state", "note"])
    winner, deposit = winner_of(lot)
    winner.move_to(winner.State.FORFEITED)
    winner.is_barred = True
    winner.save(update_fields=["state", "is_barred"])
    forfeit(deposit, at=now, by=by)
    end_deal_of_sale(lot.number, by=by, reason=lot.note)
    stop_publicity(lot, by=by)
    if not had_no_buyer:  # else it was let go then, and may be sold again since
        let_go(lot, by=by)
    journal.record(Kind.LOT_DEFAULTED, lot, by=by, number=lot.number, ground=ground)


def _require_ground(lot: Lot, ground: str, *, today: date) -> None:
    if ground not in DefaultGround.values:
        raise GroundMissing()
    if ground != DefaultGround.LATE:
        return
    last = day_of_signing(lot)
    if last is None:
        raise NoDayRuns()
    if _failed_on(lot, today) <= last:
        raise NotLateYet(day=date_format(last))


def _failed_on(lot: Lot, today: date) -> date:
    """Return the day on which nobody waits for the signature any more: that of the rescission, else today."""
    if lot.state != lot.State.RESCINDED:
        return today
    ended = Entry.objects.about(lot).filter(kind=Kind.LOT_RESCINDED).first()
    return timezone.localdate(ended.recorded_at) if ended is not None else today
