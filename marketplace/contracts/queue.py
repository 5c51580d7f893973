"""What waits for the register: contracts under review by the working days that are left, and changes asked for."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, TruncDate

from marketplace.contracts.changes import ContractChange
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.review_clock import review_clock
from marketplace.core.working_days import add_working_days, declared_days, declared_in_years_from
from marketplace.organisations.models import Role


class ByDaysLeft:
    """The keys of what is under review, with the fewest working days left first; read slice by slice.

    The end of a term depends on the calendar, which the database does not know. What began on one day under one limit
    ends on one day: such groups are counted in the database and put in order here, and only the keys of the groups that
    a slice lies in are read. `began` names the day from which the `review_days` of the rows count.
    """

    def __init__(self, waiting: QuerySet[Any], *, began: str = "complete_on") -> None:
        self.waiting, self.began = waiting, began
        counted = waiting.order_by().values_list(began, "review_days").annotate(Count("pk"))
        groups: list[Any] = list(counted)
        declared = declared_days(day__gt=min(first for first, *_term in groups)) if groups else {}
        self.terms: dict[date, list[tuple[date, int]]] = defaultdict(list)
        self.sizes: dict[date, int] = defaultdict(int)
        for first, limit, number in groups:
            ends = add_working_days(first, limit, declared=declared)
            self.terms[ends].append((first, limit))
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
        """Return the keys of the rows whose term ends on one of some days, in order, from one place to another."""
        ends = {term: place for place, day in enumerate(days) for term in self.terms[day]}
        if not ends:
            return []
        groups = {term: Q(**{self.began: term[0]}, review_days=term[1]) for term in ends}
        by_day = Case(*(When(groups[term], then=Value(place)) for term, place in ends.items()))
        found: Any = self.waiting.filter(reduce(or_, groups.values())).order_by(by_day, "pk")
        return list(found.values_list("pk", flat=True)[first:last])


def changes_to_decide() -> QuerySet[ContractChange]:
    """Return the changes the register has to decide on, the longest waiting first.

    They wait since the day the seller asked (`asked_on`), or the buyer agreed where that was asked.
    """
    asked = ContractChange.objects.filter(state="requested", contract__state="change_requested")
    since = TruncDate(Coalesce("answered_at", "requested_at"))
    return asked.select_related("contract__seller").annotate(asked_on=since).order_by("asked_on", "pk")


def changes_for(user: Any) -> QuerySet[ContractChange]:
    """Return the changes that `user`, of the register, may decide on: large ones only as another second reviewer."""
    large = Q(technical_before__gte=F("contract__large_from")) | Q(technical_after__gte=F("contract__large_from"))
    found = changes_to_decide().filter(contract__in=TechnologyContract.objects.not_own(user))
    if not user.has_role(Role.SECOND_REVIEWER):
        return found.filter(~large)
    return found.filter(~large | ~Q(contract__first_reviewed_by=user.pk))


def changes_by_days_left() -> ByDaysLeft:
    """Return the keys of the same, with the fewest working days left first."""
    return ByDaysLeft(changes_to_decide(), began="asked_on")


def with_change_clocks(
    changes: Iterable[Any], *, today: date, declared: dict[date, bool] | None = None
) -> list[dict[str, Any]]:
    """Return changes to decide with their working-day clock, reading the calendar once if it is not given."""
    listed = list(changes)
    declared = declared_in_years_from([change.asked_on for change in listed]) if declared is None else declared
    return [
        {
            "change": change,
            "clock": review_clock(began_on=change.asked_on, today=today, limit=change.review_days, declared=declared),
        }
        for change in listed
    ]
