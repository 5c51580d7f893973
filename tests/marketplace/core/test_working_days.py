"""Working days by the Chinese calendar, with what staff declared over it."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from marketplace.core.working_days import (
    CalendarDay,
    Deadline,
    add_working_days,
    calendar_years,
    deadline,
    declared_in_years_from,
    is_provisional,
    is_term_provisional,
    is_working_day,
    working_days_between,
)

pytestmark = pytest.mark.django_db
DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2035, 12, 31))
in_one_transaction = hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 10, 1), False),  # National Day
        (date(2025, 10, 8), False),  # the long holiday ends
        (date(2025, 10, 11), True),  # a Saturday worked in exchange
        (date(2025, 9, 28), True),  # a Sunday worked in exchange
        (date(2025, 9, 27), False),  # an ordinary Saturday
        (date(2025, 9, 26), True),
    ],
)
def test_follows_the_notice_of_the_state_council(day, works):
    assert is_working_day(day) is works


def test_counts_over_the_long_holiday_of_2025():
    assert add_working_days(date(2025, 9, 30), 1) == date(2025, 10, 9)
    assert add_working_days(date(2025, 9, 30), 3) == date(2025, 10, 11)
    assert add_working_days(date(2025, 10, 9), -1) == date(2025, 9, 30)
    assert add_working_days(date(2025, 10, 4), 0) == date(2025, 10, 4)
    assert working_days_between(date(2025, 9, 30), date(2025, 10, 11)) == 3
    assert working_days_between(date(2025, 10, 11), date(2025, 9, 30)) == -3


def test_a_year_without_data_is_provisional():
    assert is_provisional(date(2090, 3, 1))
    assert not is_provisional(date(2025, 3, 1))
    assert not is_working_day(date(2090, 10, 2))  # a Monday, but a public holiday of fixed date
    assert is_working_day(date(2090, 10, 9))
    assert not is_working_day(date(2090, 10, 7))


def test_staff_declare_a_day():
    CalendarDay.objects.create(day=date(2090, 10, 9), is_working=False, note="台风")
    CalendarDay.objects.create(day=date(2025, 10, 8), is_working=True)

    assert not is_working_day(date(2090, 10, 9))
    assert not is_provisional(date(2090, 3, 1))
    assert add_working_days(date(2025, 9, 30), 1) == date(2025, 10, 8)
    assert working_days_between(date(2025, 9, 30), date(2025, 10, 9)) == 2


@in_one_transaction
@given(DAYS, st.integers(min_value=-40, max_value=40))
def test_adding_and_counting_agree(day, n):
    end = add_working_days(day, n)

    assert n == 0 or is_working_day(end)
    if n >= 0:
        assert working_days_between(day, end) == n
    else:
        assert working_days_between(end - timedelta(days=1), day - timedelta(days=1)) == -n


@in_one_transaction
@given(DAYS, st.integers(0, 60), st.integers(0, 60))
def test_adding_in_two_steps_is_adding_at_once(day, first, second):
    assert add_working_days(add_working_days(day, first), second) == add_working_days(day, first + second)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2024, 2, 12), False),  # Spring Festival
        (date(2024, 2, 18), True),  # a Sunday worked in exchange
        (date(2026, 2, 17), False),
        (date(2027, 2, 5), False),  # a Friday: eve of the Spring Festival
        (date(2027, 2, 8), False),  # a Monday: its third day
        (date(2027, 4, 5), False),  # a Monday: Qingming
        (date(2027, 6, 9), False),  # a Wednesday: Dragon Boat
        (date(2027, 9, 15), False),  # a Wednesday: Mid-Autumn
        (date(2027, 9, 16), True),
    ],
)
def test_ships_the_holidays_of_2024_to_2027(day, works):
    assert is_working_day(day) is works


def test_the_calendar_of_a_year_names_its_holidays_and_the_weekends_worked():
    CalendarDay.objects.create(day=date(2025, 3, 3), is_working=False)

    later, year = calendar_years(2025, 2026)

    assert (later.number, year.number, year.is_provisional) == (2026, 2025, False)
    assert (date(2025, 10, 1), date(2025, 10, 8)) in year.off
    assert (date(2025, 3, 1), date(2025, 3, 3)) in year.off  # a weekend and the Monday that was declared
    assert date(2025, 10, 11) in year.worked
    assert [day for day in year.worked if day.weekday() < 5] == []


def test_a_year_without_a_notice_has_the_holidays_of_the_law():
    (year,) = calendar_years(2035, 2035)

    assert year.is_provisional
    assert (date(2035, 9, 29), date(2035, 10, 3)) in year.off  # a weekend goes before them
    assert year.worked == []


def test_a_term_is_provisional_where_it_counts_days_of_a_year_nobody_announced():
    known, unknown = date(2026, 3, 2), date(2031, 3, 3)

    assert is_term_provisional(known, date(2026, 12, 31)) is False
    assert is_term_provisional(known, unknown) is True
    assert is_term_provisional(unknown, unknown) is True
    assert is_term_provisional(known, known, declared={}) is False
    assert is_term_provisional(unknown, unknown, declared={}) is True


def test_a_year_of_which_staff_declared_days_is_no_guess_any_more():
    first, last = date(2031, 3, 3), date(2031, 3, 24)
    CalendarDay.objects.create(day=date(2031, 1, 1), is_working=False)  # before the term

    assert is_term_provisional(first, last) is False
    assert is_term_provisional(first, last, declared=declared_in_years_from([last, first])) is False
    assert is_term_provisional(first, date(2032, 1, 5)) is True
    assert declared_in_years_from([]) == {}


def test_a_deadline_says_what_is_left_and_whether_it_may_move():
    assert deadline(date(2026, 6, 23), today=date(2026, 6, 1)) == Deadline(date(2026, 6, 23), 15)
    assert deadline(date(2026, 6, 23), today=date(2026, 6, 25)) == Deadline(date(2026, 6, 23), -2)
    assert deadline(date(2031, 3, 5), today=date(2031, 3, 3)) == Deadline(date(2031, 3, 5), 2, is_provisional=True)
