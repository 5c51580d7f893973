"""How a contract's way is shown: tone of its state, steps, history, clock."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.parts import ReviewDecision
from marketplace.contracts.review_clock import ReviewClock, review_clock
from marketplace.core import clock
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
    State.CHANGED: "go",
    State.CHANGE_REQUESTED: "wait",
    State.OBJECTION: "wait",
}
REFUSED = (State.NOT_REGISTERED, State.OBJECTION, State.RE_EXAMINED)


def tone(contract: TechnologyContract) -> str:
    """Return the tone of the contract's state: under way, where nothing else is said."""
    if contract.state == State.RE_EXAMINED:
        return "go" if contract.stands else "stop"
    return TONES.get(State(contract.state), "way")


def clock_of(
    contract: TechnologyContract, *, today: date, declared: dict[date, bool] | None = None
) -> ReviewClock | None:
    """Return the working-day clock of a contract under review, else None."""
    if not contract.is_under_review or contract.complete_on is None:
        return None
    return review_clock(began_on=contract.complete_on, today=today, limit=contract.review_days, declared=declared)


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
    """Return the steps from draft to number, with where the contract stands.

    What is done bears its day. A registrar may decide without accepting first: then acceptance is no step of this way.
    """
    sent_at = None if contract.is_unsent else contract.submitted_at
    accepted_at, decided_at = _accepted_at(contract, since=sent_at), _decided_at(contract)
    last = _("Not registered") if contract.state in REFUSED and not contract.number else _("Registered with number")
    way = [(_("Seller fills in and submits"), sent_at, _day(sent_at))]
    if accepted_at or not decided_at:
        way.append((_("Acceptance"), accepted_at, _day(accepted_at)))
    if contract.needs_second_review:
        passed_at = _passed_on_at(contract, since=sent_at) or decided_at
        way.append((_("First review"), passed_at, _day(passed_at)))
        why = _("large contract") if contract.is_large else _("disputed")
        way.append((_("Second review"), decided_at, _day(decided_at) or why))
    else:
        way.append((_("Review"), decided_at, _day(decided_at)))
    way.append((last, contract.registered_at, contract.number or ""))
    place = next((index for index, (_label, done_at, _note) in enumerate(way) if done_at is None), len(way))
    return [
        {"label": label, "note": note, "state": "done" if index < place else "current" if index == place else ""}
        for index, (label, _done_at, note) in enumerate(way)
    ]


def _accepted_at(contract: TechnologyContract, *, since: datetime | None) -> datetime | None:
    """Return when the contract was accepted after it was last sent, if it was."""
    if since is None:
        return None
    accepted = Entry.objects.about(contract).filter(kind=Kind.CONTRACT_ACCEPTED, recorded_at__gte=since).first()
    return accepted.recorded_at if accepted else None


def _passed_on_at(contract: TechnologyContract, *, since: datetime | None) -> datetime | None:
    """Return when the first reviewer passed the contract on after it was last sent, if that was done."""
    if since is None:
        return None
    passed = contract.decisions.filter(kind=ReviewDecision.Kind.PASSED_ON, decided_at__gte=since).first()
    return passed.decided_at if passed else None


def _decided_at(contract: TechnologyContract) -> datetime | None:
    """Return when a registrar said the last word, if one did."""
    if contract.is_unsent or contract.is_under_review:
        return None
    last = contract.decisions.filter(kind__in=(ReviewDecision.Kind.REGISTERED, ReviewDecision.Kind.REFUSED)).first()
    return last.decided_at if last else None


def _day(at: datetime | None) -> str:
    """Print a day of the district; that of another year with its year."""
    if at is None:
        return ""
    day = timezone.localdate(at)
    return f"{day:%m-%d}" if day.year == clock.today().year else day.isoformat()


def history(contract: TechnologyContract) -> list[dict[str, Any]]:
    """Return what happened, newest first; reasons stand in the decisions, not here."""
    entries = Entry.objects.about(contract).exclude(kind=Kind.FILE_READ).select_related("actor", "on_behalf_of")[:50]
    return [
        {
            "title": Kind(entry.kind).label,
            "at": entry.recorded_at,
            "detail": _detail(entry),
            "phase": "now" if place == 0 else "",
        }
        for place, entry in enumerate(entries)
    ]


def _detail(entry: Entry) -> str:
    """Say who did it; of a corrected number, both numbers too."""
    who = str(entry.on_behalf_of or entry.actor or "")
    if entry.kind != Kind.CONTRACT_RENUMBERED:
        return who
    numbers = _("%(before)s became %(number)s") % {name: entry.data[name] for name in ("before", "number")}
    return _("; ").join(part for part in (numbers, who) if part)
