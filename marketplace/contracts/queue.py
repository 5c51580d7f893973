"""What waits for the register: contracts under review by the working days that are left, and changes asked for."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from marketplace.contracts.changes import ContractChange
from marketplace.contracts.finding import ContractQuerySet
from marketplace.core.working_days import add_working_days, declared_days, working_days_between


class ByDaysLeft:
    """The keys of contracts under review, those with the fewest working days left first; read slice by slice.

    The end of a term depends on the calendar, which the database does not know. Contracts that began on one day under
    one limit end on one day: such groups are counted in the database and put in order here, and only the keys of the
    groups that a slice lies in are read.
    """

    def __init__(self, contracts: ContractQuerySet) -> None:
        self.contracts = contracts
        counted = contracts.order_by().values_list("complete_on", "review_days").annotate(Count("pk"))
        groups: list[Any] = list(counted)
        declared = declared_days(day__gt=min(began for began, *_term in groups)) if groups else {}
        self.terms: dict[date, list[tuple[date, int]]] = defaultdict(list)
        self.sizes: dict[date, int] = defaultdict(int)
        for began, limit, number in groups:
            ends = add_working_days(began, limit, declared=declared)
            self.terms[ends].append((began, limit))
            self.sizes[ends] += number

    def __len__(self) -> int:
        return sum(self.sizes.values())

    def __getitem__(self, wanted: slice) -> list[int]:
        first, last, _step = wanted.indices(len(self))
        days: list[date] = []
        passed, begins = 0, 0
        for ends in sorted(self.sizes):
            if passed + self.sizes[ends] > first and passed < last:
                begins = begins if days else passed
                days.append(ends)
            passed += self.sizes[ends]
        return self._keys(days, first - begins, last - begins)

    def _keys(self, days: list[date], first: int, last: int) -> list[int]:
        """Return the keys of the contracts whose term ends on one of some days, in order, from one place to another."""
        ends = {term: place for place, day in enumerate(days) for term in self.terms[day]}
        if not ends:
            return []
        groups = {term: Q(complete_on=term[0], review_days=term[1]) for term in ends}
        by_day = Case(*(When(groups[term], then=Value(place)) for term, place in ends.items()))
        found: Any = self.contracts.filter(reduce(or_, groups.values())).order_by(by_day, "pk")
        return list(found.values_list("pk", flat=True)[first:last])


def changes_to_decide() -> QuerySet[ContractChange]:
    """Return the changes the register has to decide on, the longest waiting first.

    They wait since the seller asked (`asked_at`), or since the buyer agreed where that was asked.
    """
    asked = ContractChange.objects.filter(state="requested", contract__state="change_requested")
    since = Coalesce("answered_at", "requested_at")
    return asked.select_related("contract__seller").annotate(asked_at=since).order_by("asked_at", "pk")


def with_days_waited(changes: Iterable[Any], *, today: date) -> list[dict[str, Any]]:
    """Return changes with the day since which each waits and how many working days that is."""
    listed = [(change, timezone.localdate(change.asked_at)) for change in changes]
    declared = declared_days(day__gt=min(since for _change, since in listed)) if listed else {}
    return [
        {"change": change, "since": since, "days": working_days_between(since, today, declared=declared)}
        for change, since in listed
    ]
