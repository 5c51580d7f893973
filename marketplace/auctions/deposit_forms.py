"""Forms of deposits: what the bank shows about a payment or a refund, and how its record is corrected."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.auctions.forms import day_field, moment_field
from marketplace.auctions.models import Deposit, StrayPayment
from marketplace.core import clock
from marketplace.core.forms import MoneyField


def why_corrected() -> forms.CharField:
    """Return the field for the reason of a correction."""
    return forms.CharField(
        label=_("why it is corrected"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stays beside what stood there before."),
    )


class PaymentForm(forms.Form):
    """What the bank shows about a deposit."""

    amount = MoneyField(label=_("amount received"), unit="元", least=1)
    bank_reference = forms.CharField(label=_("bank's number of the payment"), max_length=60)
    received_at = moment_field(_("arrived at"))


class CorrectionForm(PaymentForm):
    """What the bank really shows about a deposit that was recorded otherwise, and why it is corrected."""

    reason = why_corrected()


class RefundForm(forms.Form):
    """That a deposit was paid back."""

    bank_reference = forms.CharField(label=_("bank's number of the refund"), max_length=60)
    paid_on = day_field(_("refunded on"), initial=clock.today)


class StrayForm(forms.Form):
    """What the bank shows about money that fits no deposit."""

    amount = MoneyField(label=_("amount received"), unit="元", least=1)
    payer = forms.CharField(label=_("payer as the bank names it"), max_length=100)
    bank_reference = forms.CharField(label=_("bank's number of the payment"), max_length=60)
    received_at = moment_field(_("arrived at"))
    note = forms.CharField(
        label=_("why it fits no deposit"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Such as another amount, no reference, paid twice."),
    )


class StrayReturnForm(forms.Form):
    """That a stray payment was sent back in full."""

    return_reference = forms.CharField(label=_("bank's number of the refund"), max_length=60)
    returned_on = day_field(_("refunded on"), initial=clock.today)


class StrayAssignForm(forms.Form):
    """For which deposit a stray payment was meant."""

    deposit = forms.ModelChoiceField(label=_("deposit"), queryset=Deposit.objects.none(), to_field_name="code")

    def __init__(self, *args: Any, stray: StrayPayment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        waiting = Deposit.objects.to_receive().filter(amount=stray.amount).select_related("organisation", "session")
        field: Any = self.fields["deposit"]
        field.queryset = waiting
        field.label_from_instance = lambda deposit: f"{deposit.reference} · {deposit.organisation.name}"


class RefundCorrectionForm(RefundForm):
    """What the bank really shows about a refund that was recorded otherwise, and why it is corrected."""

    reason = why_corrected()
