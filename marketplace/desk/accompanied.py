"""What a broker accompanies: their deals under way, with who has to act next."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from marketplace.brokers.models import TechBroker
from marketplace.deals.cards import stalls_for
from marketplace.deals.dated import days_until_stalled, is_late
from marketplace.deals.models import Deal, Side, brokered_by
from marketplace.deals.showing import with_turns
from marketplace.deals.turns import turn_of
from marketplace.deals.withheld import party_for
from marketplace.desk.rows import SHOWN


def accompanied(broker: TechBroker | None, *, at: datetime) -> dict[str, Any]:
    """Return the deals under way that a broker accompanies, the longest unmoved first, and where all of them are.

    Nothing here waits for the broker; it shows whom to call, and what stalls.
    """
    if broker is None:
        return {}
    under_way = Deal.objects.exclude(state__in=Deal.ENDED).filter(brokered_by(broker.user))
    deals = list(with_turns(under_way).order_by("moved_at", "pk")[:SHOWN])
    limits = days_until_stalled(timezone.localdate(at)) if deals else {}
    return {"rows": [_row(deal, broker, limits, at=at) for deal in deals], "href": reverse("deal-list")}


def _row(deal: Deal, broker: TechBroker, limits: dict[str, int], *, at: datetime) -> dict[str, Any]:
    turn = turn_of(deal)
    next_acts = [(party_for(deal, side, broker.user), turn.acts[side]) for side in Side if side in turn.acts]
    days = (at - deal.moved_at).days
    late = stalls_for(days) if is_late(deal.state, days, limits) else ""
    return {"deal": deal, "acts": next_acts, "waits": "" if next_acts else turn.waits, "late": late}
