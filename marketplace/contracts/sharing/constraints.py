"""What must never be of a plan, whatever writes to the table."""

from django.db import models
from django.db.models import F, Q

OF_A_PLAN: list[models.BaseConstraint] = [
    models.UniqueConstraint(fields=["contract", "version"], name="plan_version_once"),
    models.UniqueConstraint(
        fields=["contract"],
        condition=Q(state__in=["draft", "at_department", "at_institute", "returned", "in_publicity"]),
        name="plan_one_on_its_way",
    ),
    models.UniqueConstraint(fields=["contract"], condition=Q(state="effective"), name="plan_one_in_effect"),
    models.CheckConstraint(
        name="plan_effective_iff_dated",
        condition=Q(state="effective", effective_on__isnull=False, superseded_on=None)
        | Q(state="superseded", effective_on__isnull=False, superseded_on__isnull=False)
        & Q(superseded_on__gte=F("effective_on"))
        | (~Q(state__in=["effective", "superseded"]) & Q(effective_on=None, superseded_on=None)),
    ),
    models.CheckConstraint(
        name="plan_years_of_profit_only",
        condition=Q(basis="profit", profit_years__isnull=False, profit_from__isnull=False)
        & Q(profit_years__gt=0, profit_from__gt=0)
        | (~Q(basis="profit") & Q(profit_years=None, profit_from=None)),
    ),
    models.CheckConstraint(
        name="plan_broker_cost_with_its_rate",
        condition=Q(broker_as="cost", broker_rate__isnull=False, broker_rate__gt=0, broker_rate__lt=100)
        & ~Q(broker_name="")
        | ~Q(broker_as="cost") & Q(broker_rate=None),
    ),
    models.CheckConstraint(
        name="plan_agreement_whole_or_not_at_all",
        condition=Q(agreement_file=None, agreement_reason="", agreement_by=None, agreement_at=None)
        | (
            Q(agreement_file__isnull=False, agreement_by__isnull=False, agreement_at__isnull=False)
            & ~Q(agreement_reason="")
        ),
    ),
    models.CheckConstraint(name="plan_broker_of_register_is_paid", condition=Q(broker=None) | ~Q(broker_as="nobody")),
    models.CheckConstraint(
        name="plan_withdrawal_of_withdrawn",
        condition=Q(state="withdrawn") | Q(withdrawal_reason="", withdrawn_by=None, withdrawn_at=None),
    ),
]
