"""What belongs to a contract: the items of its amount, and the decisions of the registrars."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.models import TechnologyContract
from marketplace.core.identifiers import validate_uscc
from marketplace.organisations.models import User


class LineItem(models.Model):
    """One part of the amount, technical or not; the contract's two amounts are the sums."""

    contract = models.ForeignKey(TechnologyContract, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(_("item"), max_length=120)
    amount = models.BigIntegerField(_("amount"))
    is_technical = models.BooleanField(_("technical"), default=True)
    # what the registrar counts as technical instead of the seller's value, which stays beside it
    corrected_technical = models.BigIntegerField(_("technical by the registrar"), null=True, editable=False)
    correction = models.TextField(_("reasons of the correction"), max_length=2000, blank=True, editable=False)
    corrected_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    corrected_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("line item")
        verbose_name_plural = _("line items")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "position"], name="lineitem_position_once"),
            models.CheckConstraint(name="lineitem_amount_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="lineitem_corrected_by_somebody_with_reasons",
                condition=Q(corrected_technical=None, corrected_by=None, corrected_at=None, correction="")
                | Q(
                    corrected_technical__isnull=False,
                    corrected_technical__gte=0,
                    corrected_technical__lte=F("amount"),
                    corrected_by__isnull=False,
                    corrected_at__isnull=False,
                )
                & ~Q(correction=""),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def technical_by_seller(self) -> int:
        return self.amount if self.is_technical else 0

    @property
    def technical(self) -> int:
        """Return what of the item counts as technical, in fen: the registrar's value where there is one."""
        return self.technical_by_seller if self.corrected_technical is None else self.corrected_technical


class JointSeller(models.Model):
    """Another seller of the same contract, with its share; the rest is the first seller's, so that all are 100 %."""

    contract = models.ForeignKey(TechnologyContract, on_delete=models.CASCADE, related_name="joint_sellers")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("joint seller"), max_length=120)
    uscc = models.CharField(_("credit code"), max_length=18, validators=[validate_uscc])
    region = models.CharField(_("region code"), max_length=6)
    percent = models.DecimalField(_("per cent"), max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = _("joint seller")
        verbose_name_plural = _("joint sellers")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "uscc"], name="jointseller_once"),
            models.CheckConstraint(name="jointseller_has_a_share", condition=Q(percent__gt=0, percent__lt=100)),
        ]

    def __str__(self) -> str:
        return self.name


class ReviewDecision(models.Model):
    """What a registrar decided on a contract, with the reasons the seller was given."""

    class Kind(models.TextChoices):
        RETURNED = "returned", _("returned for supplement")
        REGISTERED = "registered", _("registered")
        REFUSED = "refused", _("not registered")
        CORRECTED = "corrected", _("registration number corrected")
        RECLASSED = "reclassed", _("item counted otherwise")
        PASSED_ON = "passed_on", _("passed to the second review")
        CHANGED = "changed", _("change granted")
        UNCHANGED = "unchanged", _("change refused")
        CANCELLED = "cancelled", _("registration cancelled")
        REVOKED = "revoked", _("registration revoked")
        OBJECTED = "objected", _("objection made")
        UPHELD = "upheld", _("decision upheld after the objection")
        END_NOTED = "end_noted", _("end of the contract noted")
        REOPENED = "reopened", _("review opened again after the objection")

    REVIEWED = (Kind.RETURNED, Kind.REGISTERED, Kind.REFUSED, Kind.PASSED_ON)

    contract = models.ForeignKey(TechnologyContract, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(_("decision"), max_length=12, choices=Kind.choices)
    reasons = models.TextField(_("reasons"), max_length=2000, blank=True)
    answer = models.TextField(_("answer of the seller"), max_length=2000, blank=True)  # to a return
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = _("decision on a contract")
        verbose_name_plural = _("decisions on contracts")
        ordering = ["-decided_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="reviewdecision_no_with_reasons",
                condition=Q(kind__in=["registered", "passed_on", "changed"]) | ~Q(reasons=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.decided_at:%Y-%m-%d}"
