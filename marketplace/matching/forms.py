"""What a side fills in when it declines."""

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.matching.models import Match


class DeclineForm(forms.Form):
    """Why a proposed match does not suit."""

    reason = forms.ChoiceField(label=_("Why does it not suit?"), choices=Match.Reason.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Remark"), max_length=300, required=False, help_text=_("Needed for “another reason”.")
    )
