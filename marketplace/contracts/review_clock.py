"""The working-day clock of a registration: when it began, how much is used, when it ends (domain.md §4.2).

15 working days; 30 where the contract is large or disputed: dated rules (dated.py), written into the contract when it
is sent. It begins on the day the material was complete, so a return for supplement starts it afresh.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from marketplace.core.working_days import add_working_days, is_term_provisional, working_days_between

WEEK = 5


@dataclass(frozen=True)
class ReviewClock:
    """How far a review has come, in working days."""

    began_on: date
    due_on: date
    limit: int
    used: int
    is_provisional: bool = False  # it counts days of a year whose calendar is a guess

    @property
    def left(self) -> int:
        """Return the working days left; negative when the limit has passed."""
        return self.limit - self.used

    @property
    def tone(self) -> str:
        """Return the tone of the deadline: far, near (3 working days), passed."""
        if self.left < 0:
            return "stop"
        return "wait" if self.left <= 3 else "idle"

    @property
    def overdue(self) -> int:
        return max(0, -self.left)

    def cells(self) -> Iterator[str]:
        """Yield the class names of one cell per working day: used, today, and the edge of each week."""
        for day in range(1, self.limit + 1):
            name = "used" if day < self.used else "today" if day == self.used else ""
            edge = "limit" if day % WEEK == 0 and day < self.limit else ""
            yield f"{name} {edge}".strip()


def review_clock(
    *, began_on: date, today: date, limit: int, declared: Mapping[date, bool] | None = None
) -> ReviewClock:
    """Return the clock of a review that began on `began_on`; that day itself does not count."""
    due_on = add_working_days(began_on, limit, declared=declared)
    return ReviewClock(
        began_on=began_on,
        due_on=due_on,
        limit=limit,
        used=max(0, working_days_between(began_on, today, declared=declared)),
        is_provisional=is_term_provisional(began_on, due_on, declared=declared),
    )
