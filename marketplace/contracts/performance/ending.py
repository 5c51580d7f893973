"""When a contract ends before its time, and what follows at which moment.

- Concluded (agreed, or declared for a breach): the row of the contract names the day; until then everything runs.
- The day has come: it has ended. Nothing is planned or due after it, a change asked for is closed with it, the parties
  and the register are told.
- The end is settled, because nobody can call it in question here any more: its deal ends, and with that what its lot
  or its trial kept, which cannot be undone. Of an agreed end that is the day itself; of a declared one when the other
  side accepted it, let the term of its answer pass, or court or arbitration confirmed it. One that is taken back or
  overturned before leaves a contract that runs as before, and a deal that never ended.

An outcome that was assigned stays so while the registration stands; where that is cancelled and the end is settled,
whichever comes last, it is available again.
"""

from datetime import date

from django.db import transaction

from marketplace.contracts.freeing import free_assigned_outcome
from marketplace.contracts.lapsing import lapse_change
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.performance.models import ContractTermination
from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.deals.actions import end_deal_of_contract
from marketplace.organisations.models import Organisation, User

Ended = TechnologyContract.Ended


def conclude(termination: ContractTermination, *, how: str, by: User, organisation: Organisation | None) -> None:
    """Write the end on the contract, and let it take effect where its day has come. The caller holds both rows."""
    contract = termination.contract
    contract.terminated_on, contract.terminated_how, contract.end_noted_at = termination.ends_on, how, None
    contract.save(update_fields=["terminated_on", "terminated_how", "end_noted_at"])
    if contract.is_terminated:
        _take_effect(termination, by=by, organisation=organisation)


@transaction.atomic
def end_due_contract(termination: ContractTermination) -> bool:
    """Let an end whose day has come take effect; tell whether this call did something. May be repeated."""
    hold(termination)
    today = clock.today()
    if not ContractTermination.objects.due(today).filter(pk=termination.pk).exists():
        return False
    if termination.took_effect_at is None:
        _take_effect(termination, by=None, organisation=None)
    else:
        settle(termination, today=today, by=None, organisation=None)
    return True


def hold(termination: ContractTermination) -> None:
    """Lock the contract, then its end; whoever holds the contract sees what becomes of it."""
    contract = termination.contract
    contract.lock()
    termination.lock()
    termination.contract = contract


def go_on(termination: ContractTermination) -> None:
    """Let the contract run as before: its end was taken back or held void. The caller holds both rows."""
    contract = termination.contract
    contract.terminated_on, contract.terminated_how, contract.end_noted_at = None, "", None
    contract.save(update_fields=["terminated_on", "terminated_how", "end_noted_at"])


def call(termination: ContractTermination, how: str) -> None:
    """Say otherwise on the contract how it ended. The caller holds both rows."""
    termination.contract.terminated_how = how
    termination.contract.save(update_fields=["terminated_how"])


def _take_effect(termination: ContractTermination, *, by: User | None, organisation: Organisation | None) -> None:
    now = clock.now()
    contract = termination.contract
    termination.took_effect_at = now
    termination.save(update_fields=["took_effect_at"])
    lapse_change(contract, by=by, at=now)
    facts = {"ends_on": termination.ends_on.isoformat(), "breach": contract.terminated_how != Ended.AGREED}
    journal.record(Kind.CONTRACT_TERMINATED, termination, by=by, on_behalf_of=organisation, **facts)
    settle(termination, today=clock.today(), by=by, organisation=organisation)


def settle(
    termination: ContractTermination, *, today: date, by: User | None, organisation: Organisation | None
) -> None:
    """End the deal of a contract whose end has taken effect and stands. The caller holds both rows."""
    contract = termination.contract
    if termination.took_effect_at is None or not termination.is_final(today):
        return
    termination.settled_at = clock.now()
    termination.save(update_fields=["settled_at"])
    if contract.state == contract.State.CANCELLED:
        free_assigned_outcome(contract, by=by)
    if contract.deal is not None:
        end_deal_of_contract(contract.deal, by=by, organisation=organisation, reason=termination.reason)
