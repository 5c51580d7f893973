"""What a revoked registration takes with it: every list the contract is on."""

from datetime import datetime

from marketplace.contracts.lists.models import RegistrationList
from marketplace.contracts.models import TechnologyContract
from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.organisations.models import User


def void_lists_of(contract: TechnologyContract, *, by: User, at: datetime) -> None:
    """Void the lists a contract is on. Called by what revokes it, in its transaction and under its lock."""
    found = RegistrationList.objects.alive().filter(lines__contract=contract).order_by("pk")
    for each in found:
        each.lock()
        if each.state not in each.ALIVE:
            continue
        each.move_to(each.State.VOID)
        each.ended_at, each.fell_with = at, contract
        each.save(update_fields=["state", "ended_at", "fell_with"])
        journal.record(Kind.REGISTRATION_LIST_VOIDED, each, by=by, number=each.number, contract=contract.number)
