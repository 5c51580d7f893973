"""Invitations: an owner, or the district, asks a broker to take up a need or an outcome."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.brokers.models import TechBroker
from marketplace.core.codes import CodeField
from marketplace.core.stateful import Stateful
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.models import ResearchOutcome


class InvitationQuerySet(models.QuerySet["BrokerInvitation"]):
    def awaiting_answer(self) -> "InvitationQuerySet":
        """Return the invitations the broker has not answered, longest waiting first."""
        return self.filter(state=BrokerInvitation.State.SENT).order_by("sent_at")

    def standing(self) -> "InvitationQuerySet":
        """Return those that wait, and those that were accepted."""
        return self.filter(state__in=[BrokerInvitation.State.SENT, BrokerInvitation.State.ACCEPTED])

    def visible_to(self, user: Any) -> "InvitationQuerySet":
        """Return what `user` may open: the broker's own, those of own records, all for officers and auditors."""
        if not user.is_authenticated:
            return self.none()
        if user.reads_everything:
            return self
        mine = list(user.member_roles)
        return self.filter(
            Q(broker__user=user.pk) | Q(need__organisation__in=mine) | Q(outcome__owner__in=mine),
        )


class BrokerInvitation(Stateful):
    """That a broker is asked to take up a need or an outcome, and what the broker answered."""

    class State(models.TextChoices):
        SENT = "sent", _("waiting for an answer")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.SENT: {State.ACCEPTED, State.DECLINED, State.WITHDRAWN},
        State.ACCEPTED: {State.WITHDRAWN},
    }

    code = CodeField()
    broker = models.ForeignKey(
        TechBroker, on_delete=models.PROTECT, related_name="invitations", verbose_name=_("broker")
    )
    need = models.ForeignKey(
        TechnologyNeed, on_delete=models.PROTECT, null=True, related_name="invitations", verbose_name=_("need")
    )
    outcome = models.ForeignKey(
        ResearchOutcome, on_delete=models.PROTECT, null=True, related_name="invitations", verbose_name=_("outcome")
    )
    organisation = models.ForeignKey(  # None: an officer of the district
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("invited by")
    )
    message = models.TextField(_("message"), max_length=1000)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.SENT, editable=False)
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    sent_at = models.DateTimeField(pgettext_lazy("invitation", "sent"), editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    answer_note = models.CharField(_("remark"), max_length=300, blank=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation of a broker")
        verbose_name_plural = _("invitations of brokers")
        ordering = ["-sent_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="invitation_for_need_or_outcome",
                condition=Q(need__isnull=False, outcome=None) | Q(need=None, outcome__isnull=False),
            ),
            models.CheckConstraint(
                name="invitation_answered_iff_decided",
                condition=Q(state__in=["accepted", "declined"], answered_at__isnull=False)
                | Q(state="sent", answered_at=None)
                | Q(state="withdrawn"),
            ),
            models.UniqueConstraint(
                fields=["broker", "need"],
                condition=Q(state__in=["sent", "accepted"], need__isnull=False),
                name="invitation_one_per_need",
            ),
            models.UniqueConstraint(
                fields=["broker", "outcome"],
                condition=Q(state__in=["sent", "accepted"], outcome__isnull=False),
                name="invitation_one_per_outcome",
            ),
        ]

    def __str__(self) -> str:
        return str(self.record)

    def get_absolute_url(self) -> str:
        return reverse("invitation-detail", args=[self.code])

    @property
    def record(self) -> TechnologyNeed | ResearchOutcome:
        """Return what the broker is asked to take up."""
        return self.need or self.outcome  # type: ignore[return-value]  # one of them: a constraint of the table
