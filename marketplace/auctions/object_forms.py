"""The parts of an object of sale as fields: of the form that adds a lot, and of the seller's agreement."""

from copy import deepcopy
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.auctions.lots import Lot
from marketplace.auctions.object_parts import PARTS, missing_parts, needed_parts
from marketplace.auctions.preparing import ReserveTooLow, terms_seen
from marketplace.core.forms import MoneyField, PercentField, put_beside

NEEDED_OF_A_LICENCE = _("A licence needs this.")


def _words(name: str, most: int, help_text: Any = "", rows: int = 0) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=PARTS[name], max_length=most, required=False, widget=widget, help_text=help_text)


class ObjectPartsForm(forms.Form):
    """What is sold part by part; cleans to `object_parts` with what was filled in."""

    assets = _words("assets", 1000, _("One right on each line; several of them are sold as a bundle."), rows=3)
    share = PercentField(
        label=PARTS["share"],
        required=False,
        help_text=_("Where only a share is sold; empty is the whole."),
    )
    territory = _words("territory", 200, NEEDED_OF_A_LICENCE)
    term = _words("term", 200, NEEDED_OF_A_LICENCE)
    field_of_use = _words("field_of_use", 300, NEEDED_OF_A_LICENCE)
    support = _words("support", 500, rows=2)
    improvements = _words("improvements", 500, rows=2)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = {name: cleaned.pop(name, None) for name in PARTS}
        cleaned["object_parts"] = {name: _as_kept(value) for name, value in typed.items() if value}
        for name in missing_parts(cleaned.get("mode", ""), cleaned["object_parts"]):
            if name not in self.errors:
                self.add_error(name, NEEDED_OF_A_LICENCE)
        return cleaned


def _as_kept(value: str | Decimal) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class AgreementForm(forms.Form):
    """The seller's agreement to the terms, with its secret reserve; of a licence its scope stands there to complete."""

    reserve = MoneyField(
        label=_("secret reserve"),
        unit="万元",
        required=False,
        help_text=_(
            "Below it the lot is not sold. It is sealed at once: nobody, not even the organiser, can read it "
            "before the close. Leave it empty to sell to the highest bid from the start price on."
        ),
    )

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, lot: Lot, **kwargs: Any) -> None:
        kwargs["initial"] = lot.object_parts | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.lot, self.needed = lot, needed_parts(lot.mode)
        for name in self.needed:
            self.fields[name] = field = deepcopy(ObjectPartsForm.base_fields[name])
            field.required, field.help_text = not lot.is_practice, ""
            field.error_messages["required"] = NEEDED_OF_A_LICENCE

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = {name: cleaned.pop(name, "") for name in self.needed}
        reserve = cleaned.get("reserve")
        if reserve is not None and reserve < self.lot.start_price:
            put_beside(self, ReserveTooLow())
        named = self.lot.object_parts | typed
        return cleaned | {"object_parts": {name: words for name, words in named.items() if words}}

    @property
    def seen_now(self) -> str:
        """Return what the page shows the seller to agree to, also where the terms seen before were others."""
        return terms_seen(self.lot)

    @property
    def parts(self) -> list[forms.BoundField]:
        """Return the fields of the scope, for the page."""
        return [self[name] for name in self.needed]
