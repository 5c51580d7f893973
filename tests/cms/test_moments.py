"""Dates and deadlines as pages print them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import translation

from cms.templatetags import moments
from marketplace.core import clock

NOW = datetime(2026, 6, 18, 6, 3, 22, 418_000, tzinfo=UTC)  # 14:03 in Wenzhou


@pytest.fixture(autouse=True)
def _at_a_known_time():
    with clock.moved_to(NOW), translation.override("zh-hans"):
        yield


@pytest.mark.parametrize(
    ("value", "style", "text"),
    [
        (date(2026, 6, 18), "full", "2026-06-18"),
        (date(2026, 3, 1), "short", "03-01"),
        (date(2025, 3, 1), "short", "2025-03-01"),
        (date(2026, 6, 17), "near", "昨天"),
        (date(2026, 6, 20), "near", "后天"),
        (date(2026, 6, 21), "near", "06-21"),
    ],
)
def test_prints_a_day(value, style, text):
    assert moments.day(value, style) == f'<time class="num" datetime="{value.isoformat()}">{text}</time>'


def test_times_are_shown_in_local_time():
    assert ">2026-06-18 14:03</time>" in moments.moment(NOW)
    assert ">14:03:22.418</time>" in moments.clock_time(NOW, "ms")


def test_a_time_to_the_second_has_its_year_where_that_is_another():
    assert moments.to_second(NOW) == "06-18 14:03:22"
    assert moments.to_second(NOW.replace(year=2025)) == "2025-06-18 14:03:22"


@pytest.mark.parametrize(
    ("seconds", "language", "text"),
    [
        (-1, "zh-hans", "00:00"),
        (753.2, "zh-hans", "12:34"),
        (86_399, "zh-hans", "23:59:59"),
        (86_400, "en", "1 day 00:00:00"),
        (782_045, "en", "9 days 01:14:05"),
        (782_045, "zh-hans", "9 天 01:14:05"),
    ],
)
def test_what_is_left_is_said_in_days_from_a_day_on(seconds, language, text):
    with translation.override(language):
        assert moments.clock_left(timedelta(seconds=seconds)) == text


def test_an_end_that_is_days_away_is_told_with_its_day():
    near, far = (moments.end_clock(NOW + timedelta(hours=hours), NOW) for hours in (23, 24))

    assert (near, far) == ("13:03:22", "06-19 14:03:22")


@pytest.mark.parametrize(
    ("deadline", "working", "tone", "words"),
    [
        (date(2026, 7, 29), None, "idle", "剩 41 天"),
        (date(2026, 6, 20), None, "wait", "剩 2 天"),
        (date(2026, 6, 18), None, "wait", "今天到期"),
        (date(2026, 6, 17), None, "stop", "已超 1 天"),
        (date(2026, 6, 22), 2, "wait", "剩 2 个工作日"),
        (date(2026, 6, 15), -1, "stop", "已超 1 个工作日"),
    ],
)
def test_a_deadline_says_what_is_left(deadline, working, tone, words):
    template = Template("{% load moments %}{% due_day at working_days=working %}")

    html = template.render(Context({"at": deadline, "working": working}))

    assert f'data-tone="{tone}"' in html
    day = deadline.isoformat()
    assert f'<time datetime="{day}" title="{day}">{words}</time>' in html


def test_a_deadline_reckoned_over_a_provisional_year_says_so():
    shown = moments.due_day(date(2031, 3, 5), 3, True)

    assert "剩 3 个工作日" in shown
    assert ">暂定<" in shown
    assert shown.count("2031 年的节假日安排尚未公布") == 2  # for the pointer, and for who hears the page


def test_a_deadline_of_a_known_year_says_nothing_more():
    assert "暂定" not in moments.due_day(date(2026, 6, 22), 2, False)


@pytest.mark.django_db
def test_a_day_says_whether_it_was_reckoned_by_a_guess():
    template = Template("{% load moments %}{% day last %}{% provisional last first %}")

    known = template.render(Context({"last": date(2026, 6, 22), "first": date(2026, 6, 1)}))
    guessed = template.render(Context({"last": date(2031, 1, 6), "first": date(2026, 6, 1)}))

    assert "暂定" not in known
    assert ">暂定<" in guessed
