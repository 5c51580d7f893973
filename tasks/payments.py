"""Payments in the background: the word about what is late."""

from marketplace.contracts.payments.actions import remind_of_instalment
from marketplace.contracts.payments.models import Instalment
from marketplace.core import clock
from tasks.app import app


@app.task
def remind_of_late_instalments() -> None:
    """Remind of each instalment that is late, every two weeks until it has come in."""
    for instalment in Instalment.objects.late(clock.today()).select_related("contract__seller"):
        remind_of_instalment(instalment)
