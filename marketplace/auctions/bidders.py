"""Who may bid on a lot, and under which alias."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.auctions.deposit_rows import Deposit
from marketplace.auctions.lots import Lot
from marketplace.core.codes import CodeField
from marketplace.core.stateful import Stateful
from marketplace.organisations.models import Organisation, Role, User


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
