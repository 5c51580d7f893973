"""Who is told what about a broker's part in a deal: named, accepted, declined, ended, stopped by the district."""

from collections.abc import Callable

from marketplace.brokers.models import TechBroker
from marketplace.core.journal import Entry, Kind
from marketplace.deals.brokering import offers_both
from marketplace.deals.engagement import is_asked
from marketplace.deals.models import BrokerSide, Deal, Side
from marketplace.notices.models import Notice, NoticeQuerySet
from marketplace.organisations.models import User
from tasks.notices import Tell
from tasks.notices.deals import people_of

ASKING_BROKER, ASKING_SIDE = ("deal.named_broker", "deal.broker_both_asked"), ("deal.consent_asked",)


def _deal(entry: Entry) -> Deal:
    return Deal.objects.with_parties().select_related("broker__user").get(pk=entry.subject_id)


def _broker_of(entry: Entry) -> TechBroker:
    return TechBroker.objects.select_related("user").get(code=entry.data["broker"])


def _sides(acts_for: str) -> list[Side]:
    return list(Side) if acts_for == BrokerSide.BOTH else [Side(acts_for)]


def _people(deal: Deal, sides: list[Side], entry: Entry) -> list[User]:
    found = {person.pk: person for side in sides for person in people_of(deal, side)}
    found.pop(entry.actor_id or 0, None)
    return list(found.values())


def _ask_broker(deal: Deal, kind: str) -> list[Tell]:
    """Ask the broker who signs in and has still to answer."""
    if deal.broker is None or deal.broker.user is None or not is_asked(deal):
        return []
    path = deal.get_absolute_url() + "engagement/"
    return [Tell([deal.broker.user], kind, path, deal)]


def _ask_other_side(deal: Deal, side: Side) -> list[Tell]:
    return [Tell(people_of(deal, side.other), "deal.consent_asked", deal.get_absolute_url(), deal)]


def named(entry: Entry) -> list[Tell]:
    """A broker is named: the broker answers; the other side is asked where both are to be served."""
    deal = _deal(entry)
    tells = _ask_broker(deal, "deal.named_broker")
    return [*tells, *_ask_other_side(deal, Side(entry.data["side"]))] if entry.data["for_both"] else tells


def accepted(entry: Entry) -> list[Tell]:
    """The broker accepted: the clients hear it, and the other side that a broker takes part now, for whom."""
    deal = _deal(entry)
    clients = _people(deal, _sides(entry.data["acts_for"]), entry)
    path, kind = deal.get_absolute_url(), "deal.broker_accepted"
    if entry.data["acts_for"] == BrokerSide.BOTH:
        return [Tell(clients, "deal.broker_for_both", path, deal)]
    known = {person.pk for person in clients}
    others = _people(deal, [Side(entry.data["acts_for"]).other], entry)
    kinds = {Side.SELLER: "deal.broker_of_seller", Side.BUYER: "deal.broker_of_buyer"}
    told = [person for person in others if person.pk not in known]
    return [
        Tell(clients, kind, path, deal),
        Tell(told, kinds[Side(entry.data["acts_for"])], path, deal),
    ]


def declined(entry: Entry) -> list[Tell]:
    """The broker declined: the side that named them hears it."""
    deal = _deal(entry)
    people = _people(deal, _sides(entry.data["acted_for"]), entry)
    return [Tell(people, "deal.broker_declined", deal.get_absolute_url(), deal)]


def consented(entry: Entry) -> list[Tell]:
    """Both sides are to be served: offered, the other side and the broker are asked; agreed, all are told."""
    deal = _deal(entry)
    if entry.data["acts_for"] == BrokerSide.BOTH:
        people = _people(deal, list(Side), entry)
        if deal.broker is not None and deal.broker.user is not None:
            people.append(deal.broker.user)
        return [Tell(people, "deal.broker_for_both", deal.get_absolute_url(), deal)]
    if not offers_both(deal):
        return []
    side = Side(entry.data["side"])
    asked = _ask_other_side(deal, side) if entry.data.get("offers") else []
    accepted_before = deal.broker_accepted_at is not None
    return [*asked, *(_ask_broker(deal, "deal.broker_both_asked") if accepted_before else [])]


def left(entry: Entry) -> list[Tell]:
    """The broker left: both sides hear it."""
    deal = _deal(entry)
    return [Tell(_people(deal, list(Side), entry), "deal.broker_left", deal.get_absolute_url(), deal)]


def released(entry: Entry) -> list[Tell]:
    """A side released its broker: the broker, who may not see the deal any more, and the other side hear it."""
    deal, broker = _deal(entry), _broker_of(entry)
    side = Side(entry.data["left"])
    path = deal.get_absolute_url()
    kinds = {Side.SELLER: "deal.broker_released_by_seller", Side.BUYER: "deal.broker_released_by_buyer"}
    tells = [Tell(_people(deal, [side.other], entry), kinds[side], path, deal)]
    if broker.user is not None:
        own = path if entry.data.get("goes_on") else broker.get_absolute_url()
        tells.append(Tell([broker.user], "deal.you_are_released", own, deal))
    return tells


def clients_about_standing(kind: str) -> Callable[[Entry], list[Tell]]:
    """The district decided on a broker: the sides they act for in deals under way hear it, deal by deal."""

    def whom_to_tell(entry: Entry) -> list[Tell]:
        broker = TechBroker.objects.get(pk=entry.subject_id)
        deals = Deal.objects.open().with_parties().filter(broker=broker)
        return [
            Tell(_people(deal, _sides(deal.broker_side), entry), kind, deal.get_absolute_url(), deal) for deal in deals
        ]

    return whom_to_tell


def asked_of_all(entry: Entry) -> NoticeQuerySet:
    """The engagement ended: nobody answers what it asked any more."""
    return Notice.objects.filter(kind__in=(*ASKING_BROKER, *ASKING_SIDE), subject_id=entry.subject_id).unread()


def asked_of_broker(entry: Entry) -> NoticeQuerySet:
    """The broker answered."""
    return Notice.objects.filter(kind__in=ASKING_BROKER, subject_id=entry.subject_id).unread()


TELLS = {
    Kind.DEAL_BROKER_NAMED: named,
    Kind.DEAL_BROKER_ACCEPTED: accepted,
    Kind.DEAL_BROKER_DECLINED: declined,
    Kind.DEAL_BROKER_CONSENTED: consented,
    Kind.DEAL_BROKER_LEFT: left,
    Kind.DEAL_BROKER_RELEASED: released,
    Kind.BROKER_SUSPENDED: clients_about_standing("deal.broker_suspended"),
    Kind.BROKER_REVOKED: clients_about_standing("deal.broker_revoked"),
    Kind.BROKER_REINSTATED: clients_about_standing("deal.broker_reinstated"),
}
SETTLES = {
    Kind.DEAL_BROKER_ACCEPTED: asked_of_broker,
    Kind.DEAL_BROKER_DECLINED: asked_of_all,
    Kind.DEAL_BROKER_LEFT: asked_of_all,
    Kind.DEAL_BROKER_RELEASED: asked_of_all,
}
