"""Forms of the registrars' decisions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.dated import number_form
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.numbering import typed_form
from marketplace.core import clock


class NumberForm(forms.Form):
    number = forms.CharField(
        label=_("registration number"),
        max_length=30,
        help_text=_("As the national system gave it: 16 digits (year, region, serial number)."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    # set by the button that appears beside a number of another year or division; names the number it was shown for
    confirmed_number = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)


class RegisterForm(NumberForm):
    """The number, and the word of the registrar where more stands as technical than was assessed last."""

    confirmed_above = forms.BooleanField(
        label=_("I register the contract with more technical amount than was assessed last"),
        required=False,
        help_text=_("The items and what was assessed of them stand above. You may count an item otherwise instead."),
    )

    def __init__(self, *args: Any, contract: TechnologyContract, **options: Any) -> None:
        super().__init__(*args, **options)
        number = self.fields["number"]
        number.widget.attrs["title"] = number.help_text
        if pattern := typed_form(number_form(clock.today())):
            number.widget.attrs["pattern"] = pattern
        if not contract.is_above_assessment:
            del self.fields["confirmed_above"]


class ReasonsForm(forms.Form):
    reasons = forms.CharField(
        label=_("reasons"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The seller reads this. Say what is missing and where."),
    )


class RefusalForm(ReasonsForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reasons"].help_text = _("The seller reads this. Name the ground: which condition is not met.")


class OpinionForm(forms.Form):
    reasons = forms.CharField(
        label=_("opinion of the first review"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What is disputed, and why. May stay empty for a large contract that you would register."),
    )
    proposes_refusal = forms.BooleanField(
        label=_("I propose not to register the contract"),
        required=False,
        help_text=_("Give the reasons above. The second reviewer decides, and is not bound by this."),
    )


class CorrectionForm(NumberForm):
    reasons = forms.CharField(
        label=_("reasons"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Both parties read this. Say where the wrong number came from."),
    )
