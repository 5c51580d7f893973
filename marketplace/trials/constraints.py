"""What the database keeps true of a trial, whoever writes it."""

from django.db import models
from django.db.models import F, Q

CONSTRAINTS = [
    models.UniqueConstraint(
        fields=["outcome", "enterprise"],
        condition=~Q(state__in=["refused", "withdrawn", "lapsed", "called_off", "registered", "closed"]),
        name="trial_one_under_way",
    ),
    models.UniqueConstraint(fields=["outcome"], condition=Q(holds_outcome=True), name="trial_one_taker"),
    models.CheckConstraint(name="trial_refused_with_reason", condition=~Q(state="refused") | ~Q(answer_reason="")),
    models.CheckConstraint(name="trial_called_off_with_reason", condition=~Q(state="called_off") | ~Q(stop_reason="")),
    models.CheckConstraint(
        name="trial_running_signed_and_dated",
        condition=Q(starts_on=None, ends_on=None)
        | Q(
            starts_on__isnull=False,
            ends_on__isnull=False,
            ends_on__gt=F("starts_on"),
            owner_signed_at__isnull=False,
            enterprise_signed_at__isnull=False,
        ),
    ),
    models.CheckConstraint(
        name="trial_counted_whole",
        condition=Q(region="", quantity=None) | (~Q(region="") & Q(quantity__isnull=False, quantity__gt=0)),
    ),
    models.CheckConstraint(
        name="trial_finished_noted",
        condition=Q(state__in=["registered", "stop", "expired", "closed"], finished_at__isnull=False)
        | ~Q(state__in=["registered", "stop", "expired", "closed"]) & Q(finished_at=None),
    ),
    models.CheckConstraint(
        name="trial_price_iff_fixed",
        condition=Q(price=None, price_fixed_at=None)
        | Q(price__isnull=False, price__gt=0, price_fixed_at__isnull=False),
    ),
    models.CheckConstraint(
        name="trial_paid_with_deal",
        condition=~Q(state__in=["price_publicity", "paid_contract", "registered"])
        | Q(price__isnull=False, deal__isnull=False),
    ),
    models.CheckConstraint(
        name="trial_closed_when_both_returned",
        condition=~Q(state="closed")
        | Q(owner_returned_at__isnull=False, enterprise_returned_at__isnull=False, ended_at__isnull=False),
    ),
]
