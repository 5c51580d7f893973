"""The money an organisation pays before it may bid: a row of its own, for a lot or for a session."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.auctions.lots import Lot
from marketplace.auctions.sessions import AuctionSession
from marketplace.core.codes import CodeField
from marketplace.core.stateful import Stateful
from marketplace.organisations.models import Organisation, Role


class DepositQuerySet(models.QuerySet["Deposit"]):
    def real(self) -> "DepositQuerySet":
        """Return the deposits somebody pays: those of practice sessions stand for no money."""
        return self.exclude(session__is_practice=True)

    def to_receive(self) -> "DepositQuerySet":
        """Return the deposits the bank has not shown yet."""
        return self.real().filter(state=Deposit.State.DUE)

    def to_release(self) -> "DepositQuerySet":
        """Return the deposits to be paid back now, longest waiting first."""
        return self.real().filter(state=Deposit.State.RELEASE_DUE).order_by("release_due_at")

    def visible_to(self, user: Any) -> "DepositQuerySet":
        """Return what `user` may see: finance staff and supervisors all, others those of their organisations."""
        if not user.is_authenticated:
            return self.none()
        if user.reads_everything or user.has_role(Role.FINANCE):
            return self
        return self.filter(organisation__in=list(user.member_roles))


class Deposit(Stateful):
    """Money an organisation pays before it may bid: received once, ending in one final state."""

    class State(models.TextChoices):
        DUE = "due", _("to be paid")
        HELD = "held", _("held")
        APPLIED = "applied", _("applied to the price")
        RELEASE_DUE = "release_due", _("to be released")
        RELEASED = "released", _("released")
        FORFEITED = "forfeited", _("forfeited")
        LAPSED = "lapsed", _("no longer asked for")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.DUE: {State.HELD, State.LAPSED},
        State.HELD: {State.DUE, State.APPLIED, State.RELEASE_DUE, State.FORFEITED},
        State.APPLIED: {State.HELD, State.RELEASE_DUE, State.FORFEITED},
        State.RELEASE_DUE: {State.RELEASED, State.LAPSED},
        State.RELEASED: {State.RELEASE_DUE},
        State.FORFEITED: {State.HELD, State.RELEASE_DUE},
        State.LAPSED: {State.RELEASE_DUE},
    }

    code = CodeField()
    session = models.ForeignKey(AuctionSession, on_delete=models.PROTECT, related_name="deposits")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="deposits")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="deposits")
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.DUE, editable=False)
    amount = models.BigIntegerField(_("amount due"))
    due_at = models.DateTimeField(_("to be paid by"))
    reference = models.CharField(_("payment reference"), max_length=30, unique=True)
    received = models.BigIntegerField(_("received"), default=0)
    applied = models.BigIntegerField(default=0)
    applied_to = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="+")
    released = models.BigIntegerField(default=0)
    forfeited = models.BigIntegerField(default=0)
    bank_reference = models.CharField(_("bank's number of the payment"), max_length=60, blank=True)
    received_at = models.DateTimeField(_("received at"), null=True)
    came_unasked = models.BooleanField(_("came though nobody asked for it any more"), default=False, editable=False)
    release_due_at = models.DateTimeField(null=True)
    release_reference = models.CharField(_("bank's number of the refund"), max_length=60, blank=True)
    released_on = models.DateField(_("refunded on"), null=True)
    ended_at = models.DateTimeField(null=True)

    objects = DepositQuerySet.as_manager()

    class Meta:
        verbose_name = _("deposit")
        verbose_name_plural = _("deposits")
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["bank_reference"], condition=~Q(bank_reference=""), name="deposit_bank_reference_once"
            ),
            models.UniqueConstraint(
                fields=["release_reference"], condition=~Q(release_reference=""), name="deposit_release_reference_once"
            ),
            models.UniqueConstraint(
                fields=["session", "organisation"],
                condition=Q(lot=None, state__in=["due", "held"]),
                name="deposit_of_session_once",
            ),
            models.CheckConstraint(
                name="deposit_adds_up",
                condition=Q(state__in=["due", "lapsed"], received=0, applied=0, released=0, forfeited=0)
                | Q(state__in=["held", "release_due"], received__gt=0, applied=0, released=0, forfeited=0)
                | Q(
                    state__in=["applied", "released", "forfeited"],
                    received__gt=0,
                    received=F("applied") + F("released") + F("forfeited"),
                ),
            ),
            models.CheckConstraint(
                name="deposit_received_iff_referenced",
                condition=Q(received=0, received_at=None, bank_reference="")
                | (Q(received__gt=0, received_at__isnull=False) & ~Q(bank_reference="")),
            ),
            models.CheckConstraint(  # one from before 0072 has no day
                name="deposit_released_iff_referenced",
                condition=Q(state="released") & ~Q(release_reference="")
                | ~Q(state="released") & Q(release_reference="", released_on=None),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_held(self) -> bool:
        return self.state == self.State.HELD
