"""The figures of one broker in one year, each as the records behind it: Σ of the drill-down is the figure."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from marketplace.brokers.leads.models import Lead
from marketplace.brokers.models import TechBroker
from marketplace.brokers.training.models import TrainingRecord
from marketplace.contracts.models import TechnologyContract
from marketplace.deals.models import Deal
from marketplace.deals.parts import DealNote
from marketplace.rewards.satisfaction import BrokerMark

STANDS = (Lead.State.STANDING, Lead.State.IN_DEAL, Lead.State.CLOSED)


def needs(broker: TechBroker, year: int) -> QuerySet[Any]:
    """Return the leads on needs that stand, filed in the year."""
    return Lead.objects.filter(broker=broker, kind=Lead.Kind.NEED, state__in=STANDS, registered_at__year=year)


def meetings(broker: TechBroker, year: int) -> QuerySet[Any]:
    """Return the meetings held in deals the broker accompanies."""
    return DealNote.objects.filter(deal__broker=broker, kind=DealNote.Kind.MEETING, met_on__year=year, is_shared=True)


def matches(broker: TechBroker, year: int) -> QuerySet[Any]:
    """Return the deals the broker accompanies that began from a match both sides accepted, opened in the year."""
    return Deal.objects.filter(broker=broker, match__isnull=False, opened_at__year=year)


def contracts(broker: TechBroker, year: int) -> QuerySet[Any]:
    """Return the contracts that name the broker, by the day of registration."""
    return TechnologyContract.objects.registered().filter(broker=broker, registered_on__year=year)


def hours(broker: TechBroker, year: int) -> QuerySet[Any]:
    """Return the courses that count."""
    return TrainingRecord.objects.filter(broker=broker).counted(year)


def marks(broker: TechBroker, year: int) -> QuerySet[Any]:
    """Return the marks parties of finished deals gave in the year."""
    return BrokerMark.objects.filter(broker=broker, given_at__year=year)


SATISFACTION = "satisfaction"  # the one figure that is a mean (hundredths of a mark), not a sum
# name → (words, records behind it, what each adds)
FIGURES: dict[str, tuple[Any, Callable[[TechBroker, int], QuerySet[Any]], Callable[[Any], int]]] = {
    "needs": (_("needs brought"), needs, lambda record: 1),
    "meetings": (_("meetings"), meetings, lambda record: 1),
    "matches": (_("matches accepted"), matches, lambda record: 1),
    "contracts": (_("contracts registered"), contracts, lambda record: 1),
    "amount": (_("technical amount"), contracts, lambda record: record.technical_amount),
    "hours": (_("continuing hours"), hours, lambda record: record.hours),
    SATISFACTION: (_("satisfaction of the parties"), marks, lambda record: record.mark),
}

# what a page that lists the records of a figure reads with each of them
READ_WITH: dict[str, tuple[str, ...]] = {
    "meetings": ("deal__outcome",),
    "matches": ("outcome",),
    "hours": ("broker",),
    SATISFACTION: ("deal__outcome",),
}


def computed(broker: TechBroker, year: int) -> dict[str, dict[str, Any]]:
    """Return {figure: {value, records: [[key, what it adds]]}}, from the records as they are now."""
    found = {}
    for name, (_words, records, adds) in FIGURES.items():
        rows = [[record.pk, adds(record)] for record in records(broker, year).order_by("pk")]
        found[name] = {"value": _value(name, [added for _key, added in rows]), "records": rows}
    return found


def _value(name: str, added: list[int]) -> int:
    """Return a figure from what its records add; without a mark satisfaction is 0 and does not count."""
    if name == SATISFACTION:
        return sum(added) * 100 // len(added) if added else 0
    return sum(added)


def score_of(points: dict[str, int], *, unasked: int) -> int:
    """Return hundredths of points out of 100; `unasked` is the weight that falls away for want of any mark.

    What is left is stretched to 100, so that nobody loses or gains by parties who did not answer.
    """
    return sum(points.values()) * 100 // (100 - unasked)


def points_of(value: int, *, weight: int, full: int) -> int:
    """Return hundredths of points: the weight from `full` on, in proportion below, fractions dropped."""
    return weight * 100 * min(value, full) // full
