"""An application to be filed as a broker, or to let a filed certificate run longer."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.brokers.models import TechBroker
from marketplace.brokers.schemes import BrokerScheme
from marketplace.core.classifications import TechnicalField
from marketplace.core.code_lists import CodeList, ListedField
from marketplace.core.codes import CodeField
from marketplace.core.stateful import Stateful
from marketplace.organisations.models import Organisation, User

UNDECIDED = ("applied", "returned", "checked")


class ApplicationQuerySet(models.QuerySet["BrokerApplication"]):
    def visible_to(self, user: Any) -> "ApplicationQuerySet":
        """Return what `user` may open: their own; officers and auditors all."""
        if not user.is_authenticated:
            return self.none()
        return self.all() if user.reads_everything else self.filter(applicant=user.pk)

    def undecided(self) -> "ApplicationQuerySet":
        return self.filter(state__in=UNDECIDED)

    def to_decide(self) -> "ApplicationQuerySet":
        """Return what waits for an officer, the longest waiting first."""
        return self.filter(state__in=("applied", "checked")).order_by("sent_at", "id")


class BrokerApplication(Stateful):
    """One application, with what the applicant states and what the officers answered."""

    class Kind(models.TextChoices):
        FIRST = "first", _("first filing")
        RENEWAL = "renewal", _("renewal")

    class State(models.TextChoices):
        APPLIED = "applied", _("materials to check")
        RETURNED = "returned", _("to be completed")
        CHECKED = "checked", _("materials checked")
        FILED = "filed", _("filed")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.APPLIED: {State.RETURNED, State.CHECKED, State.REFUSED, State.WITHDRAWN},
        State.RETURNED: {State.APPLIED, State.REFUSED, State.WITHDRAWN},
        State.CHECKED: {State.FILED, State.RETURNED, State.REFUSED, State.WITHDRAWN},
    }

    code = CodeField()
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, editable=False)
    applicant = models.ForeignKey(User, on_delete=models.PROTECT, related_name="broker_applications", editable=False)
    broker = models.ForeignKey(
        TechBroker, on_delete=models.PROTECT, null=True, related_name="applications", editable=False
    )
    scheme = models.ForeignKey(
        BrokerScheme, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("scheme")
    )
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    certificate_no = models.CharField(_("certificate number"), max_length=40)
    issuer = models.CharField(_("issuer"), max_length=120)
    level = ListedField(_("level"), code_list=CodeList.BROKER_LEVEL)
    get_level_display: Callable[[], str]
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    firm = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("firm")
    )
    fields = models.ManyToManyField(TechnicalField, related_name="+", verbose_name=_("fields served"))
    introduction = models.TextField(_("introduction"), max_length=2000, blank=True)

    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.APPLIED, editable=False)
    sent_at = models.DateTimeField(pgettext_lazy("date", "Submitted"), editable=False)
    reason = models.TextField(_("reason of the decision"), max_length=1000, blank=True, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application of a broker")
        verbose_name_plural = _("applications of brokers")
        ordering = ["-sent_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["applicant"], condition=Q(state__in=UNDECIDED), name="brokerapplication_one_at_a_time"
            ),
            models.CheckConstraint(
                name="brokerapplication_validity_in_order",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="brokerapplication_renews_a_broker",
                condition=Q(kind="first") | Q(kind="renewal", broker__isnull=False, valid_until__isnull=False),
            ),
            models.CheckConstraint(
                name="brokerapplication_answered_with_reason",
                condition=~Q(state__in=["returned", "refused"]) | (~Q(reason="") & Q(decided_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.certificate_no}"

    def get_absolute_url(self) -> str:
        return reverse("application-detail", args=[self.code])

    @property
    def is_undecided(self) -> bool:
        return self.state in UNDECIDED

    def file_visible_to(self, user: Any, file: Any) -> bool:
        """Show the proof to the applicant and to those who check or supervise."""
        return bool(user.is_authenticated and (user.pk == self.applicant_id or user.reads_everything))
