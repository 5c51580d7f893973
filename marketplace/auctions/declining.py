"""The seller says no to the terms of a drafted lot: the organiser reads why, and rewrites it or takes it out."""

from django.db import transaction

from marketplace.auctions import rules
from marketplace.auctions.models import Lot
from marketplace.auctions.reasons import require_reason
from marketplace.core import journal
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import WrongState
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User

ANSWERS = (Kind.LOT_DECLINED, Kind.LOT_SUBMITTED, Kind.LOT_REWRITTEN, Kind.LOT_REVIEWED)


@transaction.atomic
def decline_lot(lot: Lot, *, by: User, organisation: Organisation, reason: str) -> None:
    """Say for the seller that it does not agree to the terms, and why. It may still agree later.

    Raises WrongState unless the lot is a draft, ReasonMissing, ReasonTooLong.
    """
    lot.lock()
    require(rules.decline_lot, by, lot, organisation)
    if lot.state != lot.State.DRAFT:
        raise WrongState(thing=lot, state=lot.get_state_display())
    lot.note = require_reason(reason)
    lot.save(update_fields=["note"])
    journal.record(Kind.LOT_DECLINED, lot, by=by, on_behalf_of=organisation, number=lot.number)


def is_declined(lot: Lot) -> bool:
    """Tell whether the last word on a draft is that its seller does not agree; `note` holds why."""
    if lot.state != lot.State.DRAFT:
        return False
    last = Entry.objects.about(lot).filter(kind__in=ANSWERS).first()
    return last is not None and last.kind == Kind.LOT_DECLINED
