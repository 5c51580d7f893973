"""A text that somebody pastes to find its counterparts."""

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST = 4000


class TextForm(forms.Form):
    """What is looked for, and among what. Nothing of it is kept."""

    KINDS = (("outcome", _("Outcomes")), ("need", _("Needs")))

    text = forms.CharField(
        label=_("Text to compare"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("A need, a problem or a summary, up to 4,000 characters. It is compared and not kept."),
    )
    kind = forms.ChoiceField(label=_("Look among"), choices=KINDS, initial="outcome")
