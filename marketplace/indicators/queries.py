"""Each figure as a query: its value and the records behind it (definitions: domain.md §7.1).

Dates count by registration (contracts), filing (brokers) and end of bidding (lots), not by signing.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property, partial
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from marketplace.brokers.history import valid_on
from marketplace.brokers.models import TechBroker
from marketplace.contracts.counting import FIGURES, RegisterRow, RegisterRowQuerySet
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.sharing.payouts import Distribution
from marketplace.core import clock
from marketplace.core.regions import in_district
from marketplace.deals.leads import DealLead
from marketplace.indicators.periods import Period
from marketplace.indicators.small_groups import is_small


@dataclass(frozen=True)
class Measured:
    """A figure and the records it was computed from; None where there is nothing to divide by.

    Where each record has its part of the figure in a column of its own, `column` names it. What is only counted or
    summed is so when it is asked for. `share`: the name of the rows of the register that are summed (SHARES), where a
    board asks for all columns of them at once. `count`: how many records there are, where that is known.
    """

    found: int | float | Callable[[], int] | None
    records: QuerySet[Any]
    column: str = ""
    share: str = ""
    count: int | None = None

    @cached_property
    def value(self) -> int | float | None:
        """The figure."""
        return self.found() if callable(self.found) else self.found


def counted_in(period: Period) -> RegisterRowQuerySet:
    """Return what the register counted in the period: registrations, differences of changes, what was taken off."""
    return RegisterRow.objects.counted(period.first, period.last).select_related("contract__seller", "contract__field")


def sum_of(records: QuerySet[Any], column: str) -> int:
    """Return the sum of a column in its own unit: fen of amounts."""
    return records.aggregate(total=Sum(column))["total"] or 0


def _counted(records: RegisterRowQuerySet, column: str) -> Measured:
    """Return a figure of the register over exactly the rows that change it."""
    found = records.exclude(**{column: 0})
    return Measured(partial(sum_of, found, column), found, column)


def is_landed() -> Q:
    """Return the condition of rows whose contract is over an outcome of the platform and has its buyer here."""
    return Q(contract__outcome__isnull=False) & in_district("contract__buyer_region", "contract__registered_on")


def landed(period: Period) -> RegisterRowQuerySet:
    """Return what counted of landed outcomes in the period."""
    return counted_in(period).filter(is_landed())


SHARES = {"all": counted_in, "landed": landed}


def _of_share(share: str, period: Period, column: str) -> Measured:
    return replace(_counted(SHARES[share](period), column), share=share)


def register_parts(period: Period) -> list[dict[str, Any]]:
    """Return what the register counted in a period: {contract_type, field (id), is_landed, each column of FIGURES}.

    Amounts in fen, `count` and `large_count` contracts. One question for all that a board sums up from it: each figure
    of its own would read the whole period with its contracts.
    """
    kinds = {
        "contract_type": F("contract__contract_type"),
        "field": F("contract__field"),
        "is_landed": ExpressionWrapper(is_landed(), output_field=BooleanField()),
    }
    sums = {f"of_{name}": Sum(name) for name in FIGURES}
    rows = RegisterRow.objects.counted(period.first, period.last).values(**kinds).annotate(**sums).order_by()
    return [{name.removeprefix("of_"): value for name, value in row.items()} for row in rows]


def share_sums(parts: Iterable[dict[str, Any]]) -> dict[str, dict[str, int]]:
    """Return {share: {column: sum}} of the parts of a register."""
    parts = list(parts)
    of = {"all": parts, "landed": [part for part in parts if part["is_landed"]]}
    return {share: {name: sum(part[name] for part in some) for name in FIGURES} for share, some in of.items()}


def summed_by(parts: Iterable[dict[str, Any]], column: str) -> list[dict[str, Any]]:
    """Return rows {contract_type or field, each column of FIGURES} of a register's parts, the largest total first."""
    found: dict[Any, Counter[str]] = defaultdict(Counter)
    for part in parts:
        found[part[column]].update({name: part[name] for name in FIGURES})
    cut = [{column: key, **sums} for key, sums in found.items()]
    return sorted(cut, key=lambda row: (-row["total"], row[column] is None, row[column] or 0))


def contract_count(period: Period) -> Measured:
    """K01: contracts registered in the period, less those cancelled or revoked in it."""
    return _of_share("all", period, "count")


def contract_total(period: Period) -> Measured:
    """K02: sum of the total amounts, by registration date; changes by their difference."""
    return _of_share("all", period, "total")


def technical_total(period: Period) -> Measured:
    """K03: sum of the technical amounts, by registration date; changes by their difference."""
    return _of_share("all", period, "technical")


def outgoing_total(period: Period) -> Measured:
    """K05.1 输出: what sellers in the district have of the total amounts, a joint seller by its share."""
    return _of_share("all", period, "sold_here")


