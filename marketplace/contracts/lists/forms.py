"""What a registration list is made of."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.contracts.lists.refusals import NothingChosen
from marketplace.contracts.models import ContractQuerySet, TechnologyContract
from marketplace.organisations.models import User

ROWS = (15, 50, 100, 200)  # how many contracts are shown to choose from


class ChooseForm(forms.Form):
    """Which registered contracts to choose from."""

    size = forms.ChoiceField(
        label=_("Size"), choices=[("other", _("below the threshold")), ("large", _("large"))], required=False
    )
    text = forms.CharField(label=_("Number, project or seller"), max_length=60, required=False)

    def contracts(self, user: User) -> ContractQuerySet:
        """Return what may stand on a list by `user`, the last registered first; large ones only where asked for."""
        self.is_valid()
        asked = getattr(self, "cleaned_data", {})
        found = TechnologyContract.objects.registered().not_own(user).for_rows()
        words = asked.get("text", "")
        if words:
            named = Q(number__icontains=words) | Q(project_name__icontains=words) | Q(seller__name__icontains=words)
            found = found.filter(named)
        return found.of_size(is_large=asked.get("size") == "large").order_by("-registered_on", "-id")


class RefusalForm(forms.Form):
    reasons = forms.CharField(
        label=_("reasons"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Whoever made the list reads this."),
    )


class ListForm(forms.Form):
    """The contracts and what the list is for."""

    contracts = forms.ModelMultipleChoiceField(
        label=pgettext_lazy("records", "Contracts"),
        queryset=TechnologyContract.objects.none(),
        to_field_name="code",
        error_messages={"required": NothingChosen.message},
    )
    purpose = forms.CharField(
        label=_("made for"), max_length=200, help_text=_("It stands on the paper, such as: for the VAT exemption.")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["contracts"]
        field.queryset = TechnologyContract.objects.visible_to(user)
