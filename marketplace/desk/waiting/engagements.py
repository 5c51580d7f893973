"""Engagements a broker is named for and has not accepted or declined, and offers to act for both sides."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.brokers.models import TechBroker
from marketplace.brokers.working import why_not_work
from marketplace.deals.models import Deal, Side
from marketplace.deals.parts import BrokerConsent
from marketplace.desk.piles import Pile
from marketplace.desk.rows import SHOWN, Reader, Row


def waiting(reader: Reader) -> list[Pile]:
    broker = getattr(reader.user, "broker", None)
    if broker is None:
        return []
    return [Pile(_asked(broker), lambda: engagements_to_answer(broker))]


def _asked(broker: TechBroker) -> QuerySet[Deal]:
    """Return the deals that wait for this broker: as `engagement.is_asked`, in the database; none of one stopped."""
    if why_not_work(broker) is not None:
        return Deal.objects.none()
    given = BrokerConsent.objects.filter(deal=OuterRef("pk"), ended_at=None)
    own = given.filter(side=BrokerConsent.BROKER)
    offered = Q(pk__in=[])
    for side in Side:
        offered |= Q(broker_side=side) & Q(Exists(given.filter(side=side, for_both=True)))
    return Deal.objects.open().filter(~Q(Exists(own)) | offered & ~Q(Exists(own.filter(for_both=True))), broker=broker)


def engagements_to_answer(broker: TechBroker) -> list[Row]:
    """Return a row for each, the longest unmoved first."""
    deals = _asked(broker).select_related("outcome").order_by("moved_at", "pk")[:SHOWN]
    return [_row(deal) for deal in deals]


def _row(deal: Deal) -> Row:
    again = deal.broker_accepted_at is not None
    words = _("Accept or decline as broker: %(deal)s")
    if again:
        words = _("Answer whether you act for both sides: %(deal)s")
    return Row(
        title=words % {"deal": deal.outcome.heading},
        about=(deal.get_broker_side_display(),),
        url=reverse("deal-engagement", args=[deal.code]),
        act=_("Answer"),
        icon="users",
        since=deal.moved_at,
    )
