"""What the ledger of trials is narrowed to."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core import clock
from marketplace.trials.forms import day_input
from marketplace.trials.models import Trial


class LedgerForm(forms.Form):
    """What the ledger is narrowed to."""

    q = forms.CharField(label=pgettext_lazy("search", "Words"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("any")), *Trial.State.choices])
    since = forms.DateField(label=_("Requested from"), required=False, widget=day_input())
    until = forms.DateField(label=_("Requested until"), required=False, widget=day_input())
    soon = forms.BooleanField(label=_("Ends within 30 days"), required=False)

    def clean(self) -> dict[str, Any]:
        """Say of days in the wrong order that they are; the later one then narrows nothing."""
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day lies before the first."))
        return cleaned

    def narrowed(self, trials: Any) -> Any:
        """Return the trials that fit; what was typed wrongly narrows nothing and is said beside its field."""
        self.is_valid()
        asked = self.cleaned_data
        if words := asked.get("q", "").strip():
            named = Q(outcome__title__icontains=words) | Q(outcome__owner__name__icontains=words)
            trials = trials.filter(named | Q(enterprise__name__icontains=words) | Q(code__iexact=words))
        if asked.get("state"):
            trials = trials.filter(state=asked["state"])
        if asked.get("since"):
            trials = trials.filter(requested_at__date__gte=asked["since"])
        if asked.get("until"):
            trials = trials.filter(requested_at__date__lte=asked["until"])
        if asked.get("soon"):
            today = clock.today()
            trials = trials.ending_between(today, today + timedelta(days=30))
        return trials
