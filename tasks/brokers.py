"""The register of brokers in the background: the word before a certificate ends."""

from datetime import timedelta

from marketplace.brokers.actions import REMINDERS, remind_broker
from marketplace.brokers.models import TechBroker
from marketplace.core import clock
from tasks.app import app

NOTICE_TIME = timedelta(days=max(REMINDERS))


@app.task
def remind_brokers() -> None:
    """Remind each broker whose certificate ends within 90 days, at 90, 30 and 7 days."""
    today = clock.today()
    for broker in TechBroker.objects.running_out(today, today + NOTICE_TIME):
        remind_broker(broker)
