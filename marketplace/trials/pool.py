"""The pool of outcomes that may be tried first: its entries, their terms in versions."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.core.choices import TransferMode
from marketplace.core.codes import CodeField
from marketplace.core.money import format_unrounded
from marketplace.core.regions import region_name
from marketplace.core.stateful import Stateful
from marketplace.organisations.models import User
from marketplace.outcomes.models import ResearchOutcome
from marketplace.trials.refusals import OutcomeOffline
from marketplace.trials.ways import GIVES

CONVERSIONS = [choice for choice in TransferMode.choices if choice[0] != TransferMode.TRIAL_FIRST]


def _why_not_live(outcome: ResearchOutcome) -> str:
    """Return why an outcome is not public, and what that means for new trials."""
    if outcome.expired:
        return str(_("Its term has run out. New trials are refused until its owner has confirmed the offer."))
    return str(OutcomeOffline.message)


class PoolQuerySet(models.QuerySet["PoolEntry"]):
    def standing(self) -> "PoolQuerySet":
        """Return the entries that were not taken out."""
        return self.exclude(state=PoolEntry.State.LEFT)

    def of_converted(self) -> "PoolQuerySet":
        """Return the entries that still stand although their outcome found its taker."""
        return self.standing().filter(outcome__state=ResearchOutcome.State.CONVERTED).select_related("outcome")

    def open(self) -> "PoolQuerySet":
        """Return the entries a trial can be asked of."""
        offered = ResearchOutcome.objects.filter(live=True, state=ResearchOutcome.State.AVAILABLE)
        return self.filter(state=PoolEntry.State.IN_POOL, outcome__in=offered)

    def visible_to(self, user: Any) -> "PoolQuerySet":
        """Return what `user` may manage or look into: entries of the own organisation, all for those who supervise."""
        if not user.is_authenticated:
            return self.none()
        return self if user.reads_everything else self.filter(outcome__owner__in=list(user.member_roles))


class PoolEntry(Stateful):
    """That an outcome may be tried first, on terms fixed in advance; trials keep the version they began with."""

    class State(models.TextChoices):
        CHECKING = "checking", _("being checked by the district")
        RETURNED = "returned", _("returned by the district")
        IN_POOL = "in_pool", _("in the pool")
        PAUSED = "paused", _("paused")
        LEFT = "left", _("taken out of the pool")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.CHECKING: {State.IN_POOL, State.RETURNED, State.LEFT},
        State.RETURNED: {State.CHECKING, State.IN_POOL, State.LEFT},
        State.IN_POOL: {State.CHECKING, State.PAUSED, State.LEFT},
        State.PAUSED: {State.CHECKING, State.IN_POOL, State.LEFT},
    }

    code = CodeField()
    outcome = models.ForeignKey(
        ResearchOutcome, on_delete=models.PROTECT, related_name="pool_entries", verbose_name=_("outcome")
    )
    state = models.CharField(_("state"), max_length=20, choices=State.choices, editable=False)
    reason = models.CharField(_("reason"), max_length=500, blank=True, editable=False)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    entered_at = models.DateTimeField(_("entered"), editable=False)
    pooled_at = models.DateTimeField(_("in the pool since"), null=True, editable=False)
    moved_at = models.DateTimeField(_("in this state since"), editable=False)

    objects = PoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("pool entry")
        verbose_name_plural = _("pool entries")
        ordering = ["-entered_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["outcome"], condition=~Q(state="left"), name="pool_once_per_outcome"),
            models.CheckConstraint(
                name="pool_returned_with_reason", condition=~Q(state__in=["returned", "left"]) | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return str(self.outcome)

    def get_absolute_url(self) -> str:
        return reverse("pool-detail", args=[self.code])

    @property
    def current(self) -> "PoolTerms":
        """Return the terms a new trial gets."""
        return self.versions.latest("version")

    @property
    def is_full(self) -> bool:
        """Tell whether all places are taken, so that a request waits."""
        return self.trials.holding().count() >= self.current.max_parallel

    @property
    def why_closed(self) -> str:
        """Return why no trial can be asked for now, for everybody; "" where one can."""
        if self.state == self.State.PAUSED:
            return str(_("Its owner takes a pause."))
        if self.state != self.State.IN_POOL:
            return str(_("Its terms are not settled yet."))
        if self.outcome.state not in ResearchOutcome.OVER and not self.outcome.live:
            return _why_not_live(self.outcome)
        if not self.outcome.live or self.outcome.state != ResearchOutcome.State.AVAILABLE:
            return str(_("The outcome itself is not open: %(state)s.") % {"state": self.outcome.get_state_display()})
        return ""

    def enter(self, state: str, *, at: datetime, reason: str = "") -> None:
        """Take an edge and note since when; the caller holds the lock and saves."""
        self.move_to(state)
        self.moved_at, self.reason = at, reason
        if state == self.State.IN_POOL:
            self.pooled_at = self.pooled_at or at


class Pricing(models.TextChoices):
    """How the price of a conversion is laid down."""

    FIXED = "fixed", _("fixed price")
    FORMULA = "formula", _("base and a share of output, up to a cap")
    AGREED = "agreed", _("to be agreed after the trial, then published")


class PoolTerms(models.Model):
    """One version of what is fixed in advance; never changed, so that running trials keep theirs."""

    entry = models.ForeignKey(PoolEntry, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField(_("version"))
    max_parallel = models.PositiveSmallIntegerField(
        _("trials at the same time"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    length_days = models.PositiveSmallIntegerField(_("length in days"), validators=[MinValueValidator(1)])
    # Without regions and a number the terms are of a time when words alone said how far a trial goes
    regions = ArrayField(
        models.CharField(max_length=6), verbose_name=_("where it may be used"), default=list, blank=True
    )
    territory = models.CharField(_("territory"), max_length=200, blank=True)
    scale_limit = models.PositiveIntegerField(_("scale at most"), null=True)
    scale_unit = models.CharField(_("what is counted"), max_length=30, blank=True)
    allowed_scale = models.CharField(_("scale allowed"), max_length=300, blank=True)
    support_hours = models.PositiveSmallIntegerField(_("hours of support"), default=0)
    needs_insurance = models.BooleanField(_("insurance is required"), default=False)
    mode = models.CharField(_("way of conversion"), max_length=20, choices=CONVERSIONS)
    pricing = models.CharField(_("price of conversion"), max_length=10, choices=Pricing.choices)
    price = models.BigIntegerField(_("price or base"), null=True)
    output_rate = models.DecimalField(_("share of output in per cent"), max_digits=5, decimal_places=2, null=True)
    price_cap = models.BigIntegerField(_("cap of the whole price"), null=True)
    payment_plan = models.CharField(_("payment"), max_length=500)
    decide_days = models.PositiveSmallIntegerField(_("days to decide after the trial"))
    confidentiality = models.TextField(_("confidentiality"), max_length=2000)
    on_return = models.TextField(_("return or destruction"), max_length=2000)
    data_sharing = models.TextField(_("sharing of data"), max_length=2000)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = _("terms of trial")
        verbose_name_plural = _("terms of trial")
        ordering = ["entry", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "version"], name="poolterms_version_once"),
            models.CheckConstraint(
                name="poolterms_priced",
                condition=Q(pricing="agreed", price=None, output_rate=None, price_cap=None)
                | Q(pricing="fixed", price__isnull=False, price__gt=0, output_rate=None, price_cap=None)
                | Q(pricing="formula", price__isnull=False, output_rate__isnull=False, price_cap__isnull=False)
                & Q(price__gt=0, output_rate__gt=0, output_rate__lte=Decimal(100), price_cap__gt=0),
            ),
            models.CheckConstraint(
                name="poolterms_cap_above_base",
                condition=Q(price_cap=None) | Q(price=None) | Q(price_cap__gte=models.F("price")),
            ),
            models.CheckConstraint(name="poolterms_limits", condition=Q(max_parallel__gt=0, length_days__gt=0)),
            models.CheckConstraint(
                name="poolterms_bounded",
                condition=Q(scale_limit=None, scale_unit="", regions=[]) & ~Q(territory="") & ~Q(allowed_scale="")
                | Q(scale_limit__isnull=False, scale_limit__gt=0) & ~Q(scale_unit="") & ~Q(regions=[]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry} v{self.version}"

    @property
    def conversion_title(self) -> str:
        """Return what a conversion under these terms is: an assignment, a licence of some kind, a service …"""
        return str(_("Convert: %(mode)s") % {"mode": self.get_mode_display()})

    @property
    def conversion_gives(self) -> str:
        """Return in a sentence what the enterprise gets by it."""
        return str(GIVES[TransferMode(self.mode)])

    @property
    def is_preset(self) -> bool:
        """Tell whether the price is known before the trial."""
        return self.pricing != Pricing.AGREED

    @property
    def is_counted(self) -> bool:
        """Tell whether territory and scale are codes and a number, so that the platform can compare."""
        return self.scale_limit is not None

    def regions_words(self, on: date | None = None) -> str:
        """Return the names the regions have on a day, today without one; "" where words alone say it."""
        return _(", ").join(region_name(code, on=on) for code in self.regions)

    @property
    def limit_words(self) -> str:
        """Return the number with what it counts; "" where words alone say it."""
        return f"{self.scale_limit} {self.scale_unit}" if self.scale_limit is not None else ""

    def territory_words(self, on: date | None = None) -> str:
        """Return where it may be used as people read it: the regions as called on a day, then what words add."""
        return _("; ").join(words for words in (self.regions_words(on), self.territory) if words)

    @property
    def scale_words(self) -> str:
        """Return how much may be used as people read it: the number, then what words add."""
        most = _("at most %(limit)s") % {"limit": self.limit_words} if self.is_counted else ""
        return _("; ").join(words for words in (most, self.allowed_scale) if words)

    @property
    def price_words(self) -> str:
        """Return the price of conversion as people read it."""
        language = get_language() or "zh-hans"
        if self.price is None:
            return str(Pricing.AGREED.label)
        if self.pricing == Pricing.FIXED:
            return format_unrounded(self.price, language)
        words = _("%(base)s and %(rate)s %% of output, %(cap)s in all at most")
        rate = f"{self.output_rate:f}".rstrip("0").rstrip(".")
        return words % {
            "base": format_unrounded(self.price, language),
            "rate": rate,
            "cap": format_unrounded(self.price_cap or 0, language),
        }
