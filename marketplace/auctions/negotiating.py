"""Negotiating after an unsold lot: its highest bidder is asked, and its yes opens a deal at an agreed price."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules_of_bidders
from marketplace.auctions.models import Lot, Negotiation
from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.deals.models import Deal
from marketplace.deals.opening import open_deal_from_negotiation
from marketplace.organisations.models import Organisation, User


class NotAskedAnyMore(Refused):
    message = _("The seller has chosen another way meanwhile, so there is nothing to answer.")


def ask_highest_bidder(lot: Lot, *, by: User, at: datetime) -> Negotiation | None:
    """Ask the highest bidder of a locked, unsold lot, once; None where nobody bid or the sale failed later.

    Who defaulted or whose sale was rescinded is not asked.
    """
    if lot.state != lot.State.UNSOLD or lot.leader is None:
        return None
    negotiation, is_new = Negotiation.objects.get_or_create(
        lot=lot, defaults={"registration": lot.leader, "asked_by": by, "asked_at": at}
    )
    if is_new:
        journal.record(Kind.NEGOTIATION_ASKED, negotiation, by=by, lot=lot.number)
    return negotiation


def _hold(negotiation: Negotiation) -> datetime:
    negotiation.lot.lock()
    negotiation.lock()
    if negotiation.lot.next_path != "negotiate":
        raise NotAskedAnyMore()
    return clock.now()


def _answer(negotiation: Negotiation, state: str, *, by: User, organisation: Organisation, at: datetime) -> None:
    negotiation.move_to(state)
    negotiation.answered_by, negotiation.answered_at = by, at
    negotiation.save(update_fields=["state", "answered_by", "answered_at"])
    lot = negotiation.lot.number
    journal.record(
        Kind.NEGOTIATION_ANSWERED, negotiation, by=by, on_behalf_of=organisation, lot=lot, agreed=state == "agreed"
    )


@transaction.atomic
def agree_to_negotiate(negotiation: Negotiation, *, by: User, organisation: Organisation) -> Deal:
    """The highest bidder will negotiate: return the deal that opens, in negotiation.

    Raises NotAskedAnyMore, WrongState, OutcomeNotOpen.
    """
    now = _hold(negotiation)
    require(rules_of_bidders.agree_to_negotiate, by, negotiation, organisation)
    _answer(negotiation, Negotiation.State.AGREED, by=by, organisation=organisation, at=now)
    lot = negotiation.lot
    return open_deal_from_negotiation(
        outcome=lot.outcome, buyer=organisation, by=by, asked_by=negotiation.asked_by, lot_number=lot.number
    )


@transaction.atomic
def decline_to_negotiate(negotiation: Negotiation, *, by: User, organisation: Organisation) -> None:
    """The highest bidder will not: the seller chooses again. Raises NotAskedAnyMore, WrongState."""
    now = _hold(negotiation)
    require(rules_of_bidders.decline_to_negotiate, by, negotiation, organisation)
    _answer(negotiation, Negotiation.State.DECLINED, by=by, organisation=organisation, at=now)
    lot = negotiation.lot
    lot.next_path = ""
    lot.save(update_fields=["next_path"])
