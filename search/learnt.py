"""What search learns: phrases that say nothing, signatures of texts, weights that won."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.organisations.models import User
from marketplace.outcomes.models import ResearchOutcome


class StopPhrase(models.Model):
    """A phrase that listings of every field use (实时监控): sharing it is no reason for a match."""

    phrase = models.CharField(_("phrase"), max_length=60, unique=True)
    texts = models.PositiveIntegerField(_("texts that use it"))
    fields = models.PositiveSmallIntegerField(_("technical fields that use it"))
    learnt_at = models.DateTimeField(_("learnt"))

    class Meta:
        verbose_name = _("stop phrase")
        verbose_name_plural = _("stop phrases")
        ordering = ["-texts", "phrase"]

    def __str__(self) -> str:
        return self.phrase


class TextSignature(models.Model):
    """The signature of one version of an outcome (likeness.py): of the public one, or of the newest draft."""

    outcome = models.ForeignKey(ResearchOutcome, on_delete=models.CASCADE, related_name="+", verbose_name=_("outcome"))
    is_public = models.BooleanField(_("of the public version"))
    minima = models.BinaryField()
    bands = ArrayField(models.BigIntegerField())
    version_at = models.DateTimeField(null=True)  # when the version was saved; None where the row itself was signed

    class Meta:
        verbose_name = _("text signature")
        verbose_name_plural = _("text signatures")
        constraints = [models.UniqueConstraint(fields=["outcome", "is_public"], name="signature_once_per_version")]
        indexes = [GinIndex(fields=["bands"], name="signature_by_band")]

    def __str__(self) -> str:
        return f"{self.outcome_id} {'public' if self.is_public else 'draft'}"


class MatchWeightsQuerySet(models.QuerySet["MatchWeights"]):
    def in_force(self, features_version: str) -> "MatchWeights | None":
        """Return the newest weights tuned on this version of the features and not taken back."""
        return self.filter(features_version=features_version, reverted_at=None).order_by("-pk").first()


class MatchWeights(models.Model):
    """Weights that won against those before them on judged pairs, who put them in force, and what they won."""

    version = models.CharField(_("version"), max_length=40, unique=True)
    features_version = models.CharField(_("version of the features"), max_length=30)
    weights = models.JSONField(_("weights"))  # {feature: share of the sum}
    figures = models.JSONField(_("figures"))  # what the comparison said, see tuning.Verdict
    written_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("put in force by"), editable=False
    )
    written_at = models.DateTimeField(_("put in force"), editable=False)
    reverted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("taken back by"), null=True, editable=False
    )
    reverted_at = models.DateTimeField(_("taken back at"), null=True, editable=False)

    objects: Any = MatchWeightsQuerySet.as_manager()

    class Meta:
        verbose_name = _("weights of matches")
        verbose_name_plural = _("weights of matches")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="match_weights_taken_back_by_somebody",
                condition=Q(reverted_at=None, reverted_by=None)
                | Q(reverted_at__isnull=False, reverted_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.version
