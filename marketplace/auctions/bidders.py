"""Who may bid on a lot, under which alias, and the deposit that stands behind it."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.auctions.lots import Lot
from marketplace.auctions.sessions import AuctionSession
from marketplace.core.codes import CodeField
from marketplace.core.stateful import Stateful
from marketplace.organisations.models import Organisation, Role, User


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


class RegistrationQuerySet(models.QuerySet["BidderRegistration"]):
    def standing(self) -> "RegistrationQuerySet":
        """Return the registrations that were neither rejected nor withdrawn: one for each organisation and lot."""
        return self.filter(withdrawn_at=None).exclude(state=BidderRegistration.State.REJECTED)

    def waiting_for_review(self) -> "RegistrationQuerySet":
        """Return the applications an organiser has to look at."""
        return self.filter(state=BidderRegistration.State.APPLIED)

    def of(self, user: Any) -> "RegistrationQuerySet":
        """Return the registrations of the organisations `user` belongs to."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(organisation__in=list(user.member_roles), lot__session__wiped_at=None)

    def visible_to(self, user: Any) -> "RegistrationQuerySet":
        """Return what `user` may open: own ones, all for those who check applications and supervise."""
        if not user.is_authenticated:
            return self.none()
        if user.reads_everything or user.has_role(Role.ORGANISER):
            return self.filter(lot__session__wiped_at=None)
        return self.of(user)


class BidderRegistration(Stateful):
    """One organisation's way to a lot: application, documents, deposit, alias."""

    class State(models.TextChoices):
        APPLIED = "applied", _("being checked")
        DOCUMENTS = "documents", _("documents asked for")
        REJECTED = "rejected", _("rejected")
        DEPOSIT_DUE = "deposit_due", _("deposit to be paid")
        DEPOSIT_HELD = "deposit_held", _("deposit received")
        QUALIFIED = "qualified", _("qualified")
        KEPT = "kept", _("ended; the deposit stands for other lots")
        REFUND_DUE = "refund_due", _("refund under way")
        REFUNDED = "refunded", _("refunded")
        SETTLED = "settled", _("deposit applied to the price")
        FORFEITED = "forfeited", _("deposit forfeited")
        LAPSED = "lapsed", _("ended without a deposit")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.APPLIED: {State.DOCUMENTS, State.DEPOSIT_DUE, State.REJECTED, State.LAPSED},
        State.DOCUMENTS: {State.APPLIED, State.REJECTED, State.LAPSED},
        State.DEPOSIT_DUE: {State.DEPOSIT_HELD, State.LAPSED},
        State.DEPOSIT_HELD: {State.DEPOSIT_DUE, State.QUALIFIED, State.KEPT, State.REFUND_DUE, State.FORFEITED},
        State.QUALIFIED: {State.KEPT, State.REFUND_DUE, State.SETTLED, State.FORFEITED},
        State.SETTLED: {State.KEPT, State.REFUND_DUE, State.FORFEITED},
        State.KEPT: {State.REFUNDED, State.FORFEITED},
        State.FORFEITED: {State.KEPT, State.REFUND_DUE},
        State.REFUND_DUE: {State.REFUNDED, State.LAPSED},
        State.REFUNDED: {State.REFUND_DUE},
        State.LAPSED: {State.REFUND_DUE},
    }

    code = CodeField()
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="registrations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="bidder_registrations")
    agent = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("bidder's agent"))
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.APPLIED, editable=False)
    alias = models.CharField(_("bidder number"), max_length=8, blank=True, editable=False)
    priority_rank = models.PositiveSmallIntegerField(_("rank of the priority right"), null=True, blank=True)
    is_barred = models.BooleanField(_("barred"), default=False)
    declared_at = models.DateTimeField(_("declaration signed"))
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("declared by"))
    declaration_version = models.CharField(_("version of the declaration"), max_length=20)
    deposit = models.ForeignKey(Deposit, on_delete=models.PROTECT, null=True, related_name="registrations")
    decision_reason = models.CharField(_("reason of the decision"), max_length=300, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(_("applied at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, editable=False)
    is_revoked = models.BooleanField(_("revoked by the organiser"), default=False, editable=False)
    told_of_seq = models.IntegerField(default=0, editable=False)

    has_bid: bool | None = None  # whether a bid of it was accepted, where a query asked for it

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("bidder registration")
        verbose_name_plural = _("bidder registrations")
        ordering = ["lot", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["lot", "organisation"],
                condition=~Q(state="rejected") & Q(withdrawn_at=None),
                name="registration_once_per_lot",
            ),
            models.UniqueConstraint(fields=["lot", "alias"], condition=~Q(alias=""), name="registration_alias_once"),
            models.CheckConstraint(
                name="registration_qualified_has_alias_and_deposit",
                condition=~Q(state="qualified") | (~Q(alias="") & Q(deposit__isnull=False)),
            ),
            models.CheckConstraint(
                name="registration_withdrawn_has_ended",
                condition=Q(withdrawn_at=None) | Q(state__in=["kept", "refund_due", "refunded", "forfeited", "lapsed"]),
            ),
            models.CheckConstraint(
                name="registration_revoked_with_a_reason",
                condition=Q(is_revoked=False) | (Q(withdrawn_at__isnull=False) & ~Q(decision_reason="")),
            ),
        ]

    @property
    def shown_state(self) -> str:
        """Return its state in words; of one that ended without a deposit, why, where the bidder is not to blame."""
        if self.ended_by and self.state == self.State.LAPSED:
            return self.ended_by
        if self.state == self.State.LAPSED and self.lot.state == Lot.State.WITHDRAWN:
            return gettext("ended, because the lot was withdrawn")
        return self.get_state_display()

    @property
    def ended_by(self) -> str:
        """Return in words who ended it before the bidding began, or ""."""
        if self.withdrawn_at is None:
            return ""
        return gettext("revoked by the organiser") if self.is_revoked else gettext("withdrawn by the bidder")

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("registration-detail", args=[self.code])

    @property
    def is_over_as_practice(self) -> bool:
        """Tell whether this took part in practice that has ended: its money was none, so nothing is paid back."""
        ended = (self.State.KEPT, self.State.REFUND_DUE, self.State.REFUNDED)
        return self.lot.is_practice and self.state in ended

    def file_visible_to(self, user: Any, file: Any) -> bool:
        """Show the documents of an application to the bidder and to those who check it."""
        return user.is_authenticated and (
            user.acts_for(self.organisation_id) or user.reads_everything or user.has_role(Role.ORGANISER)
        )
