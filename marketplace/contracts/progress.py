"""How a contract's way is shown: tone of its state, steps, clock."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.contracts.counting import struck_row
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.parts import ReviewDecision
from marketplace.contracts.review_clock import ReviewClock, review_clock
from marketplace.core import clock
from marketplace.core.journal import Entry, Kind
from marketplace.core.working_days import Deadline, deadline, declared_in_years_from

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
Step = tuple[str, datetime | None, str]  # label, when it was done, note
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


def with_clocks(
    contracts: Iterable[TechnologyContract], *, today: date, declared: dict[date, bool] | None = None
) -> list[dict[str, Any]]:
    """Return contracts with tone, clock and the day of their supplement, reading the calendar once if not given."""
    listed = list(contracts)
    if declared is None:
        began = [contract.complete_on for contract in listed if contract.is_under_review and contract.complete_on]
        due = [min(contract.supplement_by, today) for contract in listed if contract.supplement_by]
        declared = declared_in_years_from([*began, *due])
    return [
        {
            "contract": contract,
            "tone": tone(contract),
            "clock": clock_of(contract, today=today, declared=declared),
            "supplement": supplement_of(contract, today=today, declared=declared),
        }
        for contract in listed
    ]


def supplement_of(
    contract: TechnologyContract, *, today: date, declared: dict[date, bool] | None = None
) -> Deadline | None:
    """Return until when a returned contract is to be supplemented, else None."""
    return deadline(contract.supplement_by, today=today, declared=declared) if contract.supplement_by else None


def steps(contract: TechnologyContract) -> list[dict[str, Any]]:
    """Return the steps from draft to number, and off the register again, with where the contract stands.

    What was done since its review last began bears its day, also after a return: then the seller's step is open again.
    """
    way = _way(contract)
    place = next((index for index, (_label, done_at, _note) in enumerate(way) if done_at is None), len(way))
    if contract.state == State.RETURNED:
        way[place] = (way[place][0], None, _returned(contract))
    if contract.is_unsent:
        place = 0
    return [
        {"label": label, "note": note, "state": "done" if index < place else "current" if index == place else ""}
        for index, (label, _done_at, note) in enumerate(way)
    ]


def _way(contract: TechnologyContract) -> list[Step]:
    """Return each step with when it was done. A registrar may decide at once: that accepts the contract as well."""
    sent_at, since, decided_at = contract.submitted_at, _begun_at(contract), _decided_at(contract)
    accepted_at, passed_at = _accepted_at(contract, since=since), _passed_on_at(contract, since=since)
    at_once = _("%(day)s, with the review") % {"day": _day(decided_at)} if decided_at else ""
    last = _("Not registered") if contract.state in REFUSED and not contract.number else _("Registered with number")
    way: list[Step] = [
        (_("Seller fills in and submits"), sent_at, _day(sent_at)),
        (_("Acceptance"), accepted_at or decided_at, _day(accepted_at) or at_once),
    ]
    # once decided, what was done; before, what is due
    if passed_at or (contract.needs_second_review and not decided_at):
        why = _("large contract") if contract.is_reviewed_as_large else _("disputed")
        way.append((_("First review"), passed_at, _day(passed_at)))
        way.append((_("Second review"), decided_at, _day(decided_at) or why))
    else:
        way.append((_("Review"), decided_at, _day(decided_at)))
    return [*way, (last, contract.registered_at, contract.number or ""), *_struck(contract)]


def _struck(contract: TechnologyContract) -> list[Step]:
    """Return the step off the register, of a contract that was cancelled or revoked."""
    row = struck_row(contract)
    return [(contract.get_state_display(), row.recorded_at, _day(row.recorded_at))] if row else []


def _begun_at(contract: TechnologyContract) -> datetime | None:
    """Return when the review began that is under way or was decided last: sent, or opened again by an objection."""
    reopened = contract.decisions.filter(kind=ReviewDecision.Kind.REOPENED).first()
    return max((at for at in (contract.submitted_at, reopened and reopened.decided_at) if at), default=None)


def _returned(contract: TechnologyContract) -> str:
    """Say when the contract was last returned, at the step it had come to."""
    last = contract.decisions.filter(kind=ReviewDecision.Kind.RETURNED).first()
    return _("returned on %(day)s") % {"day": _day(last.decided_at)} if last else ""


def _accepted_at(contract: TechnologyContract, *, since: datetime | None) -> datetime | None:
    """Return when the contract was accepted since, if it was; an objection that opens the review again accepts it."""
    if since is None or since != contract.submitted_at:
        return since
    accepted = Entry.objects.about(contract).filter(kind=Kind.CONTRACT_ACCEPTED, recorded_at__gte=since).first()
    return accepted.recorded_at if accepted else None


def _passed_on_at(contract: TechnologyContract, *, since: datetime | None) -> datetime | None:
    """Return when the first reviewer passed the contract on since, if that was done."""
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
