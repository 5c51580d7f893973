"""Forms of the auctioneer's console: a paddle, a call, an extension, a void."""

import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.auctions.floor import LAST_CALL
from marketplace.auctions.grounds import ExtensionGround, VoidGround
from marketplace.auctions.ladder import MOST, WAN, read_instant
from marketplace.core.forms import MoneyField

MINUTES = [(1, _("1 minute")), (2, _("2 minutes")), (5, _("5 minutes")), (10, _("10 minutes"))]


def in_wan(fen: int) -> str:
    """Return an amount as the auctioneer types it: in 万元, exactly."""
    return f"{(Decimal(fen) / WAN).normalize():f}"


class PaddleForm(forms.Form):
    """One bid from the floor: typed, or by one of the buttons, whose `fen` goes before the typed amount.

    `answers_about` says of which number and amount (fen) the question before it was answered with yes.
    """

    answers_about = ""

    alias = forms.CharField(label=_("paddle"), max_length=8)
    amount = MoneyField(label=_("amount"), unit="万元", least=1, required=False)
    fen = forms.IntegerField(min_value=1, max_value=MOST, required=False, widget=forms.HiddenInput)
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    sure = forms.CharField(max_length=30, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, mode in (("alias", "numeric"), ("amount", "decimal")):
            self.fields[name].widget.attrs |= {"inputmode": mode, "autocomplete": "off", "size": 6}

    def clean_alias(self) -> str:
        return unicodedata.normalize("NFKC", self.cleaned_data["alias"]).strip()

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        facts["amount"] = facts.pop("fen", None) or facts.get("amount")
        self.answers_about = facts.pop("sure", "")
        if facts["amount"] is None and "amount" not in self.errors:
            self.add_error("amount", _("Give the amount."))
        return facts


class CallForm(forms.Form):
    """Which call is made."""

    number = forms.IntegerField(label=_("call"), min_value=1, max_value=LAST_CALL)


class InstantField(forms.CharField):
    """An instant as the record writes it."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return read_instant(text)
        except ValueError as error:
            raise forms.ValidationError(_("Load the page again.")) from error

    def run_validators(self, value: Any) -> None:
        """Leave out the text validators of CharField: the value is an instant by now."""


class ExtensionForm(forms.Form):
    """By how much the end moves, from which end, and why."""

    minutes = forms.TypedChoiceField(label=pgettext_lazy("extension", "by"), choices=MINUTES, coerce=int)
    ground = forms.ChoiceField(label=_("ground"), choices=ExtensionGround.choices)
    was = InstantField(max_length=40, widget=forms.HiddenInput)


class VoidForm(forms.Form):
    """Which bid is voided, and on which ground."""

    seq = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    ground = forms.ChoiceField(label=_("ground"), choices=VoidGround.choices)
