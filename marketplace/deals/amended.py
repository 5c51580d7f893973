"""What the contracts of deals come to, where a change granted after registration left another amount than the price."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Sum

from marketplace.deals.models import Deal, DealQuerySet

PERFORMED = (Deal.State.PERFORMANCE, Deal.State.DONE)


def _amended() -> Any:
    """Return the contracts of other amounts than the prices of their deals; a change of days alone leaves the price."""
    contracts: Any = Deal._meta.get_field("contracts").related_model
    return contracts.objects.amended().filter(deal__state__in=PERFORMED).exclude(total_amount=F("deal__price"))


def amended_amounts(deals: Iterable[Deal]) -> dict[int, int]:
    """Return {key of a deal: what its contract comes to now, in fen}, where a change left another amount."""
    performed = [deal.pk for deal in deals if deal.state in PERFORMED]
    if not performed:
        return {}
    return dict(_amended().filter(deal__in=performed).order_by("pk").values_list("deal", "total_amount"))


def differences(deals: DealQuerySet) -> dict[str, int]:
    """Return {state: by how many fen the amended contracts of these deals differ from their fixed prices}."""
    rows = _amended().filter(deal__in=deals.order_by().values("pk")).order_by().values("deal__state")
    summed = rows.annotate(apart=Sum(F("total_amount") - F("deal__price")))
    return {row["deal__state"]: row["apart"] for row in summed}
