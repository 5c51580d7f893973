"""What a registration that fell gives back: the outcome that was assigned by it and by nothing else."""

from marketplace.contracts.choices import ContractType
from marketplace.contracts.models import TechnologyContract
from marketplace.organisations.models import User
from marketplace.outcomes.availability import free_outcome


def free_assigned_outcome(contract: TechnologyContract, *, by: User | None) -> None:
    """Make the outcome of a fallen assignment available again, unless another assignment of it stands.

    Called by what revokes a registration, cancels that of an ended contract or settles the end of one whose
    registration is cancelled, in its transaction and under its lock;
    the outcome is held after it, as when it was converted.
    """
    outcome = contract.outcome
    if outcome is None or contract.contract_type != ContractType.ASSIGNMENT:
        return
    outcome.lock()
    if frees_outcome(contract):
        free_outcome(outcome, by=by, organisation=contract.seller)


def is_end_settled(contract: TechnologyContract) -> bool:
    """Tell whether a contract ended before its time and nobody can call that in question any more (performance/)."""
    return contract.terminations.filter(settled_at__isnull=False).exists()


def frees_outcome(contract: TechnologyContract) -> bool:
    """Tell whether the outcome of a contract is available again once this one falls, as both stand now."""
    outcome = contract.outcome
    if outcome is None or contract.contract_type != ContractType.ASSIGNMENT:
        return False
    others = TechnologyContract.objects.registered().filter(outcome=outcome, contract_type=ContractType.ASSIGNMENT)
    return outcome.state == outcome.State.CONVERTED and not others.exclude(pk=contract.pk).exists()
