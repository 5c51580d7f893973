"""A broker's claim of a reward for one registered contract."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.brokers.dated import BrokerRule
from marketplace.brokers.leads.models import Lead
from marketplace.brokers.models import TechBroker
from marketplace.contracts.models import TechnologyContract
from marketplace.core.codes import CodeField
from marketplace.core.stateful import Stateful
from marketplace.organisations.models import Role, User
from marketplace.rewards.publicised import Publicised

GRANTED = ("in_publicity", "publicised", "approved", "paid")


class RewardQuerySet(models.QuerySet["RewardClaim"]):
    def visible_to(self, user: Any) -> "RewardQuerySet":
        """Return what `user` may open: the broker theirs; officers, auditors and platform finance all."""
        if not user.is_authenticated:
            return self.none()
        if user.reads_everything or user.has_role(Role.FINANCE):
            return self.all()
        return self.filter(broker__user=user.pk)

    def with_records(self) -> "RewardQuerySet":
        return self.select_related("broker", "contract", "lead", "rule")

    def granted(self) -> int:
        """Return the sum of what was granted, refused claims left out."""
        return self.filter(state__in=GRANTED).aggregate(sum=Sum("amount"))["sum"] or 0


class RewardClaim(Publicised, Stateful):
    """One claim. The rate is the rule's that held on the day of signing; the amount is fixed at the review."""

    class State(models.TextChoices):
        CLAIMED = "claimed", _("to be reviewed")
        IN_PUBLICITY = "in_publicity", _("reviewed, in publicity")
        PUBLICISED = "publicised", _("to be approved")
        APPROVED = "approved", _("to be paid")
        PAID = "paid", _("paid")
        REFUSED = "refused", _("refused")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.CLAIMED: {State.IN_PUBLICITY, State.REFUSED},
        State.IN_PUBLICITY: {State.PUBLICISED, State.REFUSED},
        State.PUBLICISED: {State.APPROVED, State.REFUSED},
        State.APPROVED: {State.PAID, State.REFUSED},
    }

    CAPS: ClassVar[dict[str, Any]] = {"project": _("project"), "year": _("broker and year")}

    code = CodeField()
    broker = models.ForeignKey(TechBroker, on_delete=models.PROTECT, related_name="rewards")
    contract = models.ForeignKey(TechnologyContract, on_delete=models.PROTECT, related_name="rewards")
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="rewards")
    rule = models.ForeignKey(BrokerRule, on_delete=models.PROTECT, related_name="+")
    basis_amount = models.BigIntegerField(_("basis"))
    year = models.PositiveSmallIntegerField(_("year of the claim"))
    by_rate = models.BigIntegerField(_("by the rate"))
    amount = models.BigIntegerField(_("amount"), null=True)
    cut_by = models.CharField(_("cut by a cap"), max_length=10, blank=True)
    note = models.TextField(_("what the broker did"), max_length=1000)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.CLAIMED, editable=False)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    claimed_at = models.DateTimeField(_("claimed"))
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    paid_on = models.DateField(_("paid on"), null=True)
    reference = models.CharField(_("bank reference"), max_length=60, blank=True)

    objects = RewardQuerySet.as_manager()

    class Meta:
        verbose_name = _("reward claim")
        verbose_name_plural = _("reward claims")
        ordering = ["-claimed_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["lead"], condition=~Q(state="refused"), name="rewardclaim_once_per_lead"),
            models.CheckConstraint(
                name="rewardclaim_amount_within_rate",
                condition=Q(amount=None) | Q(amount__gt=0, amount__lte=models.F("by_rate")),
            ),
            models.CheckConstraint(
                name="rewardclaim_granted_iff_amount", condition=~Q(state__in=GRANTED) | Q(amount__isnull=False)
            ),
            models.CheckConstraint(
                name="rewardclaim_paid_with_reference",
                condition=Q(state="paid", paid_on__isnull=False) & ~Q(reference="")
                | (~Q(state="paid") & Q(paid_on=None, reference="")),
            ),
            models.CheckConstraint(
                name="rewardclaim_refused_with_reason", condition=~Q(state="refused") | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("reward-detail", args=[self.code])

    def file_visible_to(self, user: Any, file: Any) -> bool:
        """Show the evidence to whoever may open the claim."""
        return RewardClaim.objects.visible_to(user).filter(pk=self.pk).exists()
