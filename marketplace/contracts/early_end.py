"""The end of a contract before its time, as its own row says it: lists show it without asking for more."""

from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock


class EndsEarly(models.Model):
    """What the parties ended, or one declared ended, before its time: the day and how; performance/ writes it.

    Until that day the contract runs; from the day on it has ended. `end_noted_at` is when the register took note of it.
    """

    class Ended(models.TextChoices):
        AGREED = "agreed", _("by agreement")
        BREACH = "breach", _("for a breach")
        DISPUTED = "disputed", _("for a breach, disputed")

    terminated_on = models.DateField(_("ended before its time on"), null=True, editable=False)
    terminated_how = models.CharField(
        _("how it ended"), max_length=10, choices=Ended.choices, blank=True, editable=False
    )
    end_noted_at = models.DateTimeField(_("end noted in the register"), null=True, editable=False)

    class Meta:
        abstract = True

    def is_over(self, today: date) -> bool:
        """Tell whether it was ended before its time, on this day or before."""
        return self.terminated_on is not None and self.terminated_on <= today

    @property
    def is_terminated(self) -> bool:
        """Tell whether the parties, or one for a breach, ended it before its time, and the day has come."""
        return self.is_over(clock.today())

    @property
    def end_label(self) -> str:
        """Return how and on which day it ended or ends, for those who may read the contract; else nothing."""
        words = _HAS_ENDED if self.is_terminated else _WILL_END
        return self._said(words[self.Ended(self.terminated_how)]) if self.terminated_on else ""

    @property
    def end_for_all(self) -> str:
        """Return that it has ended and when, without how: what a stranger may know."""
        return self._said(_("ended on %(day)s")) if self.is_terminated else ""

    @property
    def end_tone(self) -> str:
        return "stop" if self.is_terminated else "wait"

    def _said(self, words: Any) -> str:
        return str(words % {"day": self.terminated_on})


_HAS_ENDED = {
    EndsEarly.Ended.AGREED: _("ended by agreement on %(day)s"),
    EndsEarly.Ended.BREACH: _("ended for a breach on %(day)s"),
    EndsEarly.Ended.DISPUTED: _("ended for a breach on %(day)s, disputed"),
}
_WILL_END = {
    EndsEarly.Ended.AGREED: _("ends by agreement on %(day)s"),
    EndsEarly.Ended.BREACH: _("ends for a breach on %(day)s"),
    EndsEarly.Ended.DISPUTED: _("ends for a breach on %(day)s, disputed"),
}