def incoming_total(period: Period) -> Measured:
    """K05.2 吸纳: total amount of contracts whose buyer is in the district."""
    return _of_share("all", period, "bought_here")


def large_count(period: Period) -> Measured:
    """K06.1: large contracts (大额合同), by the rule of their day."""
    return _of_share("all", period, "large_count")


def large_technical(period: Period) -> Measured:
    """K06.2: sum of the technical amounts of K06.1."""
    return _of_share("all", period, "large_technical")


def landed_count(period: Period) -> Measured:
    """K07: registered contracts over an outcome of the platform whose buyer is in the district, each one item (项).

    domain.md §7.1 counts deals with a contract, not outcomes: an outcome several enterprises took landed with each.
    """
    return _of_share("landed", period, "count")


def landed_technical(period: Period) -> Measured:
    """K08: sum of the technical amounts of K07."""
    return _of_share("landed", period, "technical")


def brokered_technical(period: Period) -> Measured:
    """K11: sum of the technical amounts of contracts whose deal rests on a lead confirmed and filed before signing.

    A lead is in a deal only once its party confirmed it and the window of objections is over.
    """
    return _counted(counted_in(period).filter(is_brokered()), "technical")


def is_brokered() -> Exists:
    """Return the condition of rows of K11."""
    signed = OuterRef("contract__signed_on")
    return Exists(DealLead.objects.filter(deal__contracts=OuterRef("contract"), lead__registered_at__date__lt=signed))


def brokers_valid(period: Period) -> Measured:
    """K10.1: certificates that hold on the last day of the period, or today while it runs, as the register stood."""
    records = valid_on(min(period.last, clock.today()))
    return Measured(records.count, records)


def brokers_new(period: Period) -> Measured:
    """K10.2: brokers first filed in the period."""
    records = TechBroker.objects.filter(filed_at__gte=start_of(period), filed_at__lt=end_of(period))
    return Measured(records.count, records)


def start_of(period: Period) -> datetime:
    """Return the first instant of a period in the district's time zone."""
    return timezone.make_aware(datetime.combine(period.first, time()))


def end_of(period: Period) -> datetime:
    """Return the first instant after a period in the district's time zone."""
    return timezone.make_aware(datetime.combine(period.last + timedelta(days=1), time()))


def _shared(period: Period) -> QuerySet[Distribution]:
    made = (
        Distribution.objects.standing().of_payments().filter(made_at__gte=start_of(period), made_at__lt=end_of(period))
    )
    return made.select_related("receipt__contract__seller")  # the profit of a year is no net income of a contract


def shared_income(period: Period) -> Measured:
    """K28.1: net income of the payments shared out in the period, reversed ones not counted."""
    records = _shared(period)
    sums = sums_shared(records)
    return Measured(sums["net"] or 0, records, count=sums["count"])


def inventors_share(period: Period) -> Measured:
    """K28.2: what of it goes to inventors ÷ the net income."""
    records = _shared(period)
    sums = sums_shared(records)
    return Measured(sums["inventors"] / sums["net"] if sums["net"] else None, records, count=sums["count"])


def sums_shared(records: QuerySet[Distribution]) -> dict[str, Any]:
    """Return {payments, net, inventors: fen, None of no record; count} of distributions, by one question."""
    sums = {"payments": Sum("receipt__amount"), "net": Sum("net"), "inventors": Sum("to_inventors")}
    return records.order_by().aggregate(count=Count("pk"), **sums)


def by_month(period: Period) -> list[dict[str, Any]]:
    """Return {month: Period, total, technical, restated, is_small} for the months of the period, at least six.

    `total` and `technical` are what was counted then; `restated` is the history view: the total amounts, as they are
    now, of the contracts of that month that stand in the register now. `is_small`: one of them is of few contracts.
    """
    months = period.months()
    first, last = months[0].first, months[-1].last
    rows = RegisterRow.objects.counted(first, last)
    counted = _months(rows, "counted_on", "contract", total="total", technical="technical")
    standing = TechnologyContract.objects.registered().filter(registered_on__range=(first, last))
    restated = _months(standing, "registered_on", "pk", total="total_amount")
    return [
        {
            "month": month,
            "total": counted.get(month.first, {}).get("total_fen", 0),
            "technical": counted.get(month.first, {}).get("technical_fen", 0),
            "restated": restated.get(month.first, {}).get("total_fen", 0),
            "is_small": any(is_small(some.get(month.first, {}).get("contracts", 0)) for some in (counted, restated)),
        }
        for month in months
    ]


def _months(records: QuerySet[Any], day: str, contract: str, **columns: str) -> dict[date, dict[str, int]]:
    sums: dict[str, Any] = {f"{name}_fen": Sum(column) for name, column in columns.items()}
    sums["contracts"] = Count(contract, distinct=True)
    rows = records.annotate(of_month=TruncMonth(day)).order_by().values("of_month").annotate(**sums)
    return {row["of_month"]: row for row in rows}
