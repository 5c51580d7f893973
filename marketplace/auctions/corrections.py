"""What finance staff corrected of a deposit or its refund: what stood there before, why, and who did it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.auctions.deposit_rows import Deposit
from marketplace.core.journal import Entry, Kind
from marketplace.organisations.models import User


class DepositCorrection(models.Model):
    """One correction of a recorded payment, never changed; what stands now is in the deposit or the next correction."""

    deposit = models.ForeignKey(Deposit, on_delete=models.PROTECT, related_name="corrections")
    is_taken_back = models.BooleanField(_("taken back"), default=False)
    was_received = models.BigIntegerField(_("received before"))
    was_received_at = models.DateTimeField(_("received at before"))
    was_bank_reference = models.CharField(_("bank's number before"), max_length=60)
    reason = models.CharField(_("reason"), max_length=300)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("correction of a deposit")
        verbose_name_plural = _("corrections of deposits")
        ordering = ["deposit", "id"]
        constraints = [
            models.CheckConstraint(
                name="depositcorrection_of_a_payment_with_a_reason",
                condition=Q(was_received__gt=0) & ~Q(was_bank_reference="") & ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deposit} {self.was_bank_reference}"


class RefundCorrection(models.Model):
    """One correction of a recorded refund, never changed; what stands now is in the deposit or the next correction."""

    deposit = models.ForeignKey(Deposit, on_delete=models.PROTECT, related_name="refund_corrections")
    is_taken_back = models.BooleanField(_("taken back"), default=False)
    was_released_on = models.DateField(_("refunded on before"), null=True)
    was_bank_reference = models.CharField(_("bank's number before"), max_length=60)
    reason = models.CharField(_("reason"), max_length=300)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("correction of a refund")
        verbose_name_plural = _("corrections of refunds")
        ordering = ["deposit", "id"]
        constraints = [
            models.CheckConstraint(
                name="refundcorrection_of_a_refund_with_a_reason",
                condition=~Q(was_bank_reference="") & ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deposit} {self.was_bank_reference}"


def recorder_of(deposit: Deposit, kind: Kind = Kind.DEPOSIT_RECEIVED) -> User | None:
    """Return who recorded a deposit last, or its refund (DEPOSIT_RELEASED), if anybody did."""
    entry = Entry.objects.about(deposit).filter(kind=kind).select_related("actor").first()
    return entry.actor if entry is not None else None


__all__ = ["DepositCorrection", "RefundCorrection", "recorder_of"]
