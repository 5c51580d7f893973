"""The follow-up of a sale: seller, buyer or organiser says that it was paid, or put into production."""

from datetime import date, datetime
from typing import Any

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
from marketplace.organisations.models import MemberRole, Organisation, User


class NotOnThatDay(Refused):
    message = _("The day lies between the end of the bidding and today.")
    field = "happened_on"


class PaymentConfirmed(Refused):
    message = _("The seller’s finance has confirmed the payment. What it confirmed, only it says anew.")
    field = "kind"


class UnknownStep(Refused):
    message = _("Choose what happened.")
    field = "kind"


@transaction.atomic
def note_milestone(
    lot: Lot, *, by: User, kind: str, happened_on: date, organisation: Organisation | None = None
) -> SaleMilestone:
    """Note what became of a sold lot whose contract is signed, by whose word; a later word replaces the earlier.

    That it was paid waits for the seller's finance, unless it is the seller's finance or manager who says it.
    """
    now = hold_lot(lot)
    require(rules.note_milestone, by, lot, organisation)
    if lot.state not in SaleMilestone.AFTER:
        raise WrongState(thing=lot, state=lot.get_state_display())
    if kind not in SaleMilestone.Kind.values:
        raise UnknownStep()
    if not timezone.localdate(lot.ends_at) <= happened_on <= timezone.localdate(now):
        raise NotOnThatDay()
    facts: dict[str, Any] = {"happened_on": happened_on, "said_by": by, "said_for": organisation, "said_at": now}
    if kind == SaleMilestone.Kind.PAID:
        facts |= _answered(lot, by, organisation, at=now)
    milestone, _is_new = SaleMilestone.objects.update_or_create(lot=lot, kind=kind, defaults=facts)
    on = happened_on.isoformat()
    journal.record(Kind.LOT_MILESTONE_NOTED, lot, by=by, on_behalf_of=organisation, step=kind, happened_on=on)
    return milestone


def _answered(lot: Lot, by: User, organisation: Organisation | None, *, at: datetime) -> dict[str, Any]:
    """Return the answer of the seller's finance with which a new word begins: its own, or none yet.

    Raises PaymentConfirmed where it has confirmed one and somebody else says another.
    """
    seller = lot.outcome.owner
    if organisation == seller and by.acts_for(seller, MemberRole.FINANCE):
        answer = SaleMilestone.Answer.CONFIRMED
        return {"answer": answer, "answered_by": by, "answered_at": at, "answer_reason": ""}
    if lot.milestones.filter(kind=SaleMilestone.Kind.PAID, answer=SaleMilestone.Answer.CONFIRMED).exists():
        raise PaymentConfirmed()
    return {"answer": "", "answered_by": None, "answered_at": None, "answer_reason": ""}


def party_of(organisation: Organisation | None, lot: Lot) -> Organisation | None:
    """Return the organisation somebody acts for if it is a party of the sale; an organiser speaks for none."""
    buyer = lot.leader.organisation_id if lot.leader is not None else None
    return organisation if organisation is not None and organisation.pk in (lot.outcome.owner_id, buyer) else None
