"""Questions people keep, and what each has found."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.codes import CodeField
from marketplace.core.journal import Entry
from marketplace.core.stateful import Locked
from marketplace.organisations.models import User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

MOST_PER_PERSON = 50
NAME_LENGTH = 80


class Rhythm(models.TextChoices):
    """How often a person hears of what a saved search finds."""

    AT_ONCE = "at_once", pgettext_lazy("alerts", "at once")
    DAILY = "daily", pgettext_lazy("alerts", "daily, in the morning")
    WEEKLY = "weekly", pgettext_lazy("alerts", "weekly, on Monday morning")
    NONE = "none", pgettext_lazy("alerts", "no alerts")


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    def visible_to(self, user: "User | AnonymousUser") -> "SavedSearchQuerySet":
        """Return the person's own searches; nobody reads those of another."""
        return self.filter(person=user.pk) if user.is_authenticated else self.none()

    def kept(self) -> "SavedSearchQuerySet":
        """Return what has not been deleted."""
        return self.filter(removed_at=None)

    def with_news(self) -> "SavedSearchQuerySet":
        """Return them with `news`: how many records each found since its person last looked."""
        since = Q(findings__found_at__gt=F("seen_at"))
        return self.annotate(news=Count("findings", filter=since))


class SavedSearch(Locked):
    """One question to one list that a person keeps: words and chosen filters, never an order or a page."""

    code = CodeField()
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="saved_searches")
    kind = models.CharField(max_length=20)
    text = models.CharField(max_length=400, blank=True)
    chosen = models.JSONField(default=dict)  # facet → values, as in the address of the list
    fingerprint = models.CharField(max_length=64)  # the same for the same question, however it was typed
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    rhythm = models.CharField(_("alerts"), max_length=10, choices=Rhythm.choices)
    rhythm_before = models.CharField(max_length=10, choices=Rhythm.choices, blank=True)  # unsubscribed from
    created_at = models.DateTimeField()
    alerts_since = models.DateTimeField()  # what was found before is not told
    told_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)  # rises with every change of what is asked

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "fingerprint"], condition=Q(removed_at=None), name="saved_search_once"
            ),
        ]
        indexes = [models.Index(fields=["kind"], condition=Q(removed_at=None), name="saved_search_by_kind")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("saved-open", args=[self.code])


class Finding(models.Model):
    """That a saved search found a record: once, whatever becomes of the record later.

    What a search found when it was saved has no `found_at` and is never news; `entry` is the alert that told it.
    """

    saved = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="findings")
    key = models.CharField(max_length=40)  # the record's public number or code
    found_at = models.DateTimeField(null=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["saved", "key"], name="finding_once")]
        indexes = [
            models.Index(fields=["saved", "found_at"], name="finding_untold", condition=Q(entry=None)),
        ]

    def __str__(self) -> str:
        return f"{self.saved_id} ← {self.key}"
