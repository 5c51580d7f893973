"""How a contract's way is shown: tone of its state, steps, history, clock."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.review_clock import ReviewClock, review_clock
from marketplace.core.journal import Entry, Kind
from marketplace.core.working_days import declared_days

State = TechnologyContract.State
TONES = {
    State.DRAFT: "idle",
    State.RETURNED: "wait",
    State.REGISTERED: "go",
    State.NOT_REGISTERED: "stop",
    State.CANCELLED: "stop",
    State.REVOKED: "stop",
}


def tone(contract: TechnologyContract) -> str:
    """Return the tone of the contract's state: under way, where nothing else is said."""
    return TONES.get(State(contract.state), "way")


def clock_of(
    contract: TechnologyContract, *, today: date, declared: dict[date, bool] | None = None
) -> ReviewClock | None:
    """Return the working-day clock of a contract under review, else None."""
    if not contract.is_under_review or contract.complete_on is None:
        return None
    return review_clock(began_on=contract.complete_on, today=today, is_large=contract.is_large, declared=declared)


def with_clocks(contracts: Iterable[TechnologyContract], *, today: date) -> list[dict[str, Any]]:
    """Return contracts with tone and clock, reading the calendar once."""
    listed = list(contracts)
    began = [contract.complete_on for contract in listed if contract.is_under_review and contract.complete_on]
    declared = declared_days(day__gt=min(began)) if began else {}
    return [
        {"contract": contract, "tone": tone(contract), "clock": clock_of(contract, today=today, declared=declared)}
        for contract in listed
    ]


def steps(contract: TechnologyContract) -> list[dict[str, Any]]:
    """Return the steps from draft to number, with where the contract stands."""
    place = {State.DRAFT: 0, State.RETURNED: 0, State.SUBMITTED: 1, State.ACCEPTED: 2, State.REGISTERED: 4}.get(
        State(contract.state), 3
    )
    last = _("Not registered") if contract.state == State.NOT_REGISTERED else _("Registered with number")
    labels = [_("Seller fills in and submits"), _("Acceptance"), _("Review"), last]
    notes = {
        0: timezone.localtime(contract.submitted_at).strftime("%m-%d") if contract.submitted_at else "",
        2: _("technical amount from 5 million yuan") if contract.is_large else "",
        3: contract.number or "",
    }
    return [
        {
            "label": label,
            "note": notes.get(index, ""),
            "state": "done" if index < place else "current" if index == place else "",
        }
        for index, label in enumerate(labels)
    ]


def history(contract: TechnologyContract) -> list[dict[str, Any]]:
    """Return what happened, newest first; reasons stand in the decisions, not here."""
    entries = Entry.objects.about(contract).exclude(kind=Kind.FILE_READ).select_related("actor", "on_behalf_of")[:50]
    return [
        {
            "title": Kind(entry.kind).label,
            "at": entry.recorded_at,
            "detail": str(entry.on_behalf_of or entry.actor or ""),
            "phase": "now" if place == 0 else "",
        }
        for place, entry in enumerate(entries)
    ]
