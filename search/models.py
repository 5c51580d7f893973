"""What search learns, is told and remembers. Everything else it holds is an index that can be made anew."""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from search.learnt import MatchWeights, StopPhrase, TextSignature
from search.saved.models import Finding, SavedSearch
from search.text import normalise, runs

__all__ = [
    "Finding",
    "IndexRun",
    "MatchWeights",
    "SavedSearch",
    "SearchLog",
    "StopPhrase",
    "Synonym",
    "TextSignature",
]

_SEPARATORS = re.compile(r"[\r\n,，、;；]+")
_QUOTES = re.compile(r"[\"“”＂「」]")
MOST_WORDS, LONGEST_WORD = 8, 60


def plain(text: str) -> str:
    """Return text as phrases are compared: one form of letters, single spaces."""
    return " ".join(normalise(text).split())


class Synonym(models.Model):
    """Words that ask for the same thing (3D打印, 增材制造). Of an abbreviation only the short form is replaced."""

    phrase = models.CharField(_("phrase"), max_length=LONGEST_WORD)
    key = models.CharField(max_length=LONGEST_WORD * 2, unique=True, blank=True, editable=False)
    alternatives = models.TextField(
        _("alternatives"), max_length=600, help_text=_("One per line, or separated by commas; at most eight.")
    )
    is_one_way = models.BooleanField(
        _("one way"),
        default=False,
        help_text=_("The phrase also asks for the alternatives, but they do not ask for it: an abbreviation."),
    )
    is_active = models.BooleanField(pgettext_lazy("synonym", "in use"), default=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        ordering = ["phrase"]

    def __str__(self) -> str:
        return self.phrase

    @property
    def words(self) -> list[str]:
        """Return the alternatives, each once, in the order given."""
        return list(dict.fromkeys(word for each in _SEPARATORS.split(self.alternatives) if (word := each.strip())))

    def clean(self) -> None:
        """Bring phrase and alternatives into the form they are stored in, or say what is wrong with them."""
        self.phrase, self.key = self.phrase.strip(), plain(self.phrase)
        words = [word for word in self.words if plain(word) != self.key]
        wrong = _wrong_words(words)
        if len(self.key) < 2 or not any(runs(self.key)) or _QUOTES.search(self.key):
            raise ValidationError({"phrase": _("A phrase has at least two characters and no quotation marks.")})
        if wrong is not None:
            raise ValidationError({"alternatives": wrong})
        if Synonym.objects.filter(key=self.key).exclude(pk=self.pk).exists():
            raise ValidationError({"phrase": _("This phrase is there already.")})
        self.alternatives = "\n".join(words)


def _wrong_words(words: list[str]) -> Any:
    if not words:
        return _("Name at least one other word.")
    if len(words) > MOST_WORDS:
        return _("At most eight alternatives.")
    if any(len(word) > LONGEST_WORD or _QUOTES.search(word) or not any(runs(plain(word))) for word in words):
        return _("An alternative has letters or characters, at most sixty, and no quotation marks.")
    return None


class SearchLog(models.Model):
    """One question somebody asked, without who, from where or exactly when: it cannot be traced to a person."""

    hour = models.DateTimeField(_("hour"))
    kind = models.CharField(_("kind"), max_length=20, blank=True)  # "" = a search over everything
    text = models.CharField(_("question"), max_length=100)
    results = models.PositiveIntegerField(_("results"))
    is_empty = models.BooleanField(_("nothing found"))
    took_ms = models.PositiveIntegerField(_("took (ms)"))

    class Meta:
        verbose_name = _("question asked")
        verbose_name_plural = _("questions asked")
        ordering = ["-hour", "-id"]
        indexes = [
            models.Index(fields=["hour", "text"], name="search_log_by_hour"),
            models.Index(fields=["hour"], condition=Q(is_empty=True), name="search_log_empty"),
        ]

    def __str__(self) -> str:
        return self.text


class IndexRun(models.Model):
    """One rebuild of the index of one kind: who asked for it, how far it is, how it ended."""

    kind = models.CharField(_("kind"), max_length=20)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("asked by")
    )  # None = from the command line
    asked_at = models.DateTimeField(_("asked"))
    started_at = models.DateTimeField(_("started"), null=True)
    seen_at = models.DateTimeField(_("last sign of life"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    done = models.PositiveIntegerField(_("rows done"), default=0)
    total = models.PositiveIntegerField(_("rows in all"), default=0)
    error = models.TextField(_("error"), blank=True)
    failures = models.JSONField(_("documents that failed"), default=list)  # [{"id": …, "reason": …}]

    class Meta:
        verbose_name = _("rebuild of an index")
        verbose_name_plural = _("rebuilds of indexes")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind"], condition=Q(ended_at=None), name="index_run_one_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {timezone.localtime(self.asked_at):%Y-%m-%d %H:%M}"

    @property
    def seconds(self) -> int | None:
        """Return how long it took, 0 below a second; None while it has not begun or ended."""
        if not self.started_at or not self.ended_at:
            return None
        took = (self.ended_at - self.started_at).total_seconds()
        return round(took) if took >= 1 else 0

    @property
    def percent(self) -> int:
        """Return how much of it is done."""
        return self.done * 100 // self.total if self.total else 0
