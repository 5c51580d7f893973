"""Payments of a contract: instalments that are due, and receipts that came in, which are never changed."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import BigIntegerField, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.models import TechnologyContract
from marketplace.core.codes import CodeField
from marketplace.core.stateful import Locked
from marketplace.organisations.models import User


class InstalmentQuerySet(models.QuerySet["Instalment"]):
    def standing(self) -> "InstalmentQuerySet":
        """Return what was not struck from the schedule."""
        return self.filter(dropped_at=None)

    def owed(self) -> "InstalmentQuerySet":
        """Leave out what would be due after its contract was ended: that is not owed any more."""
        return self.filter(Q(contract__terminated_on=None) | Q(due_on__lte=F("contract__terminated_on")))

    def late(self, today: date) -> "InstalmentQuerySet":
        """Return what was due before `today` and has not come in whole, the longest late first."""
        return self.standing().owed().filter(due_on__lt=today).open().order_by("due_on", "id")

    def open(self) -> "InstalmentQuerySet":
        """Return what has not come in whole, each with what `came_in`.

        Those that have come in whole are found once, not row by row: to count them took twice as long.
        """
        receipts = Receipt.objects.exclude(instalment=None).order_by().values("instalment")
        whole = receipts.annotate(sum=Sum("amount")).filter(sum__gte=F("instalment__amount"))
        of_one = receipts.filter(instalment=OuterRef("pk")).annotate(sum=Sum("amount"))
        came_in = Coalesce(Subquery(of_one.values("sum")), 0, output_field=BigIntegerField())
        return self.exclude(pk__in=whole.values("instalment")).annotate(came_in=came_in)


class Instalment(Locked):
    """One payment the contract provides for: amount, day, and on what it depends."""

    code = CodeField()
    contract = models.ForeignKey(TechnologyContract, on_delete=models.PROTECT, related_name="instalments")
    due_on = models.DateField(_("due on"))
    amount = models.BigIntegerField(_("amount"))
    is_royalty = models.BooleanField(_("share of output"), default=False, editable=False)
    condition = models.CharField(_("condition or milestone"), max_length=200, blank=True)
    invoice_number = models.CharField(_("invoice number"), max_length=40, blank=True)
    invoiced_on = models.DateField(_("invoiced on"), null=True, blank=True)
    planned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    reminded_on = models.DateField(null=True)
    dropped_at = models.DateTimeField(null=True)

    objects = InstalmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("instalment")
        verbose_name_plural = _("instalments")
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["due_on", "id"], condition=Q(dropped_at=None), name="instalment_by_due_day")]
        constraints = [
            models.CheckConstraint(name="instalment_amount_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="instalment_invoice_with_its_day",
                condition=Q(invoice_number="", invoiced_on=None)
                | (~Q(invoice_number="") & Q(invoiced_on__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.due_on:%Y-%m-%d} {self.condition}".strip()

    def get_absolute_url(self) -> str:
        return reverse("payment-list", args=[self.contract.code])


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    def standing(self) -> "ReceiptQuerySet":
        """Return what came in and was not taken back by a reversing row."""
        return self.filter(reverses=None, reversed_at=None)


class Receipt(Locked):
    """Money that came in, entered by the seller's finance; a row that `reverses` another takes it back whole.

    The database refuses to delete a row, and to change anything of it but `reversed_at`, once.
    """

    code = CodeField()
    contract = models.ForeignKey(TechnologyContract, on_delete=models.PROTECT, related_name="receipts")
    instalment = models.ForeignKey(Instalment, on_delete=models.PROTECT, null=True, related_name="receipts")
    amount = models.BigIntegerField(_("amount"))
    received_on = models.DateField(_("received on"))
    bank_reference = models.CharField(_("bank reference"), max_length=60)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    reversed_at = models.DateTimeField(null=True)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment received")
        verbose_name_plural = _("payments received")
        ordering = ["received_on", "id"]
        indexes = [models.Index(fields=["bank_reference"], name="receipt_by_reference")]
        constraints = [
            models.CheckConstraint(
                name="receipt_negative_iff_it_reverses",
                condition=Q(reverses=None, amount__gt=0, reason="")
                | (Q(reverses__isnull=False, amount__lt=0, reversed_at=None) & ~Q(reason="")),
            ),
            models.UniqueConstraint(
                fields=["contract", "bank_reference"],
                condition=Q(reverses=None, reversed_at=None),
                name="receipt_bank_reference_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.received_on:%Y-%m-%d} {self.bank_reference}"

    def get_absolute_url(self) -> str:
        return reverse("payment-list", args=[self.contract.code])

    @property
    def stands(self) -> bool:
        """Tell whether the money counts: it neither reverses another row nor was reversed."""
        return self.reverses_id is None and self.reversed_at is None


def planned_of(contract: TechnologyContract) -> int:
    """Return what of the total of a contract stands in its schedule, in fen."""
    sums: dict[str, Any] = contract.instalments.filter(dropped_at=None, is_royalty=False).aggregate(total=Sum("amount"))
    return sums["total"] or 0


def royalties_of(contract: TechnologyContract) -> int:
    """Return what a formula made due beyond the total of a contract, in fen."""
    sums: dict[str, Any] = contract.instalments.filter(dropped_at=None, is_royalty=True).aggregate(total=Sum("amount"))
    return sums["total"] or 0


def received_of(contract: TechnologyContract, *, is_royalty: bool = False) -> int:
    """Return what came in for a contract so far, in fen; `is_royalty`: only for what a formula made due."""
    receipts = contract.receipts.filter(instalment__is_royalty=True) if is_royalty else contract.receipts
    sums: dict[str, Any] = receipts.aggregate(total=Sum("amount"))
    return sums["total"] or 0
