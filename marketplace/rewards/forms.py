"""Forms of rewards."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.brokers.forms import day_input
from marketplace.core.forms import MoneyField
from marketplace.publicity.forms import EvidenceField

MARKS = [
    ("5", _("5, very satisfied")),
    ("4", _("4, satisfied")),
    ("3", _("3, neither")),
    ("2", _("2, dissatisfied")),
    ("1", _("1, very dissatisfied")),
]


class ClaimForm(forms.Form):
    """What the broker did; the amount paid is asked for only where the rule pays per cents of it."""

    paid_amount = MoneyField(label=_("amount the buyer has paid"), unit="元", required=False)
    note = forms.CharField(
        label=_("what you did for this contract"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )
    evidence = EvidenceField(
        label=_("evidence"), required=False, help_text=_("PDF, pictures, DOCX or XLSX, 20 MB each.")
    )

    def __init__(self, *args: Any, asks_paid: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_paid:
            del self.fields["paid_amount"]


class PaymentForm(forms.Form):
    paid_on = forms.DateField(label=_("paid on"), widget=day_input())
    reference = forms.CharField(label=_("bank reference"), max_length=60)


class MarkForm(forms.Form):
    """A party's mark of the broker."""

    mark = forms.ChoiceField(label=_("mark"), choices=MARKS, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("in words"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What helped, what was lacking. Needed for a mark below 3."),
    )
