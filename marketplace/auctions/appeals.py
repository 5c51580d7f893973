"""A buyer's appeal against the declaration of its default."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.auctions.bidders import BidderRegistration
from marketplace.core.journal import Entry, Kind
from marketplace.core.stateful import Stateful
from marketplace.organisations.models import Role, User


class DefaultAppeal(Stateful):
    """What a buyer says against its default, once; somebody decides who did not declare it."""

    class State(models.TextChoices):
        MADE = "made", _("to be decided")
        GRANTED = "granted", pgettext_lazy("appeal", "granted")
        DISMISSED = "dismissed", _("not granted")

    NEXT: ClassVar[dict[str, set[str]]] = {State.MADE: {State.GRANTED, State.DISMISSED}}

    registration = models.OneToOneField(BidderRegistration, on_delete=models.PROTECT, related_name="appeal")
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.MADE, editable=False)
    text = models.TextField(_("why the default is not one"), max_length=4000)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made at"))
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True)

    class Meta:
        verbose_name = _("appeal against a default")
        verbose_name_plural = _("appeals against defaults")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="defaultappeal_decided_iff_answered",
                condition=Q(state="made", answer="", decided_at=None, decided_by=None)
                | (~Q(state="made") & ~Q(answer="") & Q(decided_at__isnull=False, decided_by__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return str(self.registration)

    def file_visible_to(self, user: Any, file: Any) -> bool:
        """Show what supports an appeal to its maker's organisation, to who decides, and to who supervises."""
        if not user.is_authenticated:
            return False
        own = user.acts_for(self.registration.organisation_id)
        return bool(own or user.reads_everything or user.has_role(Role.ORGANISER))


def declarer_of(lot: Any) -> int | None:
    """Return the key of whoever declared the default of a lot's buyer last."""
    entry = Entry.objects.about(lot).filter(kind=Kind.LOT_DEFAULTED).first()
    return entry.actor_id if entry is not None else None


def parties_of(lot: Any) -> list[int]:
    """Return the keys of seller and buyer."""
    return [lot.outcome.owner_id, *([lot.leader.organisation_id] if lot.leader is not None else [])]


__all__ = ["DefaultAppeal", "declarer_of", "parties_of"]
