"""An organiser takes back that a bidder was let in (取消竞买资格), before the bidding begins."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules_of_bidders
from marketplace.auctions.deposits import let_bidder_go
from marketplace.auctions.locking import hold_lot
from marketplace.auctions.models import BidderRegistration
from marketplace.auctions.reasons import require_reason
from marketplace.auctions.stepping_back import BiddingHasBegun, may_still_end
from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import User

State = BidderRegistration.State
LET_IN = (State.DEPOSIT_DUE, State.DEPOSIT_HELD, State.QUALIFIED)


class NotLetIn(Refused):
    message = _("Nobody is let in by this application, so there is nothing to revoke.")


class PracticeLetsIn(Refused):
    message = _("In practice everybody who wants to is let in, so nothing is revoked.")


def why_not_revoke(registration: BidderRegistration, at: datetime) -> type[Refused] | None:
    """Return what stands against revoking an admission at `at`, besides who asks.

    Once the bidding has begun a bid may stand by it; whose papers prove false then has no power of attorney, and the
    lot is suspended or withdrawn.
    """
    if registration.state not in LET_IN:
        return NotLetIn
    if registration.lot.is_practice:
        return PracticeLetsIn
    return None if may_still_end(registration, at) else BiddingHasBegun


@transaction.atomic
def revoke_admission(registration: BidderRegistration, *, by: User, reason: str) -> None:
    """End the application of a bidder who was let in, with the reason; its number is given to nobody else.

    The deposit is paid back unless another lot of the session needs it. As after a rejection another application may be
    made until the registration closes. Raises NotLetIn, PracticeLetsIn, BiddingHasBegun, ReasonMissing.
    """
    now = hold_lot(registration.lot)
    registration.lock()
    require(rules_of_bidders.revoke_admission, by, registration)
    if obstacle := why_not_revoke(registration, now):
        raise obstacle()
    registration.decision_reason = require_reason(reason)
    let_bidder_go(registration, at=now)
    registration.decided_by, registration.decided_at = by, now
    registration.withdrawn_at, registration.is_revoked = now, True
    registration.save(update_fields=["decision_reason", "decided_by", "decided_at", "withdrawn_at", "is_revoked"])
    journal.record(Kind.REGISTRATION_REVOKED, registration, by=by, lot=registration.lot.number)
