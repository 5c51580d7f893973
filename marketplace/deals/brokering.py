"""The broker of a deal: named by a side, for both only with the consent of both, released or leaving."""

from datetime import datetime

from django.db import transaction

from marketplace.brokers.models import TechBroker
from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.rules import require
from marketplace.deals import rules
from marketplace.deals.models import BrokerSide, Deal, Side
from marketplace.deals.parts import BrokerConsent
from marketplace.deals.refusals import (
    BrokerNotValid,
    BrokerOfOtherSide,
    ConsentGiven,
    HasBroker,
    NoBroker,
)
from marketplace.deals.withheld import party_for
from marketplace.organisations.models import Organisation, User


def _require_fit(deal: Deal, broker: TechBroker, sides: list[Side], *, by: User, at: datetime) -> None:
    """Refuse a broker whose certificate does not hold at `at`, or who belongs to the opposite side."""
    if not broker.is_valid(at):
        raise BrokerNotValid(broker=broker.name, standing=broker.standing(at).label)
    for side in sides:
        other = deal.party(side.other)
        employed = broker.user is not None and broker.user.acts_for(other)
        if employed or (broker.firm is not None and broker.firm.is_related_to(other)):
            raise BrokerOfOtherSide(broker=broker.name, organisation=party_for(deal, side.other, by))


@transaction.atomic
def name_broker(
    deal: Deal, broker: TechBroker, *, by: User, organisation: Organisation | None, for_both: bool = False
) -> None:
    """Name the broker of one's own side; with `for_both`, the other side is asked to consent as well.

    Raises HasBroker, BrokerNotValid, BrokerOfOtherSide, DealEnded.
    """
    deal.lock()
    broker.lock()
    now = clock.now()
    require(rules.name_broker, by, deal, organisation=organisation)
    deal.require_open()
    if deal.broker is not None:
        raise HasBroker(broker=deal.broker.name)
    side = Side(deal.side_of(organisation) or "")
    _require_fit(deal, broker, list(Side) if for_both else [side], by=by, at=now)
    deal.broker, deal.broker_side = broker, BrokerSide(side.value)
    deal.save(update_fields=["broker", "broker_side"])
    BrokerConsent.objects.create(deal=deal, broker=broker, side=side, for_both=for_both, given_by=by, given_at=now)
    journal.record(
        Kind.DEAL_BROKER_NAMED,
        deal,
        by=by,
        on_behalf_of=organisation,
        broker=broker.code,
        side=side.value,
        for_both=for_both,
    )


@transaction.atomic
def consent_to_broker(deal: Deal, *, by: User, organisation: Organisation | None) -> None:
    """Consent that the deal's broker acts for both sides; it takes effect when both sides have consented.

    Raises NoBroker, ConsentGiven, BrokerNotValid, BrokerOfOtherSide, DealEnded.
    """
    deal.lock()
    if deal.broker is not None:
        deal.broker.lock()
    now = clock.now()
    require(rules.consent_to_broker, by, deal, organisation=organisation)
    deal.require_open()
    if deal.broker is None:
        raise NoBroker()
    _require_fit(deal, deal.broker, list(Side), by=by, at=now)
    side = Side(deal.side_of(organisation) or "")
    given = consents(deal)
    if side in given and given[side].for_both:
        raise ConsentGiven()
    BrokerConsent.objects.filter(deal=deal, side=side, ended_at=None).update(ended_at=now)
    BrokerConsent.objects.create(deal=deal, broker=deal.broker, side=side, for_both=True, given_by=by, given_at=now)
    if all(one in (given := consents(deal)) and given[one].for_both for one in Side):
        deal.broker_side = BrokerSide.BOTH
        deal.save(update_fields=["broker_side"])
    told = {"broker": deal.broker.code, "side": side.value, "acts_for": deal.broker_side}
    journal.record(Kind.DEAL_BROKER_CONSENTED, deal, by=by, on_behalf_of=organisation, **told)


def consents(deal: Deal) -> dict[Side, BrokerConsent]:
    """Return the standing consents by side."""
    rows = BrokerConsent.objects.filter(deal=deal, ended_at=None)
    return {Side(row.side): row for row in rows}


@transaction.atomic
def release_broker(deal: Deal, *, by: User, organisation: Organisation | None = None) -> None:
    """End the broker's part: the broker leaves, or a side releases whom it had. Raises NoBroker, DealEnded.

    Of a broker of both sides, the other side keeps theirs; a broker who leaves, leaves both.
    """
    deal.lock()
    now = clock.now()
    require(rules.release_broker, by, deal, organisation=organisation)
    if deal.broker is None:
        raise NoBroker()
    deal.require_open()
    broker, side = deal.broker, deal.side_of(organisation)
    ended = BrokerConsent.objects.filter(deal=deal, ended_at=None)
    if side is not None and deal.broker_side == BrokerSide.BOTH:
        ended.filter(side=side).update(ended_at=now)
        ended.update(for_both=False)
        deal.broker_side = BrokerSide(side.other.value)
    else:
        ended.update(ended_at=now)
        deal.broker, deal.broker_side = None, ""
    deal.save(update_fields=["broker", "broker_side"])
    journal.record(
        Kind.DEAL_BROKER_LEFT,
        deal,
        by=by,
        on_behalf_of=organisation if side is not None else None,
        broker=broker.code,
        left="" if side is None else side.value,
    )
