"""What the list of contracts is narrowed to besides words, type and state: a term of days, amounts, the large ones."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.contracts.finding import ContractQuerySet
from marketplace.contracts.forms import day_input
from marketplace.core.forms import MoneyField

DAYS = {
    "signed": (pgettext_lazy("day of a contract", "Signed"), "signed_on"),
    "registered": (pgettext_lazy("day of a contract", "Registered"), "registered_on"),
}
SIZES = {"large": _("large"), "other": _("not large")}


class NarrowForm(forms.Form):
    """Days and amounts of a list. What was typed wrongly narrows nothing and is said beside its field."""

    day = forms.ChoiceField(
        label=_("Day"), required=False, choices=[(name, label) for name, (label, _of) in DAYS.items()]
    )
    since = forms.DateField(label=pgettext_lazy("day", "From"), required=False, widget=day_input())
    until = forms.DateField(label=pgettext_lazy("day", "Until"), required=False, widget=day_input())
    least = MoneyField(label=_("Total from"), required=False, least=0, max_length=30)
    most = MoneyField(label=_("Total up to"), required=False, least=0, max_length=30)
    size = forms.ChoiceField(label=_("Size"), required=False, choices=[("", _("all")), *SIZES.items()])

    def clean(self) -> dict[str, Any]:
        """Say of two ends in the wrong order that they are; the later one then narrows nothing."""
        cleaned = super().clean() or {}
        since, until, least, most = (cleaned.get(name) for name in ("since", "until", "least", "most"))
        if since and until and until < since:
            self.add_error("until", _("The last day lies before the first."))
        if least is not None and most is not None and most < least:
            self.add_error("most", _("The upper amount is below the lower one."))
        return cleaned

    @property
    def is_used(self) -> bool:
        """Tell whether anything was typed or chosen that narrows, also wrongly."""
        return any(self.data.get(name, "").strip() for name in ("since", "until", "least", "most", "size"))

    def narrow(self, contracts: ContractQuerySet) -> ContractQuerySet:
        """Return the contracts that fit."""
        self.is_valid()
        asked = self.cleaned_data
        column = DAYS[asked.get("day") or "signed"][1]
        bounds = {f"{column}__gte": asked.get("since"), f"{column}__lte": asked.get("until")}
        bounds |= {"total_amount__gte": asked.get("least"), "total_amount__lte": asked.get("most")}
        contracts = contracts.filter(**{name: value for name, value in bounds.items() if value is not None})
        return contracts.of_size(is_large=asked["size"] == "large") if asked.get("size") else contracts
