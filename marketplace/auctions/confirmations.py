"""The confirmation of a sale (成交确认书): what was confirmed, as it stood at that moment, under a code to check it."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.auctions.lots import Lot
from marketplace.core.codes import CodeField
from marketplace.organisations.models import Organisation, Role, User


class ConfirmationQuerySet(models.QuerySet["SaleConfirmation"]):
    def visible_to(self, user: Any) -> "ConfirmationQuerySet":
        """Return what `user` may open: those of one's own sales and purchases; organisers and supervisors all."""
        if not user.is_authenticated:
            return self.none()
        if user.reads_everything or user.has_role(Role.ORGANISER):
            return self
        mine = list(user.member_roles)
        return self.filter(Q(seller__in=mine) | Q(buyer__in=mine))


class SaleConfirmation(models.Model):
    """One per lot, written when the sale is confirmed and never changed; whether the sale stands, the lot knows."""

    lot = models.OneToOneField(Lot, on_delete=models.PROTECT, related_name="confirmation")
    code = CodeField()
    number = models.CharField(_("number"), max_length=30, unique=True)
    seller = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    seller_name = models.CharField(_("seller"), max_length=200)
    buyer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    buyer_name = models.CharField(_("buyer"), max_length=200)
    alias = models.CharField(_("bidder number"), max_length=8)
    price = models.BigIntegerField(_("price"))
    deposit_applied = models.BigIntegerField(_("deposit applied to the price"))
    seq = models.IntegerField()
    head_hash = models.CharField(max_length=64)
    confirmed_at = models.DateTimeField(_("confirmed at"))
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        verbose_name = _("confirmation of a sale")
        verbose_name_plural = _("confirmations of sales")
        ordering = ["-confirmed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="confirmation_of_a_price", condition=Q(price__gt=0, deposit_applied__gte=0) & ~Q(head_hash="")
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("sale-confirmation", args=[self.lot.number])

    @staticmethod
    def number_of(lot: Lot) -> str:
        """Return the number of a lot's confirmation: the session's and the lot's place in it, so it never changes."""
        return f"{lot.session.number}-C{lot.position:02d}"
