"""The file with the returned numbers."""

from django import forms
from django.utils.translation import gettext_lazy as _


class NumbersForm(forms.Form):
    """The sheet the authority returned."""

    file = forms.FileField(
        label=_("Sheet"),
        help_text=_(
            "XLSX, or CSV in UTF-8 or GB 18030; at most 500 rows. Needed: registration number, total amount, and the "
            "code on the platform or the project name. Work in the XLSX: in a CSV Excel shortens numbers of 16 digits."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv", "data-most": 10}),
    )
