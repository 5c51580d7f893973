"""Forms of saved searches: what is asked stands in the address, these add the name and the rhythm."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from search.saved.models import NAME_LENGTH, Rhythm, SavedSearch


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


class ReplaceForm(forms.Form):
    """Which of one's searches of a list is to ask what the address asks."""

    saved = forms.ModelChoiceField(
        label=_("Saved search"), queryset=SavedSearch.objects.none(), to_field_name="code", empty_label=None
    )

    def __init__(self, *args: Any, person: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = SavedSearch.objects.visible_to(person).kept().filter(kind=kind)
        self.fields["saved"].queryset = own  # type: ignore[attr-defined]
        self.has_choices = own.exists()
