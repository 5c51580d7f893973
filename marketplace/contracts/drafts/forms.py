"""A word about a version of a draft."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RemarkForm(forms.Form):
    version = forms.IntegerField(min_value=1, max_value=32767, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("What you would change"), max_length=3000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Name the clause. It stands in the talk of the deal, for both sides and the broker."),
    )  # fmt: skip
