"""What waits, one row each, and for whom it is collected."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.core.money import format_unrounded
from marketplace.core.working_days import declared_days
from marketplace.organisations.models import Organisation, User
from marketplace.organisations.one_side import bound_to
from marketplace.organisations.roles import MemberRole

SHOWN = 6  # rows of one kind; the rest becomes one row that leads to the list
SOON = timedelta(days=3)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One thing that waits: what to do (verb first), about whom or what, and where it is done."""

    title: str
    url: str
    act: str
    act_url: str = ""  # where it is done, if that is not where the matter stands
    icon: str = "inbox"
    about: tuple[str, ...] = ()
    due: date | datetime | None = None
    working_days: int | None = None  # left, where the law counts in working days
    is_provisional: bool = False  # they are counted by a calendar that is a guess
    since: datetime | None = None
    is_live: bool = False
    is_main: bool = False  # its button is the one to press first
    count: int = 1
    of: int | None = None  # for which organisation of the reader, by its key
    house: str = ""  # its name, where the reader has several and acts for none of them

    @property
    def due_on(self) -> date | None:
        """Return the day of the deadline in the district."""
        return timezone.localdate(self.due) if isinstance(self.due, datetime) else self.due

    def is_due_by(self, day: date) -> bool:
        """Tell whether it cannot wait longer than `day`."""
        return self.is_live or (self.due_on is not None and self.due_on <= day)

    @property
    def place(self) -> tuple[bool, date, datetime]:
        """Return what rows are sorted by: live first, then by deadline, then the longest waiting."""
        return (not self.is_live, self.due_on or date.max, self.since or timezone.now())


@dataclass(frozen=True)
class Reader:
    """A signed-in person at one moment, acting for one organisation, or for all of theirs where none is chosen."""

    user: User
    organisation: Organisation | None
    at: datetime

    @classmethod
    def of(cls, request: Any) -> "Reader":
        return cls(request.user, getattr(request, "organisation", None), clock.now())

    @cached_property
    def today(self) -> date:
        return timezone.localdate(self.at)

    @cached_property
    def bound(self) -> frozenset[int]:
        """Return the organisations for which the reader answered, where that may keep them off answers of others."""
        return bound_to(self.user)

    @cached_property
    def declared(self) -> dict[date, bool]:
        """Return what staff declared of the calendar, for every clock in working days."""
        return declared_days()

    def own(self, *parties: int | None) -> int | None:
        """Return the first of these organisations, by key, that is one of the reader's."""
        return next((key for key in parties if key in self.user.member_roles), None)

    def holds(self, *roles: MemberRole) -> list[int]:
        """Return the keys of the organisations for which the person may do what one of `roles` may."""
        scope = [self.organisation.pk] if self.organisation is not None else list(self.user.member_roles)
        return [key for key in scope if self.user.acts_for(key, *roles)]


def first_of(found: QuerySet[Any], row: Callable[[Any], Row], *, url: str, icon: str) -> list[Row]:
    """Return a row for each of the first few records, and one that leads to the rest of them."""
    records = list(found[: SHOWN + 1])
    if len(records) <= SHOWN:
        return [row(record) for record in records]
    rest = _rest(row(records[SHOWN]), found.count() - SHOWN, url=url, icon=icon)
    return [*(row(record) for record in records[:SHOWN]), rest]


def shortened(rows: list[Row], *, url: str, icon: str) -> list[Row]:
    """Return the first few of rows that are all there, and one that leads to the rest of them."""
    if len(rows) <= SHOWN:
        return rows
    return [*rows[:SHOWN], _rest(rows[SHOWN], len(rows) - SHOWN, url=url, icon=icon)]


def _rest(first: Row, count: int, *, url: str, icon: str) -> Row:
    """Return the row for all from `first` on."""
    more = ngettext("See %(count)s more like these", "See %(count)s more like these", count) % {"count": count}
    return Row(
        title=more,
        url=url,
        act=_("Open the list"),
        icon=icon,
        due=first.due,
        working_days=first.working_days,
        is_provisional=first.is_provisional,
        since=first.since,
        count=count,
    )


def money(fen: int) -> str:
    """Return an amount as a row says it, in the reader's language."""
    return format_unrounded(fen, get_language() or "zh-hans")
