"""Interest: an organisation would like to take over an outcome, and what the owner answered."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.codes import CodeField
from marketplace.core.stateful import Stateful
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.models import ResearchOutcome


class InterestQuerySet(models.QuerySet["Interest"]):
    def awaiting_answer(self) -> "InterestQuerySet":
        """Return the interest nobody answered yet, longest waiting first."""
        return self.filter(state=Interest.State.SHOWN).order_by("shown_at")

    def for_cards(self) -> "InterestQuerySet":
        """Load what a card or a page prints of it."""
        found = self.select_related("outcome__owner", "organisation", "need", "deal")
        return found.prefetch_related("need__disclosures")

    def visible_to(self, user: Any) -> "InterestQuerySet":
        """Return what `user` may open: interest of or in the own organisation, all for officers and auditors."""
        if not user.is_authenticated:
            return self.none()
        if user.reads_everything:
            return self
        mine = list(user.member_roles)
        return self.filter(Q(organisation__in=mine) | Q(outcome__owner__in=mine))


class Interest(Stateful):
    """That an organisation would like to take over an outcome, and what the owner answered."""

    class State(models.TextChoices):
        SHOWN = "shown", _("waiting for an answer")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", pgettext_lazy("interest", "declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    NEXT: ClassVar[dict[str, set[str]]] = {State.SHOWN: {State.ACCEPTED, State.DECLINED, State.WITHDRAWN}}

    code = CodeField()
    outcome = models.ForeignKey(
        ResearchOutcome, on_delete=models.PROTECT, related_name="interests", verbose_name=_("outcome")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="interests", verbose_name=_("interested organisation")
    )
    need = models.ForeignKey(
        TechnologyNeed, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("need")
    )
    message = models.TextField(_("message"), max_length=2000)
    accepts_nda = models.BooleanField(_("confidentiality terms accepted"), default=False)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.SHOWN, editable=False)
    shown_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    shown_at = models.DateTimeField(_("shown"), editable=False)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    reminded_at = models.DateTimeField(null=True, editable=False)
    answer_reason = models.CharField(_("reason"), max_length=500, blank=True, editable=False)

    objects = InterestQuerySet.as_manager()

    class Meta:
        verbose_name = _("interest")
        verbose_name_plural = _("interests")
        ordering = ["-shown_at", "-id"]
        indexes = [models.Index(fields=["shown_at", "id"], name="interest_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["outcome", "organisation"], condition=Q(state="shown"), name="interest_one_open"
            ),
            models.CheckConstraint(
                name="interest_answered_iff_decided",
                condition=Q(state__in=["accepted", "declined"], answered_at__isnull=False)
                | Q(state__in=["shown", "withdrawn"], answered_at=None),
            ),
            models.CheckConstraint(
                name="interest_declined_with_reason", condition=~Q(state="declined") | ~Q(answer_reason="")
            ),
        ]

    def __str__(self) -> str:
        return str(self.outcome)

    def is_stalled(self, at: datetime, *, days: int | None) -> bool:
        """Tell whether it waits for its answer for `days` or longer; without days nothing stalls."""
        return days is not None and self.state == self.State.SHOWN and self.shown_at <= at - timedelta(days=days)

    def get_absolute_url(self) -> str:
        return reverse("interest-detail", args=[self.code])

    @property
    def answering_trial(self) -> str:
        """Return the number of the trial whose conversion answered it in place of its owner, or ""."""
        deal = getattr(self, "deal", None)
        return str(deal.trial_number) if deal is not None else ""

    @property
    def is_made_by_conversion(self) -> bool:
        """Tell whether nobody showed it: conversions made such rows once, shown and answered at one instant."""
        return bool(self.answering_trial) and self.answered_at == self.shown_at
