"""Money shared out: one distribution for each receipt or reported profit of a year, with a line for each payee."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments.models import Receipt
from marketplace.contracts.sharing.dated import SharingRule
from marketplace.contracts.sharing.models import DistributionPlan, PlanShare
from marketplace.contracts.sharing.net_income import Formula, Income
from marketplace.contracts.sharing.profits import ProfitReport
from marketplace.core.codes import CodeField
from marketplace.core.stateful import Locked, Stateful
from marketplace.organisations.models import MemberRole, Role, User


class DistributionQuerySet(models.QuerySet["Distribution"]):
    def standing(self) -> "DistributionQuerySet":
        """Return those whose payment was not taken back."""
        return self.filter(reversed_at=None)

    def visible_to(self, user: Any) -> "DistributionQuerySet":
        """Return what the institute's finance and managers may open, and an auditor: the lines name people."""
        if not user.is_authenticated:
            return self.none()
        if user.has_role(Role.AUDITOR):
            return self.all()
        keeps = [key for key in user.member_roles if user.acts_for(key, MemberRole.FINANCE)]
        return self.filter(plan__contract__seller__in=keeps)

    def of_payments(self) -> "DistributionQuerySet":
        """Return those of payments; the profit of a year is no net income of a contract."""
        return self.filter(receipt__isnull=False)


