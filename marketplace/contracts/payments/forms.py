"""Forms of payments: what is due, what came in, the invoice, why a payment is reversed."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.forms import day_input
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments.due_days import last_day_announced
from marketplace.contracts.payments.models import Instalment, left_to_plan
from marketplace.core import clock
from marketplace.core.code_lists import ROYALTY
from marketplace.core.confirming import Confirming
from marketplace.core.forms import MoneyField
from marketplace.core.languages import paragraph
from marketplace.core.money import format_exact


class InstalmentForm(Confirming):
    """One payment the contract provides for."""

    ASKED = ("is_agreed_before", "is_agreed_later")

    due_on = forms.DateField(label=_("due on"), widget=day_input())
    is_agreed_before = forms.BooleanField(
        label=_("The contract names this day, though it was signed later"), required=False
    )
    is_agreed_later = forms.BooleanField(
        label=_("The parties agreed on this day, later than the announcement"), required=False
    )
    amount = MoneyField(label=_("amount in yuan"), unit="元", least=1)
    condition = forms.CharField(
        label=_("condition or milestone"),
        max_length=200,
        required=False,
        help_text=_("Such as: within ten days of the acceptance of the prototype."),
    )

    def __init__(self, *args: Any, contract: TechnologyContract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = last_day_announced(contract)
        told = [_("The contract was signed on %(day)s.") % {"day": contract.signed_on}] if contract.signed_on else []
        if last is not None:
            told.append(_("By the announcement of the sale the whole price is paid by %(day)s.") % {"day": last})
        self.fields["due_on"].help_text = paragraph(told)
        left = left_to_plan(contract)
        if contract.payment != ROYALTY and left > 0:
            words = {"amount": format_exact(left, get_language() or "zh-hans")}
            self.fields["amount"].help_text = _("%(amount)s of the total is not planned yet.") % words


class ReceiptForm(Confirming):
    """Money that came in."""

    ASKED = ("pays_several", "is_advance")

    instalment = forms.ModelChoiceField(
        label=_("for the instalment"), queryset=Instalment.objects.none(), required=False, to_field_name="code"
    )
    amount = MoneyField(label=_("amount in yuan"), unit="元", least=1)
    received_on = forms.DateField(label=_("received on"), widget=day_input())
    bank_reference = forms.CharField(
        label=_("bank reference"),
        max_length=60,
        help_text=_(
            "The number on the statement of the bank; entered once. A transfer that pays several contracts of the "
            "seller is entered on each with its part, which is asked about."
        ),
    )
    pays_several = forms.BooleanField(label=_("This one transfer pays several contracts"), required=False)
    is_advance = forms.BooleanField(
        label=_("The money was paid in advance, before the contract was signed"), required=False
    )

    def __init__(self, *args: Any, contract: TechnologyContract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["instalment"]
        field.queryset = contract.instalments.filter(dropped_at=None)
        field.empty_label = _("not of the schedule")
        self.fields["received_on"].initial = clock.today
        if contract.signed_on is not None:
            said = _("The contract was signed on %(day)s. An earlier day is taken only where an advance is stated.")
            self.fields["received_on"].help_text = said % {"day": contract.signed_on}


class InvoiceForm(forms.Form):
    invoice_number = forms.CharField(label=_("invoice number"), max_length=40)
    invoiced_on = forms.DateField(label=_("invoiced on"), widget=day_input())


class ReversalForm(forms.Form):
    reason = forms.CharField(
        label=_("reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Both rows stay. What was shared out of the payment is cancelled or to be paid back. "
            "The payees read the reason."
        ),
    )


class StrikeForm(forms.Form):
    reason = forms.CharField(
        label=_("why it is struck"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Both sides read it; it stays with the instalment."),
    )


class RemarkForm(forms.Form):
    text = forms.CharField(
        label=_("what is not right"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Such as: we paid another amount, on another day, or not under this number."),
    )


class RemarkAnswerForm(forms.Form):
    text = forms.CharField(label=_("answer"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
