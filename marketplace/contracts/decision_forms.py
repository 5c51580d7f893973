"""Forms of the registrars' decisions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.dated import number_form
from marketplace.contracts.forms import day_input
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.numbering import typed_form
from marketplace.contracts.readers import who_reads
from marketplace.contracts.supplementing import proposed_day
from marketplace.core import clock
from marketplace.core.languages import paragraph


class DecisionForm(forms.Form):
    """Asks for what a decision about a contract needs; `read_by_parties` names a field that its parties read."""

    read_by_parties = ""

    def __init__(self, *args: Any, contract: TechnologyContract, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.read_by_parties:
            field = self.fields[self.read_by_parties]
            field.help_text = paragraph(filter(None, [who_reads(contract), field.help_text]))


class NumberForm(DecisionForm):
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
        super().__init__(*args, contract=contract, **options)
        number = self.fields["number"]
        number.widget.attrs["title"] = number.help_text
        if pattern := typed_form(number_form(clock.today())):
            number.widget.attrs["pattern"] = pattern
        if not contract.is_above_assessment:
            del self.fields["confirmed_above"]


class ReasonsForm(DecisionForm):
    reasons = forms.CharField(
        label=_("reasons"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The seller reads this. Say what is missing and where."),
    )


class ReturnForm(ReasonsForm):
    supplement_by = forms.DateField(
        label=_("to be supplemented by"),
        widget=day_input(),
        help_text=_("A working day. Proposed by the rules of the registration; set another where more or less is due."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["supplement_by"].initial = proposed_day(clock.today())


class RefusalForm(ReasonsForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reasons"].help_text = _("The seller reads this. Name the ground: which condition is not met.")


class OpinionForm(DecisionForm):
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
    read_by_parties = "reasons"
    reasons = forms.CharField(
        label=_("reasons"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Say where the wrong number came from."),
    )
