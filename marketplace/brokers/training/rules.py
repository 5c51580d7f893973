"""Who enters continuing hours, who confirms them, who reads them.

Continuing hours are a field of domain.md §4.7, which found no rule for them; who confirms them is the platform's own
order.
"""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.brokers.models import TechBroker
from marketplace.brokers.rules import change_broker

if TYPE_CHECKING:
    from marketplace.brokers.training.models import TrainingRecord


def enter_training(user: Any, broker: TechBroker) -> str | None:
    if broker.user_id != user.pk:
        return _("Only the broker enters their own continuing hours.")
    if broker.state == TechBroker.State.REVOKED:
        return _("A revoked record stays as it is.")
    return None


def confirm_training(user: Any, record: "TrainingRecord") -> str | None:
    return change_broker(user, record.broker)


def decline_training(user: Any, record: "TrainingRecord") -> str | None:
    return change_broker(user, record.broker)


def read_training(user: Any, broker: TechBroker) -> str | None:
    if user.reads_everything or broker.user_id == user.pk:
        return None
    return _("Continuing hours are read by the broker and by those who supervise.")
