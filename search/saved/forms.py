"""Forms of saved searches: what is asked stands in the address, these add the name and the rhythm."""

from django import forms
from django.utils.translation import gettext_lazy as _

from search.saved.models import NAME_LENGTH, Rhythm


class RhythmForm(forms.Form):
    """How often alerts come."""

    rhythm = forms.ChoiceField(label=_("Alerts, in the site and by mail"), choices=Rhythm.choices)


class SaveForm(forms.Form):
    """The name of a saved search and its rhythm."""

    name = forms.CharField(label=_("Name of the search"), max_length=NAME_LENGTH)
    rhythm = forms.ChoiceField(
        label=_("Alerts, in the site and by mail"),
        choices=Rhythm.choices,
        widget=forms.RadioSelect,
        help_text=_("You are told of each new result once. Every mail has a link that ends its alerts."),
    )
