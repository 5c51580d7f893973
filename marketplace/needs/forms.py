"""Forms of a need."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modelcluster.forms import BaseChildFormSet, ClusterForm

from marketplace.core import clock
from marketplace.core.classifications import Industry, TechnicalField, grouped
from marketplace.core.forms import Drafted, MoneyField
from marketplace.needs.models import TargetIndicator, TechnologyNeed

BUDGET = ("budget_low", "budget_high")  # a review asks for one of them, or for neither where it is negotiable
BEGINS_WITH_FIGURE = re.compile(r"[-+±]?\d").match


class IndicatorForm(forms.ModelForm):
    """One target indicator."""

    def clean_value(self) -> str:
        """Return the value in half width: figures from a Chinese keyboard are compared as figures."""
        return unicodedata.normalize("NFKC", self.cleaned_data["value"]).strip()

    def clean(self) -> dict[str, Any]:
        """A comparison compares with a figure; words stand under "as described"."""
        data = super().clean() or self.cleaned_data
        comparison, value = data.get("comparison"), data.get("value")
        if comparison and comparison != TargetIndicator.Comparison.TEXT and value and not BEGINS_WITH_FIGURE(value):
            self.add_error("value", _("Begin with a figure, or choose “as described” for words."))
        return data


class IndicatorRows(BaseChildFormSet):
    """The target indicators of a need; a row whose hidden key is none of theirs is refused."""

    def _get_to_python(self, field: Any) -> Callable[[Any], Any]:
        """Read a key as Django's own rows do: modelcluster lets what is no number break the page."""
        read = super()._get_to_python(field)

        def key_or_none(value: Any) -> Any:
            try:
                return read(value)
            except forms.ValidationError:
                return None

        return key_or_none


class NeedForm(Drafted, ClusterForm):
    """The text of a need as a draft: only the title must be there; what is written must be readable."""

    NEEDED = ("problem", "industry", "mode", "deadline", *BUDGET)

    budget_low = MoneyField(
        label=gettext_lazy("budget from"),
        required=False,
        least=0,
        help_text=gettext_lazy("One of the two limits is enough; none is needed if the budget is negotiable."),
    )
    budget_high = MoneyField(label=gettext_lazy("budget to"), required=False, least=0)

    class Meta:
        model = TechnologyNeed
        fields = (
            "title", "problem", "field", "industry", "mode", "trl_wanted", "is_negotiable", "budget_low", "budget_high",
            "deadline", "is_anonymous", "title_en", "problem_en",
        )  # fmt: skip
        formsets = {  # modelcluster reads it from the class
            "indicators": {
                "form": IndicatorForm,
                "formset": IndicatorRows,
                "fields": ("name", "comparison", "value", "unit"),
                "extra": 1,
            }
        }
        widgets = {
            "problem": forms.Textarea(attrs={"rows": 8}),
            "problem_en": forms.Textarea(attrs={"rows": 4}),
            "deadline": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "title": gettext_lazy(
                "One sentence a professor understands, such as “Lower the static power of smart locks”."
            ),
            "trl_wanted": gettext_lazy("Leave it open if an early result would do as well."),
            "problem": gettext_lazy("What happens now, under which conditions, what was tried. This text is public."),
            "is_anonymous": gettext_lazy(
                "The public page names only your industry. The other side of a deal learns your name once both have "
                "accepted the confidentiality terms."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = [("", "---"), *grouped(TechnicalField)]  # type: ignore[attr-defined]
        self.fields["industry"].choices = [("", "---"), *grouped(Industry)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The upper limit does not lie below the lower, and a new deadline lies ahead."""
        data = super().clean() or self.cleaned_data
        low, high = data.get("budget_low"), data.get("budget_high")
        if low is not None and high is not None and low > high:
            self.add_error("budget_high", _("The upper limit is below the lower. Swapped?"))
        deadline = data.get("deadline")
        if deadline is not None and "deadline" in self.changed_data and deadline < clock.today():
            self.add_error("deadline", _("This day has passed."))
        return data

    def readable(self) -> TechnologyNeed:
        """Return the need with everything typed that can be read; a field that cannot keeps what it held before."""
        self.is_valid()
        for table in self.formsets.values():
            if table.is_valid():
                table.save(commit=False)
        return self.instance

    def show(self, problems: Mapping[str, Iterable[Any]]) -> None:
        """Put what sending to review asks for beside its fields, or above its table."""
        for name, sentences in problems.items():
            for sentence in sentences:
                if name in self.formsets:
                    self.formsets[name].non_form_errors().append(sentence)
                else:
                    self.add_error(name if name in self.fields else None, sentence)

    def show_what_sending_asks(self) -> None:
        """Tell of a form that cannot be kept as typed what its review would ask for besides, in the same round.

        A field or table that cannot be read has its error already; whether it would be enough, nobody knows yet.
        """
        missing = self.readable().missing_for_review()
        unread = {*self.errors, *(name for name, table in self.formsets.items() if not table.is_valid())}
        if unread & set(BUDGET):
            unread |= set(BUDGET)
        self.show({name: sentences for name, sentences in missing.items() if name not in unread})


class CloseForm(forms.Form):
    """Why a need is closed."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
