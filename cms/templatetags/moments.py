"""Dates and times as pages print them (design.md §4): always inside <time datetime>."""

import math
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cms.templatetags.drawing import icon
from marketplace.core import clock
from marketplace.core.working_days import is_term_provisional

register = template.Library()
DAY = timedelta(days=1)


def _local_date(value: date | datetime) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


def _nearby(days: int) -> str:
    """Return the word for a day near today, or nothing."""
    if abs(days) > 2:
        return ""
    words = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow"), 2: _("the day after tomorrow")}
    return words.get(days, "")


def _print_day(value: date | datetime, style: str) -> str:
    day, today = _local_date(value), timezone.localtime(clock.now()).date()
    if style == "near" and (word := _nearby((day - today).days)):
        return word
    return f"{day:%m-%d}" if style in ("short", "near") and day.year == today.year else f"{day:%Y-%m-%d}"


@register.simple_tag
def day(value: date | datetime | None, style: str = "full") -> SafeString:
    """Print a date: full 2026-06-18; short 06-18 in this year; near: today, yesterday … else short."""
    if value is None:
        return mark_safe('<span class="faint">—</span>')
    shown = _print_day(value, style)  # figures, or a word of ours
    return mark_safe(f'<time class="num" datetime="{_local_date(value).isoformat()}">{shown}</time>')


@register.simple_tag
def moment(value: datetime | None, style: str = "full") -> SafeString:
    """Print date and time (2026-06-18 14:03); styles as in `day`."""
    if value is None:
        return mark_safe('<span class="faint">—</span>')
    local = timezone.localtime(value)
    text = f"{_print_day(value, style)} {local:%H:%M}"
    return mark_safe(f'<time class="num" datetime="{local.isoformat()}">{text}</time>')


@register.filter
def to_second(value: datetime) -> str:
    """Say day and time to the second: 06-18 14:03:22, with the year where it is another one than now."""
    local = timezone.localtime(value)
    return f"{_print_day(value, 'short')} {local:%H:%M:%S}"


@register.simple_tag
def clock_time(value: datetime | None, precision: str = "minute") -> SafeString:
    """Print a time of day: minute 14:03, second 14:03:22, ms 14:03:22.418 (bids)."""
    if value is None:
        return mark_safe("")
    local = timezone.localtime(value)
    text = {"minute": f"{local:%H:%M}", "second": f"{local:%H:%M:%S}"}.get(
        precision, f"{local:%H:%M:%S}.{local.microsecond // 1000:03d}"
    )
    return format_html('<time class="num" datetime="{}">{}</time>', local.isoformat(timespec="milliseconds"), text)


@register.filter
def clock_left(left: timedelta) -> str:
    """Say how long is left as a running countdown does (countdown.js): 12:34, 01:02:03, 2 days 03:04:05."""
    hours, seconds = divmod(max(0, math.ceil(left.total_seconds())), 3600)
    days, hours = divmod(hours, 24)
    minutes = f"{seconds // 60:02d}:{seconds % 60:02d}"
    if not days:
        return f"{hours:02d}:{minutes}" if hours else minutes
    return ngettext("%(days)s day %(clock)s", "%(days)s days %(clock)s", days) % {
        "days": days, "clock": f"{hours:02d}:{minutes}",
    }  # fmt: skip


@register.filter
def end_clock(ends_at: datetime, now: datetime) -> str:
    """Say when bidding ends, to the second; with the day where that is a day away or more (live-lot.js says it so)."""
    local = timezone.localtime(ends_at)
    return f"{local:%m-%d %H:%M:%S}" if ends_at - now >= DAY else f"{local:%H:%M:%S}"


def _left(days: int, working: bool) -> str:
    """Say how many days are left or over."""
    if days == 0:
        return _("due today")
    if working and days > 0:
        return ngettext("%(days)s working day left", "%(days)s working days left", days) % {"days": days}
    if working:
        return ngettext("%(days)s working day over", "%(days)s working days over", -days) % {"days": -days}
    if days > 0:
        return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}
    return ngettext("%(days)s day over", "%(days)s days over", -days) % {"days": -days}


@register.simple_tag
def due_day(value: date | datetime | None, working_days: int | None = None, is_provisional: bool = False) -> SafeString:
    """Show a deadline with what is left: `{% due_day need.deadline %}`.

    Give `working_days` (left; negative: over) where the law counts in working days, and `is_provisional` where it
    counts days of a year whose calendar is a guess (core/working_days.py).
    """
    if value is None:
        return mark_safe("")
    days = (_local_date(value) - timezone.localtime(clock.now()).date()).days
    left = days if working_days is None else working_days
    tone = "stop" if left < 0 else "wait" if left <= 3 else "idle"
    shown = due(_left(left, working_days is not None), tone, _local_date(value).isoformat())
    return provisional(_local_date(value), is_provisional=True, after=shown) if is_provisional else shown


@register.simple_tag
def provisional(
    last: date, first: date | None = None, is_provisional: bool | None = None, after: str = ""
) -> SafeString:
    """Say in a word behind a day that the calendar it was reckoned by is a guess; nothing where it is none.

    `first` is the day from which it was reckoned: `{% provisional publicity.ends_on publicity.begins_on %}`. A list
    knows it for its rows, and gives `is_provisional`.
    """
    if is_provisional is None:
        is_provisional = is_term_provisional(first or last, last)
    if not is_provisional:
        return mark_safe(after)
    why = _(
        "The holidays of %(year)s are not announced yet. The calendar of that year is provisional, and this day may "
        "move."
    )
    said = why % {"year": last.year}
    return format_html(
        '{}<small class="provisional" title="{}">{}<span class="sr">{}</span></small>',
        mark_safe(after), said, pgettext("calendar", "provisional"), f" {said}",
    )  # fmt: skip


@register.simple_tag
def due(text: str, tone: str = "", at: str = "") -> SafeString:
    """Print a deadline in words, as components/due.html says; where there are no words, nothing."""
    if not text:
        return mark_safe("")
    words, tone, at = (conditional_escape(each) for each in (text, tone or "idle", at))
    shown = f'<time datetime="{at}" title="{at}">{words}</time>' if at else words
    return mark_safe(f'<span class="due" data-tone="{tone}">{icon("clock")}{shown}</span>')


@register.simple_tag
def working_day_clock(clock: Any) -> SafeString:
    """Print a ReviewClock: a cell for each working day."""
    label = conditional_escape(_("Working day %(used)s of %(limit)s") % {"used": clock.used, "limit": clock.limit})
    return mark_safe(f'<ol class="clock" aria-label="{label}">{_cells(tuple(clock.cells()))}</ol>')


@lru_cache(maxsize=1024)  # a page of twenty clocks has six hundred cells
def _cells(names: tuple[str, ...]) -> SafeString:
    return format_html_join("", '<li class="{}"></li>', ((name,) for name in names))
