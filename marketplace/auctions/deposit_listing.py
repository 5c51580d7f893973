"""The list of deposits as finance staff search it, sum it up and hand it out as a table."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, Sum
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from marketplace.auctions.models import Deposit
from marketplace.core import clock
from marketplace.core.money import in_yuan
from marketplace.core.tables import table_response

State = Deposit.State
LONGEST = 100  # characters of what is searched for
NAMED = (
    "reference__icontains",
    "bank_reference__icontains",
    "release_reference__icontains",
    "organisation__name__icontains",
    "organisation__uscc__iexact",
    "session__number__icontains",
    "session__title__icontains",
    "lot__number__icontains",
)
SUMS = {  # name: (words, what is summed)
    "due": (gettext_lazy("To be received"), Sum("amount", filter=Q(state=State.DUE))),
    "held": (pgettext_lazy("deposits", "Held"), Sum("received", filter=Q(state=State.HELD))),
    "release": (gettext_lazy("To release"), Sum("received", filter=Q(state=State.RELEASE_DUE))),
    "released": (gettext_lazy("Paid back"), Sum("released")),
    "applied": (gettext_lazy("Counted towards prices"), Sum("applied")),
    "forfeited": (pgettext_lazy("deposits", "Forfeited"), Sum("forfeited")),
}


def asked_for(asked: Any) -> dict[str, str]:
    """Return what a reader searches for: words, and a state that there is."""
    words = " ".join(asked.get("q", "").replace("\x00", "").split())[:LONGEST]
    state = asked.get("state", "")
    return {"q": words, "state": state if state in State.values else ""}


def found_by(rows: Any, chosen: dict[str, str]) -> Any:
    """Return the deposits that bear every word in a number or a name, and are in the chosen state."""
    for word in chosen["q"].split():
        named = Q()
        for lookup in NAMED:
            named |= Q(**{lookup: word})
        rows = rows.filter(named)
    return rows.filter(state=chosen["state"]) if chosen["state"] else rows


def sums_of(rows: Any) -> list[tuple[Any, int]]:
    """Return (words, fen) of what the deposits come to, by what becomes of the money."""
    totals = rows.order_by().aggregate(**{f"{name}_sum": summed for name, (_words, summed) in SUMS.items()})
    return [(words, totals[f"{name}_sum"] or 0) for name, (words, _summed) in SUMS.items()]


def as_table(rows: Iterable[Deposit], *, form: str) -> HttpResponse:
    """Return the deposits as a download, a row each and their sums in the last one; amounts in yuan."""
    headings = [
        _("Reference"),
        _("Session"),
        _("Lot"),
        _("Organisation"),
        _("Credit code"),
        _("State"),
        _("Amount due (yuan)"),
        _("Due"),
        _("Received (yuan)"),
        _("Bank’s number of the payment"),
        _("Received at"),
        _("Counted towards the price (yuan)"),
        _("Paid back (yuan)"),
        _("Bank’s number of the refund"),
        _("Refunded on"),
        _("Forfeited (yuan)"),
    ]
    found = list(rows)
    lines = [_line(deposit) for deposit in found]
    total: list[Any] = [_("Total"), *[None] * (len(headings) - 1)]
    for place, column in ((6, "amount"), (8, "received"), (11, "applied"), (12, "released"), (15, "forfeited")):
        total[place] = in_yuan(sum(getattr(deposit, column) for deposit in found))
    name = f"{_('Deposits')}-{clock.today().isoformat()}"
    return table_response(name, headings, [*lines, total], form=form, texts=(0, 4, 9, 13))


def _line(deposit: Deposit) -> list[Any]:
    return [
        deposit.reference,
        deposit.session.number,
        deposit.lot.number if deposit.lot is not None else _("all lots of the session"),
        deposit.organisation.name,
        deposit.organisation.uscc,
        deposit.get_state_display(),
        in_yuan(deposit.amount),
        deposit.due_at,
        in_yuan(deposit.received),
        deposit.bank_reference,
        deposit.received_at,
        in_yuan(deposit.applied),
        in_yuan(deposit.released),
        deposit.release_reference,
        deposit.released_on,
        in_yuan(deposit.forfeited),
    ]
