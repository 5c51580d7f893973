"""Engagements a broker is named for and has not accepted or declined, and offers to act for both sides."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.brokers.models import TechBroker
from marketplace.deals.models import Deal, Side
from marketplace.deals.parts import BrokerConsent
from marketplace.desk.piles import Pile
from marketplace.desk.rows import SHOWN, Reader, Row


def waiting(reader: Reader) -> list[Pile]:
    if reader.user.is_platform_staff:  # who keeps the register is no broker in it
        return []
    return [Pile(_asked(reader.user), lambda: engagements_to_answer(reader.user))]


def _asked(user: Any) -> QuerySet[Deal]:
    """Return the deals that wait for this broker: as `engagement.is_asked`, in the database; none of one stopped."""
    given = BrokerConsent.objects.filter(deal=OuterRef("pk"), ended_at=None)
    own = given.filter(side=BrokerConsent.BROKER)
    offered = Q(pk__in=[])
    for side in Side:
        offered |= Q(broker_side=side) & Q(Exists(given.filter(side=side, for_both=True)))
    named = Deal.objects.open().filter(broker__in=TechBroker.objects.working().filter(user=user.pk))
    return named.filter(~Q(Exists(own)) | offered & ~Q(Exists(own.filter(for_both=True))))


def engagements_to_answer(user: Any) -> list[Row]:
    """Return a row for each, the longest unmoved first."""
    return [_row(deal) for deal in _asked(user).select_related("outcome").order_by("moved_at", "pk")[:SHOWN]]


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
