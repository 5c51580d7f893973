"""A broker takes a deal on: reads for whom and for what, and accepts with the confidentiality terms, once or for both.

Until then, and while the district has suspended or revoked the filing, the broker reads the head of the deal only.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.rules import require
from marketplace.deals import rules
from marketplace.deals.brokering import offers_both, require_fit, serve_both_if_agreed
from marketplace.deals.models import Deal, Side
from marketplace.deals.nda import VERSION
from marketplace.deals.parts import BrokerConsent
from marketplace.deals.refusals import EngagementAccepted, NdaOutdated
from marketplace.organisations.models import User


def own_consent(deal: Deal) -> BrokerConsent | None:
    """Return what the broker of a deal has accepted, if anything."""
    return BrokerConsent.objects.filter(deal=deal, side=BrokerConsent.BROKER, ended_at=None).first()


def is_asked(deal: Deal) -> bool:
    """Tell whether something waits for the broker: the engagement, or acting for both sides since it was offered."""
    own = own_consent(deal)
    return own is None or (offers_both(deal) and not own.for_both)


@transaction.atomic
def accept_engagement(deal: Deal, *, by: User, version: str = VERSION) -> None:
    """Accept to be the broker, bound by the terms shown; again where acting for both sides was offered later.

    Raises EngagementAccepted, NdaOutdated, BrokerNotValid, BrokerOfOtherSide, DealEnded.
    """
    deal.lock()
    if deal.broker is not None:
        deal.broker.lock()
    now = clock.now()
    require(rules.accept_engagement, by, deal)
    deal.require_open()
    if version != VERSION:
        raise NdaOutdated()
    own, for_both = own_consent(deal), offers_both(deal)
    if own is not None and (own.for_both or not for_both):
        raise EngagementAccepted()
    sides = list(Side) if for_both or deal.client is None else [deal.client]
    require_fit(deal, deal.broker, sides, by=by, at=now)  # type: ignore[arg-type]  # the rule asked that there is one
    _keep(deal, for_both=for_both, by=by, at=now)
    serve_both_if_agreed(deal)
    told: dict[str, Any] = {
        "version": version,
        "acts_for": deal.broker_side,
        "broker": deal.broker.code if deal.broker else "",
    }
    journal.record(Kind.DEAL_BROKER_ACCEPTED, deal, by=by, again=own is not None, for_both=for_both, **told)


def _keep(deal: Deal, *, for_both: bool, by: User, at: datetime) -> None:
    """Write the broker's consent down in place of an earlier one; the deal counts from the first."""
    BrokerConsent.objects.filter(deal=deal, side=BrokerConsent.BROKER, ended_at=None).update(ended_at=at)
    own = BrokerConsent(deal=deal, broker=deal.broker, side=BrokerConsent.BROKER, version=VERSION)
    own.for_both, own.given_by, own.given_at = for_both, by, at
    own.save()
    if deal.broker_accepted_at is None:
        deal.broker_accepted_at = at
        deal.save(update_fields=["broker_accepted_at"])