class Distribution(Locked):
    """One receipt or year shared out by the plan that held for it; the relation to what came in allows no second."""

    code = CodeField()
    receipt = models.OneToOneField(Receipt, on_delete=models.PROTECT, null=True, related_name="distribution")
    profit = models.OneToOneField(ProfitReport, on_delete=models.PROTECT, null=True, related_name="distribution")
    plan = models.ForeignKey(DistributionPlan, on_delete=models.PROTECT, related_name="distributions")
    direct_cost = models.BigIntegerField(gettext_lazy("direct cost"))
    tax = models.BigIntegerField(gettext_lazy("tax"))
    broker_cost = models.BigIntegerField(gettext_lazy("broker, as a cost"))
    net = models.BigIntegerField(gettext_lazy("net income"))
    to_inventors = models.BigIntegerField(gettext_lazy("to the inventors"))
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    reversed_at = models.DateTimeField(null=True)

    objects = DistributionQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("distribution")
        verbose_name_plural = gettext_lazy("distributions")
        ordering = ["-made_at", "-id"]
        indexes = [
            # what the figures count, sum and list
            models.Index(
                fields=["made_at", "id"],
                include=["net", "to_inventors"],
                condition=Q(reversed_at=None, receipt__isnull=False),
                name="distribution_for_figures",
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="distribution_amounts_in_order",
                condition=Q(direct_cost__gte=0, tax__gte=0, broker_cost__gte=0, net__gt=0, to_inventors__gte=0)
                & Q(to_inventors__lte=F("net")),
            ),
            models.CheckConstraint(
                name="distribution_of_a_receipt_or_a_year",
                condition=Q(receipt__isnull=False, profit=None)
                | Q(receipt=None, profit__isnull=False, direct_cost=0, tax=0, broker_cost=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt or self.profit} v{self.plan.version}"

    def get_absolute_url(self) -> str:
        return reverse("distribution-detail", args=[self.code])

    @property
    def contract(self) -> TechnologyContract:
        return self.plan.contract

    @property
    def came_in(self) -> str:
        """Return what was shared out, in words: the day of the payment, or the year of the profit."""
        return self.receipt.received_on.isoformat() if self.receipt is not None else str(self.profit)

    @property
    def reversal_reason(self) -> str:
        """Return why it fell: the reason given for reversing the payment, or for taking the profit back."""
        if self.receipt is not None:
            return self.receipt.reversed_by.reason if self.receipt.reversed_at is not None else ""
        return self.profit.reversal_reason if self.profit is not None else ""

    @property
    def payable_from(self) -> date:
        """Return the first day on which a payee could be paid of it."""
        if self.receipt is not None:
            return self.receipt.received_on
        return date(self.profit.year, 12, 31) + timedelta(days=1) if self.profit is not None else date.max

    @property
    def income(self) -> Income:
        """Return how the net income came about; of a profit nothing goes off."""
        if self.receipt is None:
            return Income(payment=self.net, formula=Formula.PAYMENT)
        return Income(
            payment=self.receipt.amount,
            direct_cost=self.direct_cost,
            tax=self.tax,
            broker=self.broker_cost,
            formula=self.plan.formula,
        )


class LineQuerySet(models.QuerySet["PayoutLine"]):
    def open(self) -> "LineQuerySet":
        """Return what is still to be paid out, or to be paid back."""
        return self.filter(state__in=PayoutLine.OPEN)


class PayoutLine(Stateful):
    """What one payee gets of one distribution: to be paid, paid; after a reversal cancelled or taken back.

    A paid line that was wrong is corrected by two more: one of the same amount below zero that `reverses` it, and a
    new one to be paid. So the lines of a distribution always sum to what was shared out.
    """

    class State(models.TextChoices):
        PAYABLE = "payable", gettext_lazy("to be paid out")
        PAID = "paid", gettext_lazy("paid out")
        CANCELLED = "cancelled", gettext_lazy("cancelled: the payment was reversed")
        TO_RECLAIM = "to_reclaim", gettext_lazy("to be paid back")
        RECLAIMED = "reclaimed", gettext_lazy("paid back")
        CORRECTED = "corrected", gettext_lazy("paid out wrongly, corrected")
        REVERSING = "reversing", gettext_lazy("correction")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.PAYABLE: {State.PAID, State.CANCELLED},
        State.PAID: {State.TO_RECLAIM, State.CORRECTED},
        State.TO_RECLAIM: {State.RECLAIMED},
    }
    VOID = (State.CANCELLED, State.TO_RECLAIM, State.RECLAIMED)
    OPEN = (State.PAYABLE, State.TO_RECLAIM)

    code = CodeField()
    distribution = models.ForeignKey(Distribution, on_delete=models.PROTECT, related_name="lines")
    share = models.ForeignKey(PlanShare, on_delete=models.PROTECT, null=True, related_name="lines")
    state = models.CharField(
        gettext_lazy("state"), max_length=12, choices=State.choices, default=State.PAYABLE, editable=False
    )
    amount = models.BigIntegerField(gettext_lazy("amount"))
    tax_rule = models.ForeignKey(SharingRule, on_delete=models.PROTECT, null=True, related_name="+")
    tax_counted = models.BigIntegerField(gettext_lazy("counted for income tax"), null=True)
    paid_on = models.DateField(gettext_lazy("paid on"), null=True)
    reference = models.CharField(gettext_lazy("reference of the payment"), max_length=60, blank=True)
    paid_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reclaimed_on = models.DateField(gettext_lazy("paid back on"), null=True)
    reclaim_reference = models.CharField(gettext_lazy("reference of the repayment"), max_length=60, blank=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    reason = models.CharField(gettext_lazy("reason"), max_length=500, blank=True)

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("payout")
        verbose_name_plural = gettext_lazy("payouts")
        ordering = ["distribution", "id"]
        indexes = [
            models.Index(
                fields=["distribution"], condition=Q(state__in=["payable", "to_reclaim"]), name="payoutline_open"
            ),
            models.Index(fields=["reference"], condition=~Q(reference=""), name="payoutline_by_reference"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["distribution", "share"],
                condition=~Q(state__in=["corrected", "reversing"]),
                name="payoutline_payee_once",
            ),
            models.UniqueConstraint(
                fields=["distribution"],
                condition=Q(share=None) & ~Q(state__in=["corrected", "reversing"]),
                name="payoutline_broker_cost_once",
            ),
            models.CheckConstraint(
                name="payoutline_negative_iff_it_reverses",
                condition=(Q(reverses__isnull=False, state="reversing", amount__lt=0) & ~Q(reason=""))
                | (Q(reverses=None, reason="", amount__gt=0) & ~Q(state="reversing")),
            ),
            models.CheckConstraint(
                name="payoutline_paid_with_day_and_reference",
                condition=Q(state__in=["payable", "cancelled"], paid_on=None, reference="", paid_by=None)
                | (
                    Q(state__in=["paid", "to_reclaim", "reclaimed", "corrected", "reversing"])
                    & Q(paid_on__isnull=False, paid_by__isnull=False)
                    & ~Q(reference="")
                ),
            ),
            models.CheckConstraint(
                name="payoutline_reclaimed_with_day",
                condition=(Q(state="reclaimed", reclaimed_on__isnull=False) & ~Q(reclaim_reference=""))
                | (~Q(state="reclaimed") & Q(reclaimed_on=None, reclaim_reference="")),
            ),
            models.CheckConstraint(
                name="payoutline_tax_with_its_rule",
                condition=Q(tax_rule=None, tax_counted=None) | Q(tax_rule__isnull=False, tax_counted__isnull=False),
            ),
        ]

    def pays(self, user: Any) -> bool:
        """Tell whether it is this person's money: a payee's, or that of the broker, whose fee may be no share."""
        if self.share is None:
            return self.distribution.plan.names_broker(user)
        return bool(self.share.user_id == user.pk)

    def __str__(self) -> str:
        return f"{self.payee} {self.amount}"

    @property
    def payee(self) -> str:
        """Return who gets it: a payee of the plan, or the broker paid as a cost."""
        return self.share.name if self.share is not None else self.distribution.plan.broker_name

    @property
    def payee_kind(self) -> str:
        kind = PlanShare.Kind(self.share.kind) if self.share is not None else PlanShare.Kind.BROKER
        return str(kind.label)

    @property
    def state_words(self) -> str:
        """Return the state in words that name what was taken back: a profit is no payment."""
        if self.state == self.State.CANCELLED and self.distribution.receipt_id is None:
            return _("cancelled: the profit was taken back")
        return self.state_label

    @property
    def counts(self) -> bool:
        """Tell whether the line belongs to a payment that was not taken back."""
        return self.state not in self.VOID
