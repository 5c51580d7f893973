"""Who evaluates, who comments, who makes an evaluation final.

The yearly evaluation is the model of domain.md §4.7; the right to comment is the platform's own order.
"""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.brokers.models import TechBroker
from marketplace.brokers.rules import change_broker, keep_broker_rule

if TYPE_CHECKING:
    from marketplace.rewards.evaluation.models import YearlyEvaluation


def keep_evaluation_rule(user: Any) -> str | None:
    return keep_broker_rule(user)


def evaluate_broker(user: Any, broker: TechBroker) -> str | None:
    return change_broker(user, broker)


def comment_evaluation(user: Any, evaluation: "YearlyEvaluation") -> str | None:
    return None if evaluation.broker.user_id == user.pk else _("Only the broker comments on their evaluation.")


def finish_evaluation(user: Any, evaluation: "YearlyEvaluation") -> str | None:
    return change_broker(user, evaluation.broker)
