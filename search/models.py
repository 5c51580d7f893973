"""What search learns from the corpus and keeps. Everything else it holds is an index that can be made anew."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from search.saved.models import Finding, SavedSearch

__all__ = ["Finding", "SavedSearch", "StopPhrase"]


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
