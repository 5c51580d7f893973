"""The queue of the register: contracts under review by the working days that are left."""

from collections import defaultdict
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, Count, Q, Value, When

from marketplace.contracts.finding import ContractQuerySet
from marketplace.core.working_days import add_working_days, declared_days


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
