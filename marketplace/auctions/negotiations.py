"""The question to the highest bidder of an unsold lot: will it negotiate with the seller?"""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.auctions.bidders import BidderRegistration
from marketplace.auctions.lots import Lot
from marketplace.core.stateful import Stateful
from marketplace.organisations.models import User


class NegotiationQuerySet(models.QuerySet["Negotiation"]):
    def waiting(self) -> "NegotiationQuerySet":
        """Return the questions the bidder has not answered while the seller still wants to negotiate."""
        return self.filter(state=Negotiation.State.ASKED, lot__next_path="negotiate")

    def for_bidder(self, user: Any) -> "NegotiationQuerySet":
        """Return the questions to the organisations of `user`."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(registration__organisation__in=list(user.member_roles))


class Negotiation(Stateful):
    """One question about one unsold lot. The seller learns who the bidder is only by its yes, which opens the deal."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked")
        AGREED = "agreed", _("agreed")
        DECLINED = "declined", _("declined")

    NEXT: ClassVar[dict[str, set[str]]] = {State.ASKED: {State.AGREED, State.DECLINED}}

    lot = models.OneToOneField(Lot, on_delete=models.PROTECT, related_name="negotiation")
    registration = models.ForeignKey(BidderRegistration, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.ASKED, editable=False)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("answered at"), null=True)

    objects = NegotiationQuerySet.as_manager()

    class Meta:
        verbose_name = _("question to the highest bidder")
        verbose_name_plural = _("questions to highest bidders")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="negotiation_answered_iff_decided",
                condition=Q(state="asked", answered_at=None, answered_by=None)
                | (~Q(state="asked") & Q(answered_at__isnull=False, answered_by__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return str(self.lot)
