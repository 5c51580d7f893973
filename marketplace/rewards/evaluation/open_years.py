"""Which brokers have no evaluation of a year yet, though a rule held at its end."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone

from marketplace.brokers.models import BrokerQuerySet, TechBroker
from marketplace.rewards.evaluation.dated import EvaluationRule
from marketplace.rewards.evaluation.models import YearlyEvaluation


def latest_filing(year: int) -> datetime:
    """Return the moment from which on a filing is too late for an evaluation of the year."""
    after = datetime(year + 1, 1, 1, tzinfo=timezone.get_default_timezone())
    return after - timedelta(days=settings.EVALUATION_LEAST_DAYS)


def not_evaluated(year: int, user: Any) -> BrokerQuerySet:
    """Return the brokers of the register, filed early enough in the year, that this officer may still evaluate.

    Revoked ones are left out, and with them the officer's own certificate and those of the officer's organisations.
    """
    done = YearlyEvaluation.objects.filter(broker=OuterRef("pk"), year=year)
    rule = EvaluationRule.objects.filter(holds_from__lte=date(year, 12, 31))
    found = TechBroker.objects.filter(Exists(rule), ~Exists(done), filed_at__lt=latest_filing(year))
    own = found.exclude(state=TechBroker.State.REVOKED).exclude(user=user.pk)
    return own.exclude(firm__in=list(user.member_roles)).order_by("name", "pk")
