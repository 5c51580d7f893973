"""When a publicity closes: some working days after its last day, in which letters that came in time are entered."""

from datetime import date, timedelta

from django.conf import settings

from marketplace.core.working_days import add_working_days

ONE_DAY = timedelta(days=1)


def closing_day(ends_on: date) -> date:
    """Return the last day on which letters that came by `ends_on` are entered; what waits goes on the day after."""
    return add_working_days(ends_on, settings.PUBLICITY_ENTRY_DAYS)


def last_closed(today: date) -> date:
    """Return the latest last day of a publicity that has closed by `today`."""
    last = today - ONE_DAY
    while closing_day(last) >= today:
        last -= ONE_DAY
    return last
