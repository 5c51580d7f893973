"""One entry of the journal as staff read it: its record by name, what it kept as words, amounts as money."""

from typing import Any

from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.widgets.button import HeaderButton

from cms.staff.columns import WORDS, printed_money
from cms.staff.given_roles import in_words
from cms.staff.named import link, may_open, named, told_more
from cms.staff.subjects import about
from cms.staff.viewsets import RecordView

# Keys of our database: they say nothing to a reader, and of a notice while bids are secret they tell who takes part
KEYS = frozenset({"entry", "user"})
# The last word of what is kept in fen
FEN_ENDINGS = ("amount", "deposit", "due", "fen", "inventors", "net", "output", "price", "technical", "total")
CALLED = WORDS | {
    "all_the_same": gettext_lazy("Given all the same"),
    "amount": gettext_lazy("Amount"),
    "broker": gettext_lazy("Broker"),
    "contract": gettext_lazy("Contract"),
    "day": gettext_lazy("Day"),
    "deposit": gettext_lazy("Deposit"),
    "due_on": gettext_lazy("Due on"),
    "deal": gettext_lazy("Deal"),
    "former": gettext_lazy("Roles until then"),
    "given": gettext_lazy("Roles given"),
    "lead": gettext_lazy("Lead"),
    "level": gettext_lazy("Level"),
    "need": gettext_lazy("Need"),
    "net": gettext_lazy("Net income"),
    "number": pgettext_lazy("of a record", "Number"),
    "objected": gettext_lazy("Objected"),
    "on_paper": gettext_lazy("On paper"),
    "organisations": gettext_lazy("Member of"),
    "outcome": gettext_lazy("Outcome"),
    "plan": gettext_lazy("Distribution plan"),
    "price": gettext_lazy("Price"),
    "reason": gettext_lazy("Reason"),
    "received_on": gettext_lazy("Day of receipt"),
    "roles": gettext_lazy("Roles"),
    "stage": gettext_lazy("Stage"),
    "stands_as": gettext_lazy("Stands as number"),
    "state": gettext_lazy("State"),
    "taken": gettext_lazy("Roles taken"),
    "technical": gettext_lazy("Technical amount"),
    "to_inventors": gettext_lazy("To the inventors"),
    "total": gettext_lazy("Total amount"),
    "version": gettext_lazy("Version"),
}


def told(data: dict[str, Any], user: Any = None) -> list[tuple[Any, str]]:
    """Return what an entry kept as (what it is called, in words), without keys of the database.

    For a reader a record that is kept by its code bears its name and leads to its page.
    """
    kept = ((name, value) for name, value in data.items() if name not in KEYS)
    return [(CALLED.get(name, name), (user and named(name, value, user)) or _said(name, value)) for name, value in kept]


def _said(name: str, value: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int) and name.rpartition("_")[2] in FEN_ENDINGS:
        return printed_money(value)
    if isinstance(value, dict):
        return _("; ").join(f"{what}{_(': ')}{said}" for what, said in told(value)) or "—"
    if isinstance(value, list):
        return _(", ").join(_said(name, each) for each in value) or "—"
    return str(value)


class EntryView(RecordView):
    """An entry of the journal; its record leads to its page where it has one that the reader may open."""

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return super().header_buttons if may_open(self.object.subject, self.request.user) else []

    def get_subject_display_value(self) -> str:
        name, more = about(self.object), told_more(self.object)
        return link(self.object.subject, f"{name} · {more}" if more else name, self.request.user)

    def get_data_display_value(self) -> str:
        rows = told(in_words(self.object), self.request.user)
        lines = format_html_join("", "<li>{}{}{}</li>", ((name, _(": "), said) for name, said in rows))
        return format_html("<ul>{}</ul>", lines) if rows else ""
