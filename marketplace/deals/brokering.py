"""The broker of a deal: named by a side, for both only with the consent of all three, released, declining or leaving.

The broker's own acceptance stands in engagement.py.
"""

from datetime import datetime

from django.db import transaction

from marketplace.brokers.houses import houses_of, houses_words
from marketplace.brokers.models import TechBroker
from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.rules import require
from marketplace.deals import rules
from marketplace.deals.models import BrokerSide, Deal, Side
from marketplace.deals.parts import BrokerConsent
from marketplace.deals.refusals import (
    BothNotOffered,
    BrokerHasHouses,
    BrokerNotValid,
    BrokerOfOtherSide,
    ConsentGiven,
    HasBroker,
    NoBroker,
)
from marketplace.deals.withheld import party_for
from marketplace.organisations.models import Organisation, User


def require_fit(deal: Deal, broker: TechBroker, sides: list[Side], *, by: User, at: datetime) -> None:
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
    deal: Deal,
    broker: TechBroker,
    *,
    by: User,
    organisation: Organisation | None,
    for_both: bool = False,
    knows_houses: bool = False,
) -> None:
    """Name the broker of one's own side; with `for_both`, the other side is asked to consent as well.

    The broker reads the head of the deal, and the rest once they accepted. Whoever names somebody that belongs to
    another organisation says that they know it.
    Raises HasBroker, BrokerNotValid, BrokerOfOtherSide, BrokerHasHouses, DealEnded.
    """
    deal.lock()
    broker.lock()
    now = clock.now()
    require(rules.name_broker, by, deal, organisation=organisation)
    deal.require_open()
    if deal.broker is not None:
        raise HasBroker(broker=deal.broker.name)
    side = Side(deal.side_of(organisation) or "")
    require_fit(deal, broker, list(Side) if for_both else [side], by=by, at=now)
    houses = houses_of(broker.user, but=[deal.party(side).pk])
    if houses and not knows_houses:
        raise BrokerHasHouses(broker=broker.name, houses=houses_words(houses))
    deal.broker, deal.broker_side, deal.broker_accepted_at = broker, BrokerSide(side.value), None
    deal.save(update_fields=["broker", "broker_side", "broker_accepted_at"])
    BrokerConsent.objects.create(deal=deal, broker=broker, side=side, for_both=for_both, given_by=by, given_at=now)
    journal.record(
        Kind.DEAL_BROKER_NAMED,
        deal,
        by=by,
        on_behalf_of=organisation,
        broker=broker.code,
        side=side.value,
        for_both=for_both,
        houses=[one.organisation.code for one in houses],
    )


@transaction.atomic
def consent_to_broker(deal: Deal, *, by: User, organisation: Organisation | None) -> None:
    """Offer that one's broker acts for both sides, or consent to what the side that has the broker offered.

    It takes effect when both sides and the broker have agreed.
    Raises NoBroker, BothNotOffered, ConsentGiven, BrokerNotValid, BrokerOfOtherSide, DealEnded.
    """
    deal.lock()
    if deal.broker is not None:
        deal.broker.lock()
    now = clock.now()
    require(rules.consent_to_broker, by, deal, organisation=organisation)
    deal.require_open()
    if deal.broker is None:
        raise NoBroker()
    require_fit(deal, deal.broker, list(Side), by=by, at=now)
    side = Side(deal.side_of(organisation) or "")
    given = consents(deal)
    if side in given and given[side].for_both:
        raise ConsentGiven()
    if side != deal.client and not offers_both(deal):
        raise BothNotOffered()
    BrokerConsent.objects.filter(deal=deal, side=side, ended_at=None).update(ended_at=now)
    BrokerConsent.objects.create(deal=deal, broker=deal.broker, side=side, for_both=True, given_by=by, given_at=now)
    is_offer = side == deal.client
    serve_both_if_agreed(deal)
    told = {"broker": deal.broker.code, "side": side.value, "acts_for": deal.broker_side, "offers": is_offer}
    journal.record(Kind.DEAL_BROKER_CONSENTED, deal, by=by, on_behalf_of=organisation, **told)


def consents(deal: Deal) -> dict[Side, BrokerConsent]:
    """Return the standing consents of the two sides."""
    rows = BrokerConsent.objects.filter(deal=deal, ended_at=None, side__in=Side.values)
    return {Side(row.side): row for row in rows}


def offers_both(deal: Deal) -> bool:
    """Tell whether the side that has the broker offers that both be served, or both are."""
    given = consents(deal)
    return deal.client is None or (deal.client in given and given[deal.client].for_both)


def serve_both_if_agreed(deal: Deal) -> None:
    """Let the broker act for both sides once both and the broker have agreed. The caller holds the deal and broker."""
    agreed = BrokerConsent.objects.filter(deal=deal, ended_at=None, for_both=True).values_list("side", flat=True)
    if {*Side.values, BrokerConsent.BROKER} <= set(agreed):
        deal.broker_side = BrokerSide.BOTH
        deal.save(update_fields=["broker_side"])


@transaction.atomic
def release_broker(deal: Deal, *, by: User, organisation: Organisation | None = None) -> None:
    """End the broker's part: the broker declines or leaves, or a side releases whom it had. Raises NoBroker, DealEnded.

    Of a broker of both sides, the other side keeps theirs; a broker who leaves, leaves both.
    """
    deal.lock()
    now = clock.now()
    require(rules.release_broker, by, deal, organisation=organisation)
    if deal.broker is None:
        raise NoBroker()
    deal.require_open()
    broker, side, acted_for = deal.broker, deal.side_of(organisation), deal.broker_side
    kind = Kind.DEAL_BROKER_RELEASED
    if side is None:
        kind = Kind.DEAL_BROKER_LEFT if deal.broker_accepted_at is not None else Kind.DEAL_BROKER_DECLINED
    _end(deal, side, at=now)
    told = {"broker": broker.code, "left": "" if side is None else side.value, "acted_for": acted_for}
    behalf = organisation if side is not None else None
    journal.record(kind, deal, by=by, on_behalf_of=behalf, goes_on=deal.broker_side, **told)


def _end(deal: Deal, side: Side | None, *, at: datetime) -> None:
    """End what a side released, or all; of a broker of both, the other side's part goes on."""
    standing = BrokerConsent.objects.filter(deal=deal, ended_at=None)
    if side is not None and deal.broker_side == BrokerSide.BOTH:
        standing.filter(side=side).update(ended_at=at)
        standing.update(for_both=False)
        deal.broker_side = BrokerSide(side.other.value)
    else:
        standing.update(ended_at=at)
        deal.broker, deal.broker_side, deal.broker_accepted_at = None, "", None
    deal.save(update_fields=["broker", "broker_side", "broker_accepted_at"])
