"""Periods of the board: month, quarter, half-year, year, known by codes such as 2026-06, 2026-Q2, 2026-H1, 2026."""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Self

from django.utils.translation import gettext as _

MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
PATTERN = re.compile(r"^(?P<year>20[0-9]{2})(?:-(?:(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4])|H(?P<half>[12])))?$")


def _first_of(months: int) -> date:
    """Return the first day of the month counted from year 0."""
    return date(months // 12, months % 12 + 1, 1)


@dataclass(frozen=True)
class Period:
    """A span of whole months, both ends included; where `until` is given, of its days up to that one."""

    kind: str
    first: date
    until: date | None = None

    @classmethod
    def containing(cls, day: date, kind: str) -> Self:
        """Return the period of a kind that a day lies in."""
        length = MONTHS[kind]
        return cls(kind, date(day.year, (day.month - 1) // length * length + 1, 1))

    @classmethod
    def parse(cls, code: str) -> Self | None:
        """Return the period a code names, in any width and case, or None for anything else."""
        match = PATTERN.match(unicodedata.normalize("NFKC", code).strip().upper())
        if match is None:
            return None
        kind = next((name for name in ("month", "quarter", "half") if match[name]), "year")
        place = int(match[kind]) if kind != "year" else 1
        return cls(kind, date(int(match["year"]), (place - 1) * MONTHS[kind] + 1, 1))

    @property
    def _months(self) -> int:
        return self.first.year * 12 + self.first.month - 1

    @property
    def last(self) -> date:
        last = _first_of(self._months + MONTHS[self.kind]) - timedelta(days=1)
        return last if self.until is None else min(last, self.until)

    @property
    def place(self) -> int:
        """Return which of its kind it is within the year, from 1."""
        return (self.first.month - 1) // MONTHS[self.kind] + 1

    @property
    def code(self) -> str:
        year = f"{self.first.year}"
        return {
            "month": f"{year}-{self.first.month:02}",
            "quarter": f"{year}-Q{self.place}",
            "half": f"{year}-H{self.place}",
            "year": year,
        }[self.kind]

    @property
    def is_cut(self) -> bool:
        """Tell whether it ends before its last month does."""
        return self.last < replace(self, until=None).last

    def until_day(self, day: str) -> "Period | None":
        """Return the part of it up to a day in digits (2026-06-01), or None where that is no day in it."""
        try:
            until = date.fromisoformat(day)
        except ValueError:
            return None
        return replace(self, until=until) if self.first <= until <= self.last else None

    @property
    def label(self) -> str:
        """Return the period in words; of a part of it, up to which day."""
        if not self.is_cut:
            return self._name
        return _("%(period)s until %(day)s") % {"period": self._name, "day": self.last.isoformat()}

    @property
    def _name(self) -> str:
        words = {
            "month": _("%(year)s-%(place)02d"),
            "quarter": _("quarter %(place)s of %(year)s"),
            "half": _("first half of %(year)s") if self.place == 1 else _("second half of %(year)s"),
            "year": _("%(year)s"),
        }
        return words[self.kind] % {"year": self.first.year, "place": self.place}

    def label_at(self, today: date) -> str:
        """Return the period in words; while it runs, that it is not over."""
        return _("%(period)s so far") % {"period": self.label} if self.first <= today <= self.last else self.label

    def is_to_come(self, today: date) -> bool:
        """Tell whether the period has not begun on `today`."""
        return today < self.first

    def previous(self) -> "Period":
        """Return the period of the same length before this one."""
        return Period(self.kind, _first_of(self._months - MONTHS[self.kind]))

    def period_before(self, today: date) -> "Period":
        """Return the period before this one: while this one runs, only as many months and days of it as are over."""
        return self._same_days(self.previous(), today)

    def year_before(self, today: date) -> "Period":
        """Return the same days of the year before: while a period runs, up to this day of that year."""
        return self._same_days(Period(self.kind, self.first.replace(year=self.first.year - 1)), today)

    def _same_days(self, earlier: "Period", today: date) -> "Period":
        if self.last < today or self.is_to_come(today):
            return earlier
        month = _first_of(today.year * 12 + today.month - 1 - (self._months - earlier._months))
        day = min(today.day, monthrange(month.year, month.month)[1])  # not every month has a 31st, or a 29th
        return replace(earlier, until=month.replace(day=day))

    def following(self) -> "Period":
        return Period(self.kind, _first_of(self._months + MONTHS[self.kind]))

    def months(self, *, least: int = 6) -> list["Period"]:
        """Return the months of this period, or the `least` months that end with it where it has fewer."""
        count = max(MONTHS[self.kind], least)
        end = self._months + MONTHS[self.kind]
        return [Period("month", _first_of(end - count + place)) for place in range(count)]
