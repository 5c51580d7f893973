"""Contracts in the background: the day on which one ends before its time, and the word before a supplement is due."""

from marketplace.contracts.performance.ending import end_due_contract
from marketplace.contracts.performance.models import ContractTermination
from marketplace.contracts.supplementing import remind_of_supplement, to_remind
from marketplace.core import clock
from tasks.app import app


@app.task
def end_due_contracts() -> None:
    """Let each end take effect whose day has come."""
    for termination in ContractTermination.objects.due(clock.today()).select_related("contract__deal"):
        end_due_contract(termination)


@app.task
def remind_of_supplements() -> None:
    """Remind the seller of each returned contract whose day is near, once for each return."""
    for contract in to_remind(clock.today()):
        remind_of_supplement(contract)
