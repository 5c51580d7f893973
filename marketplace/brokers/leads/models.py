"""A lead: one broker says "I brought this", at a time nobody can change; the party confirms, others may object."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.brokers.leads.publicised import Publicised
from marketplace.brokers.models import TechBroker
from marketplace.core.codes import CodeField
from marketplace.core.stateful import Stateful
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.models import MemberRole, Organisation, User
from marketplace.outcomes.models import ResearchOutcome

ALIVE = ("registered", "confirmed", "standing", "in_deal", "closed")


class LeadQuerySet(models.QuerySet["Lead"]):
    def visible_to(self, user: Any) -> "LeadQuerySet":
        """Return what `user` may open: the broker theirs, the party's managers what names them, officers all."""
        if not user.is_authenticated:
            return self.none()
        if user.reads_everything:
            return self.all()
        managed = [key for key in user.member_roles if user.acts_for(key, MemberRole.MANAGER)]
        return self.filter(Q(broker__user=user.pk) | Q(party__in=managed))

    def about_same(self, lead: "Lead") -> "LeadQuerySet":
        """Return every claim on the same need, outcome or contact, in the order of their times."""
        same = self.filter(need=lead.need_id, outcome=lead.outcome_id, contact=lead.contact_id)
        return same.order_by("registered_at", "pk")

    def with_records(self) -> "LeadQuerySet":
        return self.select_related("broker", "need", "outcome", "contact", "party")


class Lead(Publicised, Stateful):
    """One claim of one broker on one record. `registered_at` is written once, by the platform's clock."""

    class Kind(models.TextChoices):
        NEED = "need", _("a need")
        OUTCOME = "outcome", _("an outcome")
        CONTACT = "contact", _("a contact")

    class State(models.TextChoices):
        REGISTERED = "registered", _("to be confirmed by the party")
        CONFIRMED = "confirmed", _("confirmed, objections are taken")
        STANDING = "standing", _("stands")
        IN_DEAL = "in_deal", _("in a deal")
        CLOSED = "closed", _("rewarded")
        DECLINED = "declined", _("declined by the party")
        OVERTURNED = "overturned", _("fell by an objection")
        WITHDRAWN = "withdrawn", _("withdrawn")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.REGISTERED: {State.CONFIRMED, State.DECLINED, State.WITHDRAWN},
        State.CONFIRMED: {State.STANDING, State.OVERTURNED, State.REGISTERED, State.WITHDRAWN},
        State.STANDING: {State.IN_DEAL, State.WITHDRAWN},
        State.IN_DEAL: {State.CLOSED},
    }
    ANOTHER = "another_confirmed"  # the reason of a claim that its party declined for a rival's

    code = CodeField()
    broker = models.ForeignKey(TechBroker, on_delete=models.PROTECT, related_name="leads")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    need = models.ForeignKey(TechnologyNeed, on_delete=models.PROTECT, null=True, related_name="leads")
    outcome = models.ForeignKey(ResearchOutcome, on_delete=models.PROTECT, null=True, related_name="leads")
    contact = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="leads_to")
    party = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="leads_to_confirm")
    note = models.TextField(_("how you brought it"), max_length=1000)
    registered_at = models.DateTimeField(_("filed at"), editable=False)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.REGISTERED, editable=False)
    reason = models.TextField(_("reason"), max_length=1000, blank=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)

    objects = LeadQuerySet.as_manager()

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        ordering = ["-registered_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="lead_of_one_record",
                condition=Q(kind="need", need__isnull=False, outcome=None, contact=None)
                | Q(kind="outcome", need=None, outcome__isnull=False, contact=None)
                | Q(kind="contact", need=None, outcome=None, contact__isnull=False),
            ),
            models.CheckConstraint(
                name="lead_ended_with_reason",
                condition=~Q(state__in=["declined", "withdrawn"]) | ~Q(reason=""),
            ),
            *(
                models.UniqueConstraint(
                    fields=["broker", record], condition=Q(state__in=ALIVE), name=f"lead_once_per_{record}"
                )
                for record in ("need", "outcome", "contact")
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def read_as(self, user: Any, organisation: Organisation | None) -> dict[str, str]:
        """Return as what somebody objects to a lead: another broker as broker, unless for the party itself."""
        broker = TechBroker.objects.of(user).first()
        if broker is None or (organisation is not None and organisation.pk == self.party_id):
            return {}
        return {"role": "broker", "broker": broker.code}

    def get_absolute_url(self) -> str:
        return reverse("lead-detail", args=[self.code])

    @property
    def record(self) -> Any:
        """Return the need, outcome or contact the lead is about."""
        return self.need or self.outcome or self.contact

    @property
    def why(self) -> str:
        """Return the reason in words: what the party typed, or that a rival's lead was confirmed."""
        return str(_("The lead of another broker was confirmed.")) if self.reason == self.ANOTHER else self.reason

    @property
    def earlier_deals(self) -> Any:
        """Return the deals about the same need or outcome that began before the lead was filed, the first on top.

        Of a contact none: an organisation is in many, and a lead to it is about none of them.
        """
        record = self.need or self.outcome
        return record.deals.filter(opened_at__lt=self.registered_at).order_by("opened_at") if record else []

    @property
    def called(self) -> str:
        """Return what the record is called in the reader's language."""
        record = self.record
        return str(record.called if self.contact_id else record.heading)

    def file_visible_to(self, user: Any, file: Any) -> bool:
        """Show the evidence to whoever may open the lead."""
        return Lead.objects.visible_to(user).filter(pk=self.pk).exists()
