"""Money that came into the account for deposits and fits none of them: noted, then assigned or sent back."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.auctions.deposit_rows import Deposit
from marketplace.core.codes import CodeField
from marketplace.core.stateful import Stateful
from marketplace.organisations.models import User


class StrayPayment(Stateful):
    """One payment as the bank shows it (amount in fen), and what became of it."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("stray payment", "to be cleared up")
        ASSIGNED = "assigned", _("assigned to a deposit")
        RETURNED = "returned", _("sent back")
        MISTAKEN = "mistaken", pgettext_lazy("stray payment", "noted by mistake")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.OPEN: {State.ASSIGNED, State.RETURNED, State.MISTAKEN},
        State.ASSIGNED: {State.OPEN},  # its record there was taken back
        State.RETURNED: {State.OPEN},  # it did not go back
    }

    code = CodeField()
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.OPEN, editable=False)
    amount = models.BigIntegerField(_("amount received"))
    payer = models.CharField(_("payer as the bank names it"), max_length=100)
    bank_reference = models.CharField(_("bank's number of the payment"), max_length=60)
    received_at = models.DateTimeField(_("received at"))
    note = models.CharField(_("why it fits no deposit"), max_length=300)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    deposit = models.OneToOneField(Deposit, on_delete=models.PROTECT, null=True, related_name="stray")
    return_reference = models.CharField(_("bank's number of the refund"), max_length=60, blank=True)
    returned_on = models.DateField(_("refunded on"), null=True)
    taken_back_why = models.CharField(_("why its note was taken back"), max_length=300, blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("stray payment")
        verbose_name_plural = _("stray payments")
        ordering = ["-received_at", "-id"]
        constraints = [
            models.CheckConstraint(name="stray_is_money", condition=Q(amount__gt=0)),
            models.UniqueConstraint(
                fields=["bank_reference"], condition=~Q(state="mistaken"), name="stray_of_one_payment"
            ),
            models.UniqueConstraint(
                fields=["return_reference"], condition=~Q(return_reference=""), name="stray_return_once"
            ),
            models.CheckConstraint(
                name="stray_settled_one_way",
                condition=Q(
                    state="open", deposit=None, return_reference="", returned_on=None, settled_by=None, settled_at=None
                )
                | Q(
                    state="assigned",
                    deposit__isnull=False,
                    return_reference="",
                    returned_on=None,
                    settled_by__isnull=False,
                    settled_at__isnull=False,
                )
                | Q(
                    state="mistaken",
                    deposit=None,
                    return_reference="",
                    returned_on=None,
                    settled_by__isnull=False,
                    settled_at__isnull=False,
                )
                | Q(
                    state="returned",
                    deposit=None,
                    returned_on__isnull=False,
                    settled_by__isnull=False,
                    settled_at__isnull=False,
                )
                & ~Q(return_reference=""),
            ),
        ]

    def __str__(self) -> str:
        return self.bank_reference

    def get_absolute_url(self) -> str:
        return reverse("stray-detail", args=[self.code])
