"""The page of the parties' data: one form for each side."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from marketplace.contracts import rules
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.party import PartyData, Side
from marketplace.contracts.party_writing import keep_party_data
from marketplace.contracts.views import find_contract
from marketplace.core.classifications import Industry
from marketplace.core.refusals import Refused
from marketplace.core.rules import require

LEAST_DIGITS = 5  # service numbers such as 12345


def enough_digits(phone: str) -> None:
    """Raise ValidationError for what nobody can dial: fewer than five digits."""
    if sum(sign.isdigit() for sign in phone) < LEAST_DIGITS:
        raise ValidationError(_("A phone number has at least %(count)s digits."), params={"count": LEAST_DIGITS})


class PartyForm(forms.ModelForm):
    """One side, as the national form asks."""

    class Meta:
        model = PartyData
        fields = (
            "kind",
            "scale",
            "industry",
            "is_transfer_org",
            "is_rd_org",
            "is_converted",
            "in_hitech_zone",
            "is_listed",
            "country",
            "address",
            "postcode",
            "representative",
            "contact",
            "phone",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["industry"].queryset = Industry.objects.order_by("code")
        fields["industry"].empty_label = _("not chosen yet")
        for name in ("country", "postcode"):
            asked: Any = PartyData._meta.get_field(name)
            fields[name].validators.extend(asked.validators)
        fields["phone"].validators.append(enough_digits)

    def _post_clean(self) -> None:
        """Leave the record alone: the action writes it. Fields are checked by themselves."""


def _known(contract: TechnologyContract, side: str) -> PartyData | None:
    """Return the data of a side: what was written, for the seller else what its last contract said."""
    written = contract.party_data.filter(side=side).first()
    if written is not None or side == Side.BUYER:
        return written
    return PartyData.objects.filter(contract__seller=contract.seller_id, side=side).order_by("-pk").first()


@login_required
def contract_parties(request: Any, code: str) -> HttpResponse:
    """Fill in what the national form asks about both parties."""
    contract = find_contract(request, code)
    require(rules.keep_party_data, request.user, contract)
    sides = {side: PartyForm(request.POST or None, instance=_known(contract, side), prefix=side.value) for side in Side}
    valid = [form.is_valid() for form in sides.values()]  # both, so that both show what is wrong
    if request.method == "POST" and all(valid):
        given = {side.value: form.cleaned_data for side, form in sides.items()}
        try:
            keep_party_data(contract, by=request.user, parties=given)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The data of both parties is kept."))
            return redirect(contract)
    context = {"contract": contract, "sides": [(side.label, form) for side, form in sides.items()]}
    return render(request, "marketplace/contracts/contract_parties.html", context)
