"""Columns and words the admin's listings share."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column, StatusTagColumn

from marketplace.core.money import format_unrounded

Words = Any

# Columns of the listings that hold fen
FEN = frozenset(
    ["amount", "applied", "cap_project", "cap_year", "forfeited", "price", "received", "released", "start_price"]
    + ["technical_amount", "total_amount"]
)

# Columns of models that have no words of their own for readers
WORDS = {
    "announcement_hash": _("Checksum of the announcement"),
    "answered_at": _("Time of the answer"),
    "cap_project": _("Cap per project"),
    "cap_year": _("Cap per broker and year"),
    "code": _("Record code"),
    "computed_at": _("Computed"),
    "data": _("Data"),
    "decided_at": _("Decided"),
    "ended_at": _("Ended"),
    "extensions": _("Extensions"),
    "given_at": _("Given"),
    "head_hash": _("Checksum of the record"),
    "label": _("Kind of event"),
    "lot": _("Lot"),
    "need_answer": _("Answer of the need's side"),
    "notice": _("Notice"),
    "organisation": _("Organisation"),
    "outcome_answer": _("Answer of the outcome's side"),
    "proposed_at": _("Time of the proposal"),
    "registered_at": _("Registered"),
    "release_due_at": _("To be released since"),
    "sent_at": pgettext_lazy("invitation", "Time of sending"),
    "seq": _("Events in the record"),
    "session": _("Session"),
    "sha256": _("Checksum of the file"),
    "subject_id": _("Number of the record"),
    "subject_type": _("Kind of record"),
    "submitted_at": pgettext_lazy("date", "Submitted"),
    "user": pgettext_lazy("account", "Person"),
    "weights_version": _("Version of the weights"),
}


def printed_money(fen: int | None) -> str:
    """Return an amount of fen as pages print it."""
    return "—" if fen is None else format_unrounded(fen, get_language() or "zh-hans")


class MoneyColumn(Column):
    """An amount of fen as pages print it."""

    def get_value(self, instance: Any) -> str:
        return printed_money(super().get_value(instance))


def words(name: str, label: Words, accessor: str | Callable[[Any], Any] | None = None, **facts: Any) -> Column:
    """Return a column of text under its own words."""
    return Column(name, label=label, accessor=accessor or name, **facts)


def amount(name: str, label: Words) -> MoneyColumn:
    """Return a column of money, sortable by the field of that name."""
    return MoneyColumn(name, label=label, sort_key=name)


def yes_no(model: Any, name: str) -> BooleanColumn:
    """Return the column of something that is so or not, under the model's own words."""
    return BooleanColumn(name, label=model._meta.get_field(name).verbose_name, sort_key=name)


def state(*done: str) -> StatusTagColumn:
    """Return the column of a record's state; the states in `done` are printed strong."""
    return StatusTagColumn(
        "state",
        label=_("State"),
        accessor="get_state_display",
        sort_key="state",
        primary=lambda record: record.state in done,
    )
