"""The follow-up of a sale: seller, buyer or organiser says that it was paid, or put into production."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules
from marketplace.auctions.locking import hold_lot
from marketplace.auctions.models import Lot, SaleMilestone
from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused, WrongState
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User


class NotOnThatDay(Refused):
    message = _("The day lies between the end of the bidding and today.")
    field = "happened_on"


class UnknownStep(Refused):
    message = _("Choose what happened.")
    field = "kind"


@transaction.atomic
def note_milestone(
    lot: Lot, *, by: User, kind: str, happened_on: date, organisation: Organisation | None = None
) -> SaleMilestone:
    """Note what became of a sold lot whose contract is signed, by whose word; a later word replaces the earlier."""
    now = hold_lot(lot)
    require(rules.note_milestone, by, lot, organisation)
    if lot.state not in SaleMilestone.AFTER:
        raise WrongState(thing=lot, state=lot.get_state_display())
    if kind not in SaleMilestone.Kind.values:
        raise UnknownStep()
    if not timezone.localdate(lot.ends_at) <= happened_on <= timezone.localdate(now):
        raise NotOnThatDay()
    facts = {"happened_on": happened_on, "said_by": by, "said_for": organisation, "said_at": now}
    milestone, _is_new = SaleMilestone.objects.update_or_create(lot=lot, kind=kind, defaults=facts)
    on = happened_on.isoformat()
    journal.record(Kind.LOT_MILESTONE_NOTED, lot, by=by, on_behalf_of=organisation, step=kind, happened_on=on)
    return milestone


def party_of(organisation: Organisation | None, lot: Lot) -> Organisation | None:
    """Return the organisation somebody acts for if it is a party of the sale; an organiser speaks for none."""
    buyer = lot.leader.organisation_id if lot.leader is not None else None
    return organisation if organisation is not None and organisation.pk in (lot.outcome.owner_id, buyer) else None
