"""Contracts in the background: the day on which one ends before its time."""

from marketplace.contracts.performance.ending import end_due_contract
from marketplace.contracts.performance.models import ContractTermination
from marketplace.core import clock
from tasks.app import app


@app.task
def end_due_contracts() -> None:
    """Let each end take effect whose day has come."""
    for termination in ContractTermination.objects.due(clock.today()).select_related("contract__deal"):
        end_due_contract(termination)
