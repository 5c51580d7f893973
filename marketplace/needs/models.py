"""Technology needs and what belongs to them."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey

from marketplace.core import clock
from marketplace.core.classifications import Industry, TechnicalField
from marketplace.core.codes import CodeField
from marketplace.core.price_words import price_words
from marketplace.core.stateful import Stateful
from marketplace.organisations.models import Organisation, Role, User
from marketplace.reviews.models import Stage
from marketplace.reviews.revised import Revised

SHORTEST_PROBLEM = 30


class NeedQuerySet(models.QuerySet["TechnologyNeed"]):
    def listed(self) -> "NeedQuerySet":
        """Return the needs everybody may find: live and still open."""
        return self.filter(live=True, state=TechnologyNeed.State.OPEN)

    def visible_to(self, user: Any) -> "NeedQuerySet":
        """Return what `user` may open: public and own ones, those sent in for liaisons, all for officers, auditors."""
        if user.is_authenticated and user.reads_everything:
            return self
        seen = TechnologyNeed.sent_in() if user.is_authenticated and user.has_role(Role.LIAISON) else Q(live=True)
        if user.is_authenticated:
            seen |= Q(organisation__in=list(user.member_roles))
        return self.filter(seen)


class TechnologyNeed(Revised, Stateful):
    """A technology need (技术需求) an enterprise posts: text in revisions, facts in the row."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        SOLVED = "solved", _("solved")
        CLOSED = "closed", _("closed without solution")

    class Mode(models.TextChoices):
        COMMISSIONED = "commissioned", _("commissioned development")
        JOINT = "joint", _("joint development")
        SERVICE = "service", _("technical service")
        CONSULTING = "consulting", _("technical consulting")
        LICENCE = "licence", _("licence")
        ASSIGNMENT = "assignment", _("assignment")
        OPEN_CALL = "open_call", _("open call (揭榜挂帅)")

    NEXT: ClassVar[dict[str, set[str]]] = {State.OPEN: {State.SOLVED, State.CLOSED}, State.CLOSED: {State.OPEN}}
    OVER = (State.SOLVED, State.CLOSED)
    NOUN = "need"
    OWNER = "organisation"
    DRAFT_READERS = (Role.LIAISON,)
    REVIEW_NAME = _("Need: liaison, then district")
    REVIEW_STAGES = (Stage.LIAISON, Stage.DISTRICT)
    FACTS = ("code", "organisation", "drafted_by", "drafted_at", "published_at", "closing_reason")

    # Facts of the record
    code = CodeField()
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="needs", editable=False, verbose_name=_("enterprise")
    )
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.OPEN, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    drafted_at = models.DateTimeField(editable=False)
    closing_reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)

    # Text
    title = models.CharField(pgettext_lazy("record", "title"), max_length=120)
    title_en = models.CharField(_("English title"), max_length=200, blank=True)
    problem = models.TextField(_("problem"), max_length=5000, blank=True)
    problem_en = models.TextField(_("problem in English"), max_length=6000, blank=True)
    is_anonymous = models.BooleanField(_("publish without our name"), default=False)
    field = models.ForeignKey(
        TechnicalField,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("technical field"),
    )
    industry = models.ForeignKey(
        Industry, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("industry")
    )
    mode = models.CharField(_("cooperation mode"), max_length=20, choices=Mode.choices, blank=True)
    trl_wanted = models.PositiveSmallIntegerField(
        _("readiness at least"),
        null=True,
        blank=True,
        choices=[(level, f"TRL {level}") for level in range(1, 10)],
    )
    is_negotiable = models.BooleanField(_("budget negotiable"), default=False)
    budget_low = models.BigIntegerField(_("budget from"), null=True, blank=True)
    budget_high = models.BigIntegerField(_("budget to"), null=True, blank=True)
    deadline = models.DateField(_("deadline"), null=True, blank=True)

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("technology need")
        verbose_name_plural = _("technology needs")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="need_budget_in_order",
                condition=Q(budget_low=None) | Q(budget_high=None) | Q(budget_low__lte=F("budget_high")),
            ),
            models.CheckConstraint(
                name="need_trl_wanted_1_to_9", condition=Q(trl_wanted=None) | Q(trl_wanted__range=(1, 9))
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("need-detail", args=[self.code])

    def missing_for_review(self) -> dict[str, list[Any]]:
        """Return what this version lacks to be sent to review, by field."""
        blank = _("This is needed before the need is sent to review.")
        missing: dict[str, list[Any]] = {
            name: [blank] for name in ("industry", "mode", "deadline") if not getattr(self, name)
        }
        if len(self.problem.strip()) < SHORTEST_PROBLEM:
            missing["problem"] = [
                _("Describe the problem in at least %(least)s characters.") % {"least": SHORTEST_PROBLEM}
            ]
        if not self.is_negotiable and self.budget_low is None and self.budget_high is None:
            missing["budget_low"] = [_("Give a budget, or mark it as negotiable.")]
        if not self.indicators.all():
            missing["indicators"] = [_("Name at least one target indicator: how will you know it is solved?")]
        if self.deadline and not self.live and self.deadline < clock.today():
            missing["deadline"] = [_("This day has passed.")]
        for name in self._naming_ourselves():
            missing.setdefault(name, []).append(
                _("Your enterprise's name stands here, and the need is to be published without it. Leave it out.")
            )
        return missing

    def _naming_ourselves(self) -> list[str]:
        """Return the public texts of an anonymous need in which its enterprise stands by its whole name."""
        if not self.is_anonymous or self.organisation_id is None:
            return []
        ours = [name for name in (self.organisation.name, self.organisation.name_en) if name]
        texts = {name: getattr(self, name) for name in ("title", "problem", "title_en", "problem_en")}
        texts["indicators"] = "\n".join(str(each) for each in self.indicators.all())
        return [field for field, text in texts.items() if any(name in text for name in ours)]

    def told(self) -> list[tuple[str, Any, str]]:
        names = ("title", "title_en", "problem", "problem_en", "field", "industry", "deadline")
        labels = {column.name: column.verbose_name for column in self._meta.fields}
        told = [(name, labels[name], str(getattr(self, name) or "")) for name in names]
        indicators = "\n".join(str(each) for each in self.indicators.all())
        budget = price_words(self.budget_low, self.budget_high, is_negotiable=self.is_negotiable)
        publicity = _("name withheld") if self.is_anonymous else _("named")
        return [
            *told,
            ("mode", _("cooperation mode"), self.get_mode_display()),
            ("trl_wanted", _("readiness at least"), self.get_trl_wanted_display() or ""),
            ("budget_low", _("budget"), budget),
            ("indicators", _("indicators"), indicators),
            ("is_anonymous", _("name of the enterprise"), str(publicity)),
        ]

    def names_enterprise_to(self, user: Any) -> bool:
        """Tell whether this person may learn who stands behind the need.

        An anonymous need is named to its own enterprise, to the district (officers, auditors, liaisons), and to
        organisations it was disclosed to.
        """
        if not self.is_anonymous:
            return True
        if not user.is_authenticated:
            return False
        if user.reads_everything or user.has_role(Role.LIAISON) or user.acts_for(self.organisation_id):
            return True
        return any(row.organisation_id in user.member_roles for row in self.disclosures.all())

    def is_named_to(self, organisation_id: int) -> bool:
        """Tell whether this organisation may learn who stands behind the need."""
        if not self.is_anonymous or organisation_id == self.organisation_id:
            return True
        return any(row.organisation_id == organisation_id for row in self.disclosures.all())

    def why_not_public(self) -> Any:
        return None if self.state == self.State.OPEN else _("This need is no longer open.")

    def note_publication(self, now: datetime) -> None:
        self.published_at = self.published_at or now
        self.save(update_fields=["published_at"])


class TargetIndicator(models.Model):
    """One measurable target of a need, such as "static power ≤ 20 µA"."""

    class Comparison(models.TextChoices):
        AT_MOST = "le", "≤"
        AT_LEAST = "ge", "≥"
        EQUAL = "eq", "="
        BELOW = "lt", "<"
        ABOVE = "gt", ">"
        TEXT = "text", _("as described")

    need = ParentalKey(TechnologyNeed, on_delete=models.CASCADE, related_name="indicators")
    name = models.CharField(_("indicator"), max_length=60)
    comparison = models.CharField(_("comparison"), max_length=4, choices=Comparison.choices)
    value = models.CharField(_("value"), max_length=60)
    unit = models.CharField(_("unit"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("target indicator")
        verbose_name_plural = _("target indicators")

    def __str__(self) -> str:
        return f"{self.name} {self.target}".strip()

    @property
    def target(self) -> str:
        """Return what is to be reached, without the name: "≤ 20 µA"."""
        sign = "" if self.comparison == self.Comparison.TEXT else self.get_comparison_display()
        return " ".join(part for part in (sign, self.value, self.unit) if part)


class NeedDisclosure(models.Model):
    """That an organisation may learn who stands behind an anonymous need, since when."""

    need = models.ForeignKey(TechnologyNeed, on_delete=models.PROTECT, related_name="disclosures")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("disclosure of a need")
        verbose_name_plural = _("disclosures of needs")
        constraints = [models.UniqueConstraint(fields=["need", "organisation"], name="need_disclosure_once")]

    def __str__(self) -> str:
        return f"{self.need_id} → {self.organisation_id}"
