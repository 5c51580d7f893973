"""What a revoked registration gives back: the outcome that was assigned by it and by nothing else."""

from marketplace.contracts.choices import ContractType
from marketplace.contracts.models import TechnologyContract
from marketplace.organisations.models import User
from marketplace.outcomes.availability import free_outcome


def free_assigned_outcome(contract: TechnologyContract, *, by: User) -> None:
    """Make the outcome of a revoked assignment available again, unless another assignment of it stands.

    Called by what revokes a registration, in its transaction and under its lock; the outcome is held after it, as when
    it was converted.
    """
    outcome = contract.outcome
    if outcome is None or contract.contract_type != ContractType.ASSIGNMENT:
        return
    outcome.lock()
    others = TechnologyContract.objects.registered().filter(outcome=outcome, contract_type=ContractType.ASSIGNMENT)
    if outcome.state == outcome.State.CONVERTED and not others.exclude(pk=contract.pk).exists():
        free_outcome(outcome, by=by, organisation=contract.seller)
