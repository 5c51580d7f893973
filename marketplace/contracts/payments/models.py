"""Payments of a contract: instalments that are due, and receipts that came in, which are never changed."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import BigIntegerField, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.models import TechnologyContract
from marketplace.core.code_lists import ROYALTY
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

    def unpaid(self) -> "InstalmentQuerySet":
        """Return what has not come in whole.

        Those that have come in whole are found once, not row by row: to count them took twice as long.
        """
        whole = _received().annotate(sum=Sum("amount")).filter(sum__gte=F("instalment__amount"))
        return self.exclude(pk__in=whole.values("instalment"))

    def open(self) -> "InstalmentQuerySet":
        """Return what has not come in whole, each with what `came_in`."""
        of_one = _received().filter(instalment=OuterRef("pk")).annotate(sum=Sum("amount"))
        came_in = Coalesce(Subquery(of_one.values("sum")), 0, output_field=BigIntegerField())
        return self.unpaid().annotate(came_in=came_in)


def _received() -> Any:
    """Return what came in by the instalment it was for, to be summed up."""
    return Receipt.objects.exclude(instalment=None).order_by().values("instalment")


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
    dropped_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    drop_reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = InstalmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("instalment")
        verbose_name_plural = _("instalments")
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["due_on", "id"], condition=Q(dropped_at=None), name="instalment_by_due_day")]
        constraints = [
            models.CheckConstraint(name="instalment_amount_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="instalment_reason_of_what_is_struck",
                condition=Q(dropped_at__isnull=False) | Q(dropped_by=None, drop_reason=""),
            ),
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

    A deposit that counts towards the price is a row of its own kind, with the deposit's reference; it comes and goes
    with what is decided about the deposit, and nobody need enter it.

    The database refuses to delete a row, and to change anything of it but `reversed_at`, once.
    """

    class Kind(models.TextChoices):
        TRANSFER = "transfer", _("transfer")
        DEPOSIT = "deposit", _("deposit set off against the price")

    code = CodeField()
    contract = models.ForeignKey(TechnologyContract, on_delete=models.PROTECT, related_name="receipts")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.TRANSFER, editable=False)
    instalment = models.ForeignKey(Instalment, on_delete=models.PROTECT, null=True, related_name="receipts")
    amount = models.BigIntegerField(_("amount"))
    received_on = models.DateField(_("received on"))
    bank_reference = models.CharField(_("bank reference"), max_length=60)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
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
            models.UniqueConstraint(
                fields=["bank_reference"],
                condition=Q(kind="deposit", reverses=None, reversed_at=None),
                name="receipt_deposit_counted_once",
            ),
            models.CheckConstraint(
                name="receipt_of_a_transfer_entered", condition=Q(kind="deposit") | Q(entered_by__isnull=False)
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


class ReceiptRemark(Locked):
    """The buyer's word that a payment as entered is not what it paid, and the seller's answer. It changes no figure."""

    code = CodeField()
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="remarks")
    text = models.CharField(_("what is not right"), max_length=500)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("remark on a payment")
        verbose_name_plural = _("remarks on payments")
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["receipt"], condition=Q(answered_at=None), name="receiptremark_one_open"),
            models.CheckConstraint(
                name="receiptremark_answered_whole",
                condition=Q(answer="", answered_by=None, answered_at=None)
                | Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(answer=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.receipt)

    def get_absolute_url(self) -> str:
        return self.receipt.get_absolute_url()


def planned_of(contract: TechnologyContract) -> int:
    """Return what of the total of a contract stands in its schedule, in fen."""
    sums: dict[str, Any] = contract.instalments.filter(dropped_at=None, is_royalty=False).aggregate(total=Sum("amount"))
    return sums["total"] or 0


def set_off_of(contract: TechnologyContract, *, is_planned: bool | None = None) -> int:
    """Return what of a deposit counts as received for a contract, in fen; `is_planned`: for an instalment, or not."""
    rows = contract.receipts.filter(kind=Receipt.Kind.DEPOSIT)
    if is_planned is not None:
        rows = rows.filter(instalment__isnull=not is_planned)
    sums: dict[str, Any] = rows.aggregate(total=Sum("amount"))
    return sums["total"] or 0


def left_to_plan(contract: TechnologyContract) -> int:
    """Return what of the total neither stands in the schedule nor is set off, in fen; below 0 where it is too much."""
    return contract.total_amount - planned_of(contract) - set_off_of(contract, is_planned=False)


def unplanned_of(contract: TechnologyContract) -> int:
    """Return what of the total is neither planned nor has come in apart from the schedule, in fen; 0 of royalties."""
    if contract.payment == ROYALTY or contract.is_terminated:
        return 0
    loose: dict[str, Any] = contract.receipts.filter(instalment=None).aggregate(total=Sum("amount"))
    return max(contract.total_amount - planned_of(contract) - (loose["total"] or 0), 0)


def royalties_of(contract: TechnologyContract) -> int:
    """Return what a formula made due beyond the total of a contract, in fen."""
    sums: dict[str, Any] = contract.instalments.filter(dropped_at=None, is_royalty=True).aggregate(total=Sum("amount"))
    return sums["total"] or 0


def received_of(contract: TechnologyContract, *, is_royalty: bool = False) -> int:
    """Return what came in for a contract so far, in fen; `is_royalty`: only for what a formula made due."""
    receipts = contract.receipts.filter(instalment__is_royalty=True) if is_royalty else contract.receipts
    sums: dict[str, Any] = receipts.aggregate(total=Sum("amount"))
    return sums["total"] or 0
