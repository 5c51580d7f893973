"""Working-day arithmetic with the Chinese calendar: holidays by State Council notice, make-up days, overrides.

Source of the holidays: the yearly 国务院办公厅关于部分节假日安排的通知, as the `chinesecalendar` library holds them.
A year the library does not know yet is provisional: Monday to Friday without the public holidays of the law
(全国年节及纪念日放假办法, revised 2024): those of fixed date, and of 2027 those that follow moon and
sun; days moved to bridge them are known only from the notice. Rows of CalendarDay, entered by staff, win over both.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby

import chinese_calendar
from django.db import models
from django.utils.translation import gettext_lazy as _

ONE_DAY = timedelta(days=1)
FIXED_HOLIDAYS = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}  # (month, day)

# 2027: eve of the Spring Festival and its first three days, Qingming, Dragon Boat, Mid-Autumn
MOVING_HOLIDAYS = {
    date(2027, 2, 5), date(2027, 2, 6), date(2027, 2, 7), date(2027, 2, 8),
    date(2027, 4, 5), date(2027, 6, 9), date(2027, 9, 15),
}  # fmt: skip


class CalendarDay(models.Model):
    """One day that staff declared working or free, over what the calendar says."""

    day = models.DateField(_("day"), unique=True)
    is_working = models.BooleanField(_("working day"))
    note = models.CharField(_("note"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ["day"]

    def __str__(self) -> str:
        return self.day.isoformat()


def declared_days(**span: date) -> dict[date, bool]:
    """Return what staff declared, {day: is it working}, for days matching the filter (`day__gt=…`)."""
    return dict(CalendarDay.objects.filter(**span).values_list("day", "is_working"))


def _is_working(day: date, declared: Mapping[date, bool]) -> bool:
    return declared[day] if day in declared else _is_working_by_notice(day)


@lru_cache(maxsize=4096)  # the library looks through all its holidays for each day, 15 µs; a page of clocks asks 700
def _is_working_by_notice(day: date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # the library's way to say that it has no data for the year
        return day.weekday() < 5 and (day.month, day.day) not in FIXED_HOLIDAYS and day not in MOVING_HOLIDAYS


def is_working_day(day: date) -> bool:
    """Tell whether offices work on `day`."""
    return _is_working(day, declared_days(day=day))


def add_working_days(day: date, n: int, *, declared: Mapping[date, bool] | None = None) -> date:
    """Return the n-th working day after `day` (before it when n is negative); `day` itself when n is 0.

    The day of the event does not count (民法典 §201), so a term of 5 working days from Monday ends next Monday.
    A list of many terms reads `declared_days()` once and passes it.
    """
    step = ONE_DAY if n > 0 else -ONE_DAY
    if declared is None:
        declared = declared_days(day__gt=day) if n > 0 else declared_days(day__lt=day)
    left = abs(n)
    while left:
        day += step
        left -= _is_working(day, declared)
    return day


def working_days_between(first: date, last: date, *, declared: Mapping[date, bool] | None = None) -> int:
    """Return how many working days lie after `first` up to and including `last`; negative when `last` is earlier."""
    if last < first:
        return -working_days_between(last, first, declared=declared)
    if declared is None:
        declared = declared_days(day__gt=first, day__lte=last)
    return sum(_is_working(first + ONE_DAY * offset, declared) for offset in range(1, (last - first).days + 1))


def is_provisional(day: date) -> bool:
    """Tell whether the calendar of that day's year is a guess: no official data, nothing declared by staff."""
    return is_term_provisional(day, day)


def is_term_provisional(first: date, last: date, *, declared: Mapping[date, bool] | None = None) -> bool:
    """Tell whether a term from one day to another counts days of a year whose calendar is a guess.

    `declared` holds all that staff declared of those years (`declared_in_years_from`); a list of many terms reads it
    once.
    """
    unknown = [year for year in range(first.year, last.year + 1) if not _is_known(year)]
    if declared is None:
        return any(not CalendarDay.objects.filter(day__year=year).exists() for year in unknown)
    return bool(set(unknown) - {day.year for day in declared})


@lru_cache(maxsize=256)
def _is_known(year: int) -> bool:
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def declared_in_years_from(days: Iterable[date]) -> dict[date, bool]:
    """Return what staff declared from the year of the first of some days on; nothing where there are none."""
    first = min(days, default=None)
    return declared_days(day__gte=date(first.year, 1, 1)) if first else {}


@dataclass(frozen=True)
class Deadline:
    """A last day, with the working days that are left until it (negative: over)."""

    due_on: date
    left: int
    is_provisional: bool = False


def deadline(due_on: date, *, today: date, declared: Mapping[date, bool] | None = None) -> Deadline:
    """Return a last day as pages show it."""
    first, last = sorted((today, due_on))
    left = working_days_between(today, due_on, declared=declared)
    return Deadline(due_on, left, is_term_provisional(first, last, declared=declared))


@dataclass(frozen=True)
class CalendarYear:
    """What a year has beside plain weekends: (first, last) of each span of days off, and days of weekends worked."""

    number: int
    off: list[tuple[date, date]]
    worked: list[date]
    is_provisional: bool


def calendar_years(first: int, last: int) -> list[CalendarYear]:
    """Return the years as the clocks of all terms read them, what staff declared included; the newest first."""
    return [_year(number) for number in range(last, first - 1, -1)]


def _year(number: int) -> CalendarYear:
    begin = date(number, 1, 1)
    days = [begin + ONE_DAY * offset for offset in range((date(number + 1, 1, 1) - begin).days)]
    declared = declared_days(day__gte=begin, day__lt=date(number + 1, 1, 1))
    spans = [(works, list(span)) for works, span in groupby(days, key=lambda day: _is_working(day, declared))]
    return CalendarYear(
        number,
        off=[(span[0], span[-1]) for works, span in spans if not works and any(map(_is_weekday, span))],
        worked=[day for works, span in spans for day in span if works and not _is_weekday(day)],
        is_provisional=is_provisional(begin),
    )


def _is_weekday(day: date) -> bool:
    return day.weekday() < 5
