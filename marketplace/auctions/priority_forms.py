"""Forms about holders of priority rights."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.auctions.models import Lot, PriorityHolder
from marketplace.core.forms import UsccField
from marketplace.organisations.models import Organisation


class HolderForm(forms.Form):
    """Who holds a priority right, on which ground, and in which order."""

    organisation = forms.ModelChoiceField(
        label=_("organisation"),
        queryset=Organisation.objects.none(),
        required=False,
        to_field_name="code",
        help_text=_("If it has an account here. Otherwise leave it empty and name the holder."),
    )
    name = forms.CharField(label=_("name of the holder"), max_length=120, required=False)
    uscc = UsccField(
        label=_("credit code"),
        required=False,
        help_text=_("An organisation that registers with this code later has its rank by itself."),
    )
    ground = forms.ChoiceField(label=_("ground"), choices=PriorityHolder.Ground.choices)
    rank = forms.IntegerField(
        label=_("rank"),
        min_value=1,
        max_value=99,
        initial=1,
        help_text=_("1 goes first. Of holders of one rank who bid the same, the earlier bid wins."),
    )

    def __init__(self, *args: Any, lot: Lot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Organisation.objects.verified().exclude(pk=lot.outcome.owner_id).order_by("name")
        self.fields["organisation"].queryset = others  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("organisation") and cleaned.get("name"):
            self.add_error("name", _("An organisation is chosen already. Leave the name empty, or choose none."))
        return cleaned


class InvitationForm(forms.Form):
    """How a holder was invited, with the proof."""

    channel = forms.ChoiceField(label=_("how it was told"), choices=PriorityHolder.Channel.choices)
    invited_on = forms.DateField(label=_("told on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    note = forms.CharField(
        label=_("note"),
        max_length=300,
        required=False,
        help_text=_("For a public notice: why the holder could not be reached, and where the notice stands."),
    )
    proof = forms.FileField(
        label=pgettext_lazy("document", "proof"),
        help_text=_("Receipt, signature, recording log or the page of the notice: PDF or picture."),
    )
