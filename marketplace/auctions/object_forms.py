"""The parts of an object of sale as fields of the form that adds a lot."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.auctions.object_parts import PARTS


def _words(name: str, most: int, help_text: Any = "", rows: int = 0) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=PARTS[name], max_length=most, required=False, widget=widget, help_text=help_text)


class ObjectPartsForm(forms.Form):
    """What is sold part by part; cleans to `object_parts` with what was filled in."""

    assets = _words("assets", 1000, _("One right on each line; several of them are sold as a bundle."), rows=3)
    share = forms.DecimalField(
        label=PARTS["share"],
        min_value=Decimal("0.01"),
        max_value=100,
        max_digits=5,
        decimal_places=2,
        required=False,
        help_text=_("Where only a share is sold; empty is the whole."),
    )
    territory = _words("territory", 200)
    term = _words("term", 200)
    field_of_use = _words("field_of_use", 300)
    support = _words("support", 500, rows=2)
    improvements = _words("improvements", 500, rows=2)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = {name: cleaned.pop(name, None) for name in PARTS}
        cleaned["object_parts"] = {name: _as_kept(value) for name, value in typed.items() if value}
        return cleaned


def _as_kept(value: str | Decimal) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value
