"""The calculator: who would get what, before anything is signed. Nothing of it is kept."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache

from marketplace.contracts.choices import ContractType
from marketplace.contracts.forms import day_input
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.sharing.calculator import Sum, Tried, reckon
from marketplace.contracts.sharing.completeness import broker_unmatched
from marketplace.contracts.sharing.forms import MOST_PAYEES, PayeeRows, TermsForm
from marketplace.contracts.sharing.models import PlanShare
from marketplace.contracts.sharing.showing import income_rows
from marketplace.core import clock
from marketplace.core.forms import MoneyField, PercentField
from marketplace.deals.models import Deal
from marketplace.organisations.models import Organisation
from marketplace.outcomes.models import ResearchOutcome

Kind = PlanShare.Kind


class CalculatorForm(TermsForm):
    """A payment that is expected, and what goes off it."""

    amount = MoneyField(label=_("Amount (10,000 yuan)"), unit="万元", least=1)
    direct_cost = MoneyField(label=_("direct cost (10,000 yuan)"), unit="万元", required=False)
    tax = MoneyField(label=_("tax (10,000 yuan)"), unit="万元", required=False)
    contract_type = forms.ChoiceField(label=_("contract type"), choices=ContractType.choices)
    signed_on = forms.DateField(
        label=_("signed on"), widget=day_input(), help_text=_("The floor is that of the day of signing.")
    )
    field_order = (
        "basis",
        "amount",
        "direct_cost",
        "tax",
        "formula",
        "broker_as",
        "broker_rate",
        "contract_type",
        "signed_on",
    )


class TriedForm(forms.Form):
    """One payee somebody tries out; a name may be left out."""

    kind = forms.ChoiceField(label=_("payee"), choices=Kind.choices)
    name = forms.CharField(label=pgettext_lazy("person", "name"), max_length=120, required=False)
    percent = PercentField(label=_("share in per cent"))

    def has_changed(self) -> bool:
        return "percent" in self.changed_data


TriedFormSet = forms.formset_factory(
    TriedForm, formset=PayeeRows, extra=2, can_delete=True, max_num=MOST_PAYEES, validate_max=True
)


@login_required
@never_cache
def sharing_calculator(request: Any) -> HttpResponse:
    """Every payee's money, for a contract, a deal, an outcome, or amounts out of one's head."""
    start, names, seller = _begun(request)
    form = CalculatorForm(request.POST or None, initial=start, seller=seller)
    rows = [{"kind": Kind.INVENTOR, "name": name} for name in names]
    rows += [{"kind": Kind.DEPARTMENT}, {"kind": Kind.INSTITUTE}]
    payees: Any = TriedFormSet(request.POST or None, prefix="payees", initial=rows)
    found, lacks = None, []
    if form.is_bound and form.is_valid() & payees.is_valid():
        found = _reckoned(form.cleaned_data, payees.rows(), seller)
        lacks = broker_unmatched([row["kind"] for row in payees.rows()], form.cleaned_data["broker_as"])
    income = income_rows(found.income) if found else []
    context = {"form": form, "payees": payees, "found": found, "income": income, "seller": seller, "lacks": lacks}
    return render(request, "marketplace/contracts/sharing/calculator.html", context)


def _reckoned(typed: dict[str, Any], rows: list[dict[str, Any]], seller: Organisation | None) -> Sum:
    payees = [Tried(row["kind"], row["name"].strip(), row["percent"]) for row in rows]
    return reckon(
        payees,
        amount=typed["amount"],
        direct_cost=typed["direct_cost"] or 0,
        tax=typed["tax"] or 0,
        terms={name: typed[name] for name in ("basis", "formula", "broker_as", "broker_rate")},
        contract_type=typed["contract_type"],
        signed_on=typed["signed_on"],
        seller=seller,
    )


def _begun(request: Any) -> tuple[dict[str, Any], list[str], Organisation | None]:
    """Return what the record asked about begins the form with: its facts, its inventors, its seller."""
    today, asked = clock.today(), request.GET
    start: dict[str, Any] = {"signed_on": today, "contract_type": ContractType.ASSIGNMENT}
    if code := asked.get("contract"):
        found = TechnologyContract.objects.visible_to(request.user).select_related("seller", "outcome")
        contract = get_object_or_404(found, code=code)
        start |= {"amount": contract.total_amount, "signed_on": contract.signed_on or today}
        return start | {"contract_type": contract.contract_type}, _inventors(contract.outcome), contract.seller
    if code := asked.get("deal"):
        found_deal = Deal.objects.visible_to(request.user).select_related("seller", "outcome")
        deal = get_object_or_404(found_deal, code=code)
        return start | {"amount": deal.price}, _inventors(deal.outcome), deal.seller
    if number := asked.get("outcome"):
        found_outcome = ResearchOutcome.objects.visible_to(request.user).select_related("owner")
        outcome = get_object_or_404(found_outcome, number=number)
        return start | {"amount": outcome.price_low}, _inventors(outcome), outcome.owner
    own = request.organisation
    is_institute = own is not None and own.kind == Organisation.Kind.INSTITUTE
    return start, [], own if is_institute else None


def _inventors(outcome: ResearchOutcome | None) -> list[str]:
    return [one.name for one in outcome.inventors.all()] if outcome is not None else []
