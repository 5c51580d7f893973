"""Organisations, the people in them, and what people consented to."""

from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.codes import CodeField
from marketplace.core.identifiers import validate_uscc
from marketplace.core.languages import worded
from marketplace.core.stateful import Stateful
from marketplace.organisations.access_token import AccessToken
from marketplace.organisations.member_invitation import MemberInvitation
from marketplace.organisations.people import User
from marketplace.organisations.roles import MemberRole, Role

__all__ = ["AccessToken", "Consent", "MemberInvitation", "Membership", "Organisation", "Role", "User"]


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def verified(self) -> "OrganisationQuerySet":
        """Return the organisations that may publish, bid and sign."""
        return self.filter(state=Organisation.State.VERIFIED)

    def of(self, user: User) -> "OrganisationQuerySet":
        """Return the organisations `user` is an active member of."""
        return self.filter(memberships__user=user, memberships__state="active")

    def awaiting_verification(self) -> "OrganisationQuerySet":
        """Return the organisations an officer has to decide about, longest waiting first."""
        return self.filter(state=Organisation.State.PENDING).order_by(Coalesce("submitted_at", "registered_at"), "pk")

    def visible_to(self, user: Any) -> "OrganisationQuerySet":
        """Return what `user` may see: verified ones are public, others to members and officers."""
        if user.is_authenticated and user.reads_everything:
            return self
        seen = Q(state=Organisation.State.VERIFIED)
        if user.is_authenticated:
            seen |= Q(pk__in=Organisation.objects.of(user).values("pk"))
        return self.filter(seen)


class Organisation(Stateful):
    """An institute, enterprise or other legal body, known by its unified social credit code."""

    class Kind(models.TextChoices):
        INSTITUTE = "institute", _("institute")
        ENTERPRISE = "enterprise", _("enterprise")
        BROKERAGE = "brokerage", _("brokerage")
        AUCTION_COMPANY = "auction_company", _("auction company")
        BANK = "bank", _("bank")
        GOVERNMENT = "government", _("government body")

    class State(models.TextChoices):
        PENDING = "pending", _("waiting for verification")
        VERIFIED = "verified", _("verified")
        REFUSED = "refused", _("verification refused")
        SUSPENDED = "suspended", _("suspended")

    NEXT = {
        State.PENDING: {State.VERIFIED, State.REFUSED},
        State.REFUSED: {State.PENDING},
        State.VERIFIED: {State.SUSPENDED},
        State.SUSPENDED: {State.VERIFIED},
    }

    code = CodeField()
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    name = models.CharField(_("legal name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=160, blank=True)
    uscc = models.CharField(_("unified social credit code"), max_length=18, unique=True, validators=[validate_uscc])
    region = models.CharField(_("region code"), max_length=6, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    legal_representative = models.CharField(_("legal representative"), max_length=60, blank=True)
    contact = models.CharField(_("contact"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    introduction = models.TextField(_("introduction"), max_length=2000, blank=True)
    related_usccs = ArrayField(
        models.CharField(max_length=18, validators=[validate_uscc]),
        default=list,
        blank=True,
        verbose_name=_("related parties (credit codes)"),
    )
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.PENDING, editable=False)
    decision_reason = models.TextField(_("reason of the decision"), blank=True, editable=False)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    registered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    registered_at = models.DateTimeField(editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)  # again, after a refusal

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="organisation_uscc_is_upper", condition=Q(uscc__regex=r"^[0-9A-Z]{18}$")),
            models.CheckConstraint(
                name="organisation_decided_iff_not_pending",
                condition=Q(state="pending") | Q(decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        """Return the name in the reader's language; contracts and certificates print the legal `name`."""
        return worded(self, "name")

    def get_absolute_url(self) -> str:
        return reverse("organisation-detail", args=[self.code])

    @property
    def was_verified(self) -> bool:
        """Tell whether an officer has compared its particulars."""
        return self.state in (self.State.VERIFIED, self.State.SUSPENDED)

    @property
    def is_verified(self) -> bool:
        return self.state == self.State.VERIFIED

    @property
    def waiting_since(self) -> date:
        """Return the day, in the district, on which verification was asked for."""
        return timezone.localdate(self.submitted_at or self.registered_at)

    def is_related_to(self, other: "Organisation") -> bool:
        """Tell whether the two are the same body or declared each other as a related party."""
        return self.pk == other.pk or other.uscc in self.related_usccs or self.uscc in other.related_usccs


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> "MembershipQuerySet":
        """Return the standing memberships."""
        return self.filter(state=Membership.State.ACTIVE)

    def awaiting_answer(self) -> "MembershipQuerySet":
        """Return the requests to join that nobody answered yet."""
        return self.filter(state=Membership.State.REQUESTED)

    def managed(self) -> "MembershipQuerySet":
        """Return the standing memberships of managers."""
        return self.active().filter(roles__contains=[MemberRole.MANAGER.value])


class Membership(Stateful):
    """A person's place in an organisation: asked for, then confirmed by its manager."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("requested")
        ACTIVE = "active", _("active")
        REFUSED = "refused", _("refused")
        LEFT = "left", _("left")

    NEXT = {
        State.REQUESTED: {State.ACTIVE, State.REFUSED, State.LEFT},
        State.REFUSED: {State.REQUESTED},
        State.ACTIVE: {State.LEFT},
        State.LEFT: {State.REQUESTED},
    }

    code = CodeField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    roles = ArrayField(
        models.CharField(max_length=20, choices=MemberRole.choices), default=list, blank=True, verbose_name=_("roles")
    )
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.REQUESTED)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["organisation", "user"]
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"

    @property
    def is_active(self) -> bool:
        return self.state == self.State.ACTIVE

    @property
    def is_manager(self) -> bool:
        return self.is_active and MemberRole.MANAGER.value in self.roles

    @property
    def role_labels(self) -> list[str]:
        """Return the roles in words."""
        return [str(MemberRole(role).label) for role in self.roles]


class Consent(models.Model):
    """That a person agreed to one version of the privacy notice, and when."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="consents")
    notice = models.CharField(max_length=40, default="privacy")
    version = models.CharField(_("version"), max_length=20)
    given_at = models.DateTimeField()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [models.UniqueConstraint(fields=["user", "notice", "version"], name="consent_once")]

    def __str__(self) -> str:
        return f"{self.notice} {self.version}"
