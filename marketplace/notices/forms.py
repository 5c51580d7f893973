"""What a person wants by mail."""

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.notices.groups import Group


class MailForm(forms.Form):
    """Groups of notices to be mailed; the one with legal effect is not offered, because it stays on."""

    groups = forms.MultipleChoiceField(
        label=_("by mail"),
        required=False,
        choices=[(group.value, group.label) for group in Group],
        widget=forms.CheckboxSelectMultiple,
    )
