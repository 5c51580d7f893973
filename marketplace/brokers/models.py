"""The register of technology brokers: persons with a certificate, filed with the district."""

import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.classifications import TechnicalField
from marketplace.core.code_lists import CodeList, ListedField
from marketplace.core.codes import CodeField
from marketplace.core.stateful import Stateful
from marketplace.organisations.models import Organisation, User


def _day(at: date | datetime) -> date:
    """Return the day of an instant as the district's calendar shows it."""
    return timezone.localdate(at) if isinstance(at, datetime) else at


def plain_number(text: str) -> str:
    """Return the number of a certificate or a filing as it is compared: half width, capitals, without outer spaces."""
    return unicodedata.normalize("NFKC", text or "").strip().upper()


class BrokerQuerySet(models.QuerySet["TechBroker"]):
    def valid(self, at: date | datetime) -> "BrokerQuerySet":
        """Return the brokers whose certificate holds at `at`: filed, begun, not run out."""
        day = _day(at)
        return self.filter(
            Q(valid_until=None) | Q(valid_until__gte=day),
            state=TechBroker.State.FILED,
            valid_from__lte=day,
        )

    def working(self) -> "BrokerQuerySet":
        """Return the brokers who may go on with what they began: the same as `why_not_work`, in the database."""
        return self.filter(Q(user=None) | Q(user__is_active=True), state=TechBroker.State.FILED)

    def running_out(self, first: date, last: date) -> "BrokerQuerySet":
        """Return the filed brokers whose certificate ends between these days, soonest first."""
        return self.filter(state=TechBroker.State.FILED, valid_until__range=(first, last)).order_by("valid_until")

    def visible_to(self, user: Any) -> "BrokerQuerySet":
        """Return what `user` may open: the register is public, ended certificates included."""
        return self.all()

    def of(self, user: Any) -> "BrokerQuerySet":
        """Return the broker's record that `user` signs in for (one at most)."""
        return self.filter(user=user.pk) if user.is_authenticated else self.none()


class TechBroker(Stateful):
    """A person with a broker's certificate, filed (备案) with the district; expiry follows from the dates."""

    class State(models.TextChoices):
        FILED = "filed", _("filed")
        SUSPENDED = "suspended", _("suspended")
        REVOKED = "revoked", _("revoked")

    class Standing(models.TextChoices):
        """What a reader of the register is told: the state and the dates in one word."""

        VALID = "valid", _("valid")
        NOT_YET = "not_yet", _("not yet valid")
        EXPIRED = "expired", _("expired")
        SUSPENDED = "suspended", _("suspended")
        REVOKED = "revoked", _("revoked")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.FILED: {State.SUSPENDED, State.REVOKED},
        State.SUSPENDED: {State.FILED, State.REVOKED},
    }

    code = CodeField()
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    user = models.OneToOneField(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="broker",
        verbose_name=_("person who signs in"),
    )
    certificate_no = models.CharField(_("certificate number"), max_length=40, unique=True)
    issuer = models.CharField(_("issuer"), max_length=120)
    level = ListedField(_("level"), code_list=CodeList.BROKER_LEVEL)
    get_level_display: Callable[[], str]
    scheme = models.ForeignKey(
        "marketplace.BrokerScheme",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="brokers",
        verbose_name=_("scheme"),
    )
    filing_number = models.CharField(_("filing number"), max_length=40, unique=True)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    firm = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="brokers",
        verbose_name=_("firm"),
    )
    fields = models.ManyToManyField(TechnicalField, related_name="+", verbose_name=_("fields served"))
    introduction = models.TextField(_("introduction"), max_length=2000, blank=True)

    state = models.CharField(
        _("state"),
        max_length=20,
        choices=State.choices,
        default=State.FILED,
        editable=False,
    )
    decision_reason = models.TextField(_("reason of the decision"), max_length=1000, blank=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    filed_at = models.DateTimeField(_("filed"), editable=False)
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)

    objects = BrokerQuerySet.as_manager()

    class Meta:
        verbose_name = _("technology broker")
        verbose_name_plural = _("technology brokers")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                name="techbroker_validity_in_order",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="techbroker_ended_with_reason",
                condition=Q(state="filed") | (~Q(decision_reason="") & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(name="techbroker_has_certificate", condition=~Q(certificate_no="")),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("broker-detail", args=[self.code])

    def standing(self, at: date | datetime) -> "TechBroker.Standing":
        """Return what the register says of this certificate at `at`."""
        day = _day(at)
        if self.state == self.State.REVOKED:
            return self.Standing.REVOKED
        if self.state == self.State.SUSPENDED:
            return self.Standing.SUSPENDED
        if self.valid_until is not None and self.valid_until < day:
            return self.Standing.EXPIRED
        return self.Standing.NOT_YET if day < self.valid_from else self.Standing.VALID

    def is_valid(self, at: date | datetime) -> bool:
        """Tell whether the broker may take on new deals at `at` (a day, or an instant in Asia/Shanghai)."""
        return self.standing(at) == self.Standing.VALID
