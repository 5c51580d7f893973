"""Research outcomes and what belongs to them."""

from datetime import date, datetime
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalManyToManyField
from wagtail.models import Revision

from marketplace.core.choices import ReadinessEvidence, TransferMode
from marketplace.core.classifications import Industry, TechnicalField
from marketplace.core.files import File
from marketplace.core.stateful import Stateful
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes import co_owners, no_longer_named, rights_elsewhere, wording
from marketplace.outcomes.completeness import missing_in
from marketplace.reviews.models import Stage
from marketplace.reviews.revised import Revised


def a_year_after(day: date) -> date:
    """Return the same day next year; 28 February where next year has no 29th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


class OutcomeQuerySet(models.QuerySet["ResearchOutcome"]):
    def listed(self) -> "OutcomeQuerySet":
        """Return the outcomes everybody may find: live and not withdrawn."""
        return self.filter(live=True).exclude(state=ResearchOutcome.State.WITHDRAWN)

    def on_offer(self) -> "OutcomeQuerySet":
        """Return the outcomes that are public and still to be had."""
        return self.filter(live=True, state=ResearchOutcome.State.AVAILABLE)

    def due_for_expiry(self, at: Any) -> "OutcomeQuerySet":
        """Return live outcomes whose confirmation has run out at the date `at`."""
        return self.filter(live=True, expires_on__lte=at)

    def visible_to(self, user: Any) -> "OutcomeQuerySet":
        """Return what `user` may open: public ones, those of own organisations, all for officers and reviewers."""
        if user.is_authenticated and user.reads_everything:
            return self
        seen = Q(live=True) & ~Q(state=ResearchOutcome.State.WITHDRAWN)
        if user.is_authenticated:
            seen |= Q(owner__in=list(user.member_roles))
        return self.filter(seen)

    def opened_to(self, user: Any) -> "OutcomeQuerySet":
        """Return what `user` may open by its address: besides what is visible, what a deal or a disclosure keeps open.

        The parties and the broker of an open deal, and those who may read the confidential part, go on reading what
        was taken offline, withdrawn or has expired.
        """
        if not user.is_authenticated or user.reads_everything:
            return self.visible_to(user)
        deals: Any = self.model._meta.get_field("deals").related_model
        dealt = deals.objects.open().of(user).order_by().values("outcome")
        disclosed = self.model.objects.filter(disclosures__organisation__in=list(user.member_roles)).values("pk")
        visible = self.model.objects.visible_to(user).values("pk")
        return self.filter(Q(pk__in=visible) | Q(pk__in=dealt) | Q(pk__in=disclosed))


class ResearchOutcome(Revised, Stateful):
    """A research outcome (科技成果) an institute offers: text in revisions, facts in the row."""

    class State(models.TextChoices):
        AVAILABLE = "available", _("available")
        RESERVED = "reserved", _("reserved")
        CONVERTED = "converted", _("converted")
        WITHDRAWN = "withdrawn", _("withdrawn")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.AVAILABLE: {State.RESERVED, State.CONVERTED, State.WITHDRAWN},
        State.RESERVED: {State.AVAILABLE, State.CONVERTED},
        State.WITHDRAWN: {State.AVAILABLE},
        State.CONVERTED: {State.AVAILABLE},
    }
    OVER = (State.WITHDRAWN, State.CONVERTED)
    NOUN = "outcome"
    OWNER = "owner"
    PUBLIC_ID = "number"
    CONFIDENTIAL = ("confidential",)
    REVIEW_NAME = _("Outcome: own institute, then district")
    REVIEW_STAGES = (Stage.OWNER, Stage.DISTRICT)
    FACTS = (
        "number",
        "owner",
        "confirmed_on",
        "expires_on",
        "drafted_by",
        "drafted_at",
        "published_at",
        "import_row",
    )

    # Facts of the record
    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    owner = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="outcomes",
        editable=False,
        verbose_name=pgettext_lazy("outcome", "owner"),
    )
    state = models.CharField(
        _("availability"), max_length=20, choices=State.choices, default=State.AVAILABLE, editable=False
    )
    confirmed_on = models.DateField(_("confirmed on"), null=True, editable=False)
    expires_on = models.DateField(_("expires on"), null=True, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    drafted_at = models.DateTimeField(editable=False)
    import_row = models.CharField(max_length=64, blank=True, editable=False)  # fingerprint of the imported row

    # Text
    title = models.CharField(pgettext_lazy("record", "title"), max_length=120)
    title_en = models.CharField(_("English title"), max_length=200, blank=True)
    summary = models.TextField(_("public summary"), max_length=3000, blank=True)
    summary_en = models.TextField(_("English summary"), max_length=4000, blank=True)
    confidential = models.TextField(_("confidential part"), max_length=10000, blank=True)
    field = models.ForeignKey(
        TechnicalField,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("technical field"),
    )
    industries = ParentalManyToManyField(Industry, blank=True, verbose_name=_("industries"))
    trl = models.PositiveSmallIntegerField(
        _("technology readiness level"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(9)],
    )
    trl_evidence = models.CharField(
        _("evidence of readiness"), max_length=20, choices=ReadinessEvidence.choices, blank=True
    )
    modes = ArrayField(
        models.CharField(max_length=20, choices=TransferMode.choices),
        default=list,
        blank=True,
        verbose_name=_("transfer modes"),
    )
    is_negotiable = models.BooleanField(_("price negotiable"), default=False)
    price_low = models.BigIntegerField(_("price from"), null=True, blank=True)
    price_high = models.BigIntegerField(_("price to"), null=True, blank=True)
    file_codes = ArrayField(
        models.CharField(max_length=12), default=list, blank=True, editable=False
    )  # in this version

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("research outcome")
        verbose_name_plural = _("research outcomes")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="outcome_price_range_in_order",
                condition=Q(price_low=None) | Q(price_high=None) | Q(price_low__lte=F("price_high")),
            ),
            models.CheckConstraint(name="outcome_trl_1_to_9", condition=Q(trl=None) | Q(trl__range=(1, 9))),
            models.CheckConstraint(
                name="outcome_live_iff_confirmed", condition=Q(live=False) | Q(expires_on__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["owner", "import_row"], condition=~Q(import_row=""), name="outcome_import_row_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("outcome-detail", args=[self.number])

    def missing_for_review(self) -> dict[str, list[Any]]:
        return missing_in(self)

    def told(self) -> list[tuple[str, Any, str]]:
        return wording.told(self)

    def notes_for_reviewer(self, user: Any) -> list[dict[str, str]]:
        return [*rights_elsewhere.notes_for_reviewer(self, user), *self._notes_on_holders()]

    def _notes_on_holders(self) -> list[dict[str, str]]:
        return [*co_owners.notes_for_reviewer(self), *no_longer_named.notes_for_reviewer(self)]

    def offline_follows(self) -> list[str]:
        count = self.deals.open().count()
        if not count:
            return []
        words = _(
            "Open deals about it: %(count)s. Their parties are told, and no price is fixed and no contract drawn up in "
            "them until it is public again."
        )
        return [words % {"count": count}]

    def why_not_consented(self) -> str | None:
        return co_owners.why_not_consented(self)

    def files_for_reviewer(self, user: Any) -> list[dict[str, Any]]:
        return wording.files_for(self, user)

    def why_not_public(self) -> Any:
        if self.state == self.State.WITHDRAWN:
            return _("This outcome is withdrawn. Offer it again first.")
        if self.state == self.State.CONVERTED:
            return _("This outcome is converted; its page stays as it is.")
        return None

    def note_publication(self, now: datetime) -> None:
        """Publishing confirms the offer: the term of twelve months starts anew."""
        self.published_at = self.published_at or now
        self.confirmed_on = timezone.localdate(now)
        self.expires_on = a_year_after(self.confirmed_on)
        self.save(update_fields=["published_at", "confirmed_on", "expires_on"])

    def follow_publication(self, revision: Revision, *, at: datetime, by: Any) -> None:
        """Tell the organisations that were asked about a version before and that this one names no longer."""
        no_longer_named.drop_unnamed_co_owners(self, revision, at=at, by=by)

    def file_visible_to(self, user: Any, file: File) -> bool:
        """Tell who may have a file: owner and officers any, others what the public version shows them.

        A confidential one, picture or paper, is for those the confidential part was disclosed to.
        """
        if user.is_authenticated and (user.reads_everything or user.acts_for(self.owner_id)):
            return True
        if file.code not in self.file_codes or not self.is_open_to(user):
            return False
        return not file.is_confidential or (user.is_authenticated and self.is_disclosed_to(user))

    def is_open_to(self, user: Any) -> bool:
        """Tell whether this person may open the page: everybody while it is public, else who deals over it."""
        if self.live and self.state != self.State.WITHDRAWN:
            return True
        return ResearchOutcome.objects.opened_to(user).filter(pk=self.pk).exists()

    @property
    def is_reserved(self) -> bool:
        """Tell whether a negotiation with one buyer keeps it from others."""
        return self.state == self.State.RESERVED

    @property
    def standing_pool_entry(self) -> Any:
        """Return the entry of this outcome in the pool of trials, or None."""
        return self.pool_entries.standing().first()

    def open_trial_of(self, organisation: Organisation | None) -> Any:
        """Return the trial of this outcome an enterprise has under way, or None."""
        return self.trials.under_way().filter(enterprise=organisation).first() if organisation is not None else None

    @property
    def lot_in_sale(self) -> Any:
        """Return the announced lot that sells this outcome now, or None."""
        return self.lots.in_sale().first()

    def is_disclosed_to(self, user: Any) -> bool:
        """Tell whether the confidential part was disclosed to an organisation of this person."""
        return self.disclosures.filter(organisation__in=list(user.member_roles)).exists()
