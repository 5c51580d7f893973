"""Invitations of colleagues: a manager asks whoever reads a mail box in. Loaded through organisations.models.

The link in the mail is signed, not stored (`invitation_links.py`): what is kept here opens nothing.
"""

from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.codes import CodeField
from marketplace.core.stateful import Stateful
from marketplace.organisations.people import User
from marketplace.organisations.roles import MemberRole

KEPT = timedelta(days=30)  # how long an address is known after its invitation expired or ended


class MemberInvitationQuerySet(models.QuerySet["MemberInvitation"]):
    def open(self) -> "MemberInvitationQuerySet":
        """Return those nobody answered or withdrew, expired ones too: they can be sent again."""
        return self.filter(state=MemberInvitation.State.SENT)

    def standing(self, at: datetime) -> "MemberInvitationQuerySet":
        """Return those that can be answered at `at`."""
        return self.open().filter(expires_at__gt=at)

    def ended_lately(self, at: datetime) -> "MemberInvitationQuerySet":
        """Return those answered, withdrawn or lapsed whose address is known still, the latest end first."""
        return (
            self.exclude(state=MemberInvitation.State.SENT).filter(ended_at__gt=at - KEPT).order_by("-ended_at", "-pk")
        )

    def listed(self, at: datetime) -> "MemberInvitationQuerySet":
        """Return those the page of members shows: open, or ended lately."""
        return self.filter(Q(state=MemberInvitation.State.SENT) | Q(ended_at__gt=at - KEPT))

    def reaching(self, user: User) -> "MemberInvitationQuerySet":
        """Return those sent to an address that `user` has confirmed."""
        confirmed = user.emailaddress_set.filter(verified=True)  # type: ignore[attr-defined]  # of allauth, loaded later
        return self.filter(email__in=confirmed.values_list(Lower("email")))

    def to_forget(self, at: datetime) -> "MemberInvitationQuerySet":
        """Return those whose address has been known for long enough."""
        past = Q(state=MemberInvitation.State.SENT, expires_at__lte=at - KEPT) | Q(ended_at__lte=at - KEPT)
        return self.exclude(email="").filter(past)


class MemberInvitation(Stateful):
    """That a manager invited whoever reads a mail box, with which roles, and what became of it."""

    class State(models.TextChoices):
        SENT = "sent", _("waiting for an answer")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", pgettext_lazy("invitation", "declined")
        WITHDRAWN = "withdrawn", _("withdrawn")
        LAPSED = "lapsed", pgettext_lazy("invitation", "lapsed")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.SENT: {State.ACCEPTED, State.DECLINED, State.WITHDRAWN, State.LAPSED},
    }

    code = CodeField()
    organisation = models.ForeignKey(
        "marketplace.Organisation",
        on_delete=models.PROTECT,
        related_name="member_invitations",
        verbose_name=_("organisation"),
    )
    email = models.EmailField(_("e-mail address"), blank=True)  # empty once it is forgotten
    roles = ArrayField(
        models.CharField(max_length=20, choices=MemberRole.choices), default=list, blank=True, verbose_name=_("roles")
    )
    words = models.CharField(_("words of your own"), max_length=300, blank=True)
    times_sent = models.PositiveSmallIntegerField(default=1)  # sent once more, the links before lead nowhere
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.SENT, editable=False)
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    sent_at = models.DateTimeField(pgettext_lazy("invitation", "sent"), editable=False)
    expires_at = models.DateTimeField(_("expires"), editable=False)
    mail_refused_at = models.DateTimeField(null=True, editable=False)  # for good, by the server of the address
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = MemberInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation of a colleague")
        verbose_name_plural = _("invitations of colleagues")
        ordering = ["-sent_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"], condition=Q(state="sent"), name="member_invitation_open_once"
            ),
            models.CheckConstraint(
                name="member_invitation_ended_iff_not_sent",
                condition=Q(state="sent", ended_at=None) | (~Q(state="sent") & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="member_invitation_open_to_an_address",
                condition=Q(email=Lower("email")) & (~Q(state="sent") | ~Q(email="")),
            ),
        ]

    def __str__(self) -> str:
        return self.email or self.code

    def get_absolute_url(self) -> str:
        return reverse("organisation-members", args=[self.organisation.code])

    def is_standing(self, at: datetime) -> bool:
        """Tell whether it can be answered at `at`."""
        return self.state == self.State.SENT and at < self.expires_at

    @property
    def role_labels(self) -> list[str]:
        """Return the roles in words."""
        return [str(MemberRole(role).label) for role in self.roles]
