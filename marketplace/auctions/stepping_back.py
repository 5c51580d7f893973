"""A bidder steps back from a session that was postponed: it applied for other times than it gets."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules_of_bidders
from marketplace.auctions.deposits import LET_GO, let_bidder_go
from marketplace.auctions.locking import hold_lot
from marketplace.auctions.models import BidderRegistration
from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User


class TimesAsAnnounced(Refused):
    message = _("An application is withdrawn only where its session was postponed after it was made.")


class BiddingHasBegun(Refused):
    message = _("Bidding on this lot has begun. The application holds from then on.")


def why_not_step_back(registration: BidderRegistration, at: datetime) -> type[Refused] | None:
    """Return what stands against withdrawing an application at `at`, besides who asks."""
    lot, session = registration.lot, registration.lot.session
    applied_before = session.reannounced_at is not None and registration.applied_at < session.reannounced_at
    if registration.state not in LET_GO or not (session.is_postponed or applied_before):
        return TimesAsAnnounced
    if lot.state == lot.State.POSTPONED or (lot.state == lot.State.ANNOUNCED and at < lot.starts_at):
        return None
    return BiddingHasBegun


@transaction.atomic
def withdraw_application(registration: BidderRegistration, *, by: User, organisation: Organisation) -> None:
    """End an application whose session was postponed; its deposit is paid back unless another lot needs it.

    The row stays; until the registration for the new times closes another may be made, as if there had been none: with
    a number and a deposit of its own, and the rank of a priority right as listed. Raises TimesAsAnnounced,
    BiddingHasBegun.
    """
    now = hold_lot(registration.lot)
    registration.lock()
    require(rules_of_bidders.withdraw_application, by, registration, organisation)
    registration.lot.session.refresh_from_db()
    obstacle = why_not_step_back(registration, now)
    if obstacle is not None:
        raise obstacle()
    let_bidder_go(registration, at=now)
    registration.withdrawn_at = now
    registration.save(update_fields=["withdrawn_at"])
    journal.record(
        Kind.REGISTRATION_WITHDRAWN, registration, by=by, on_behalf_of=organisation, lot=registration.lot.number
    )
