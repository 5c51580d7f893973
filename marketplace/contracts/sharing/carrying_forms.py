"""Forms of what a plan about shares or profit leads to, and of what was wrong with it."""

import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.forms import day_input
from marketplace.contracts.sharing.allotments import ShareAllotment
from marketplace.core.forms import MoneyField
from marketplace.core.money import FEN_PER_YUAN, MINUS

Unit = ShareAllotment.Unit
PROOF = _("PDF, or a scan as PNG or JPG; up to 20 MB.")
MOST = Decimal(10) ** 13  # far above any company


class UnitsField(forms.DecimalField):
    """A number of shares, or an amount of registered capital in yuan with at most two decimals."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=15, decimal_places=2, min_value=Decimal("0.01"), max_value=MOST, **kwargs)
        self.widget.attrs |= {"inputmode": "decimal", "step": "0.01"}


class AllotmentForm(forms.Form):
    """The shares formed by the technology as the company register shows them."""

    company = forms.CharField(label=_("company"), max_length=120)
    unit = forms.ChoiceField(label=_("counted in"), choices=Unit.choices, widget=forms.RadioSelect)
    amount = UnitsField(label=_("formed by the technology"), help_text=_("The shares agreed for the technology."))
    company_total = UnitsField(label=_("the whole company"), help_text=_("After the change, in the same unit."))
    registered_on = forms.DateField(label=_("change registered on"), widget=day_input())
    upload = forms.FileField(label=_("proof of the change in the company register"), help_text=PROOF)

    def clean(self) -> dict[str, Any]:
        """Shares are whole; capital is counted in fen from here on."""
        typed = super().clean() or self.cleaned_data
        per_unit = FEN_PER_YUAN if typed.get("unit") == Unit.CAPITAL else 1
        for name in ("amount", "company_total"):
            units = typed.get(name)
            if units is None:
                continue
            if (units * per_unit) % 1:
                self.add_error(name, _("Shares are whole."))
            else:
                typed[name] = int(units * per_unit)
        return typed


class ProfitField(MoneyField):
    """An amount that may be nothing, or a loss with a minus before it."""

    def to_python(self, value: Any) -> int | None:  # type: ignore[override]
        text = unicodedata.normalize("NFKC", str(value or "")).strip()
        if not text.startswith(MINUS):
            return super().to_python(text)
        fen = super().to_python(text[1:])
        return None if fen is None else -fen


class ProfitForm(forms.Form):
    """The operating profit of one year."""

    year = forms.TypedChoiceField(label=_("year"), coerce=int)
    profit = ProfitField(
        label=_("operating profit in yuan"),
        unit="元",
        help_text=_(
            "A year without a profit is reported as well: 0, or the loss with a minus before it. Nothing is shared out "
            "of it, and the year is done."
        ),
    )
    upload = forms.FileField(label=_("proof of the profit"), help_text=PROOF)

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["year"]
        field.choices = [(year, str(year)) for year in years]


class TakingBackForm(forms.Form):
    reason = forms.CharField(
        label=_("reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The payees read it. The entry stays."),
    )


class CorrectionForm(forms.Form):
    reason = forms.CharField(
        label=_("what was wrong"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The payee reads it. The line stays; a reversing and a new line are added, which is to be paid."),
    )
