"""Forms of the seller: the contract with its line items, its scan, and what is said when it is sent."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from marketplace.brokers.models import TechBroker
from marketplace.contracts.agreed import bound_by, terms_of_trial
from marketplace.contracts.amounts import Amounts, Item, sums
from marketplace.contracts.choices import ContractType, SubType
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.naming import brokers_to_name, outcomes_to_name
from marketplace.contracts.writing import known_by_code
from marketplace.core import clock
from marketplace.core.classifications import TechnicalField
from marketplace.core.forms import MoneyField, UsccField
from marketplace.core.identifiers import normalise
from marketplace.core.refusals import Refused
from marketplace.core.regions import PROVINCES, code_hint
from marketplace.organisations.models import Organisation
from marketplace.outcomes.models import ResearchOutcome

MOST_ITEMS = 60
EARLIEST = date(1985, 1, 1)  # 国务院关于技术转让的暂行规定 is of 1985-01-10, 技术合同法 in force from 1987-11-01


def in_a_province(code: str) -> None:
    """Raise ValidationError unless six digits begin with those of a province (GB/T 2260)."""
    if len(code) == 6 and code[:2] not in PROVINCES:
        raise ValidationError(
            _("No province has a code that begins with %(digits)s. Check the region code."),
            code="province",
            params={"digits": code[:2]},
        )


class RegionField(forms.CharField):
    """A region code of GB/T 2260, cleaned to half width."""

    default_validators = [
        RegexValidator(r"^[0-9]{6}$", _("A region code has six digits, such as 330304.")),
        in_a_province,
    ]

    def to_python(self, value: Any) -> str:
        return normalise(super().to_python(value) or "")


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def kinds_by_type() -> list[tuple[Any, Any]]:
    """Return the kinds grouped by their type, for one select."""
    groups = [(type_.label, [pair for pair in SubType.choices if pair[0].startswith(type_)]) for type_ in ContractType]
    return [("", "———"), *groups]


class OutcomeField(forms.ModelChoiceField):
    """One outcome of the seller, told by its number."""

    def label_from_instance(self, outcome: ResearchOutcome) -> str:
        return f"{outcome.number} {outcome.title}"


class BrokerField(forms.ModelChoiceField):
    """One broker of the register, told from others of that name by the filing."""

    def label_from_instance(self, broker: TechBroker) -> str:
        return f"{broker.name} · {broker.filing_number}"


class ContractForm(forms.ModelForm):
    """What the seller fills in; a draft needs title, kind and buyer, the rest before it is sent."""

    sub_type = forms.ChoiceField(label=_("contract type"), choices=kinds_by_type)
    buyer_uscc = UsccField(
        label=_("credit code of the buyer"), help_text=_("18 characters; full width and lower case are put right.")
    )
    buyer_region = RegionField(label=_("region code of the buyer"), required=False, help_text=code_hint())
    seller_region = RegionField(label=_("region code of the seller"), required=False, help_text=code_hint())
    outcome = OutcomeField(
        label=_("outcome"),
        queryset=ResearchOutcome.objects.none(),
        to_field_name="number",
        required=False,
        empty_label=_("none"),
        help_text=_("A published one of your own, if the contract is over it: registered, it counts as put to use."),
    )
    broker = BrokerField(
        label=_("broker"),
        queryset=TechBroker.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("none"),
        help_text=_("With a certificate that held on the day of signing. Reads the contract once it is sent."),
    )
    expected_investment = MoneyField(
        label=_("expected new investment (10,000 yuan)"),
        unit="万元",
        least=0,
        required=False,
        help_text=_("What the buyer is to invest to put the technology to use; older forms ask it of transfers."),
    )
    expected_output = MoneyField(
        label=_("expected new output (10,000 yuan)"),
        unit="万元",
        least=0,
        required=False,
        help_text=_("What the buyer expects to produce by it in a year."),
    )

    class Meta:
        model = TechnologyContract
        fields = (
            "project_name",
            "sub_type",
            "buyer_name",
            "buyer_uscc",
            "buyer_region",
            "seller_region",
            "is_related_party",
            "departure_reason",
            "signed_on",
            "begins_on",
            "ends_on",
            "payment",
            "field",
            "ip_kind",
            "objective",
            "plan_source",
            "expected_investment",
            "expected_output",
        )
        widgets = {"signed_on": day_input(), "begins_on": day_input(), "ends_on": day_input()} | {
            "departure_reason": forms.Textarea(attrs={"rows": 2})
        }
        help_texts = {
            "project_name": _("The full title, as it stands in the signed contract."),
            "buyer_name": _("The full legal name. A buyer on this platform is recognised by its credit code."),
            "departure_reason": _(
                "Only where way, amount or payment are not those of the trial. The buyer and the registrars read it."
            ),
            "is_related_party": _("One party controls the other, or both belong to the same group."),
        }

    def __init__(self, *args: Any, seller: Organisation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        self._offer_names(seller)
        fields["field"].queryset = TechnicalField.objects.order_by("code")
        fields["field"].empty_label = _("not chosen yet")
        self._ask_for_reason()
        for name in ("payment", "ip_kind", "objective"):
            fields[name].empty_label = _("not chosen yet")

    def _ask_for_reason(self) -> None:
        """Ask why the contract departs from what was agreed, where something binds it."""
        fields: Any = self.fields
        if bound_by(self.instance) is None:
            del fields["departure_reason"]
        elif terms_of_trial(self.instance) is None:
            fields["departure_reason"].label = _("why it departs from the agreed price")
            fields["departure_reason"].help_text = _(
                "Only where the total is not the price agreed in the deal. The buyer and the registrars read it."
            )

    def _offer_names(self, seller: Organisation | None) -> None:
        """Offer what a contract entered by hand may name; with a deal both are the deal's."""
        fields: Any = self.fields
        if self.instance.deal_id is not None:
            del fields["outcome"], fields["broker"]
            return
        fields["outcome"].queryset = outcomes_to_name(seller, now=self.instance.outcome_id)
        fields["broker"].queryset = brokers_to_name(now=self.instance.broker_id)
        self.initial.update(outcome=self.instance.outcome, broker=self.instance.broker)

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        first, last = facts.get("begins_on"), facts.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The end lies before the beginning."))
        if (signed := facts.get("signed_on")) and signed > clock.today():
            self.add_error("signed_on", _("This day is yet to come; a contract is entered when it is signed."))
        if signed and signed < EARLIEST:
            self.add_error("signed_on", _("No technology contract is that old: there are none from before 1985."))
        self._compare_buyer(facts)
        facts["contract_type"] = facts.get("sub_type", "")[:2]
        return facts

    def _compare_buyer(self, facts: dict[str, Any]) -> None:
        """Put an error beside a code that is known here under another name: the record takes over the known one."""
        typed, known = facts.get("buyer_name", ""), known_by_code(facts.get("buyer_uscc", ""))
        if known is not None and typed and normalise(typed) != normalise(known.name):
            said = {"name": known.name}
            wrong = _("This code is that of %(name)s on this platform. Check the code, or write that name.")
            self.add_error("buyer_uscc", ValidationError(wrong, code="other_name", params=said))

    def _post_clean(self) -> None:
        """Leave the record alone: the action writes it. Fields are checked by themselves."""


class ItemForm(forms.Form):
    """One line of the amount."""

    label = forms.CharField(label=_("item"), max_length=120)
    amount = MoneyField(label=_("Amount (10,000 yuan)"), unit="万元", least=1)
    is_technical = forms.BooleanField(
        label=_("technical"), required=False, initial=True, help_text=_("Off for equipment, parts and material.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].widget.attrs |= {"data-sum-amount": "", "data-unit": "万元"}
        self.fields["is_technical"].widget.attrs |= {"data-sum-technical": ""}

    def has_changed(self) -> bool:
        """Tell whether a line was begun: the switch alone does not count."""
        return bool({"label", "amount"} & set(self.changed_data))


BaseItems = forms.formset_factory(ItemForm, extra=0, can_delete=True, max_num=MOST_ITEMS, validate_max=True)


class ItemFormSet(BaseItems):  # type: ignore[misc,valid-type]
    """The lines of the amount, and the sums that follow from those that can be read."""

    def items(self) -> list[Item]:
        """Return the lines in their order, without empty and deleted ones."""
        return [
            Item(label=row["label"], amount=row["amount"], is_technical=row["is_technical"])
            for form in self.forms
            if (row := getattr(form, "cleaned_data", {})).get("amount") and row.get("label") and not row.get("DELETE")
        ]

    def take(self, refusal: Refused) -> None:
        """Show a refusal that concerns the lines as a whole above them."""
        self.non_form_errors().append(str(refusal))

    def amounts(self) -> Amounts:
        return sums(self.items()) if self.is_bound else sums(Item(**row) for row in self.initial or [])


class ScanForm(forms.Form):
    file = forms.FileField(label=_("signed contract"), help_text=_("PDF, or a scan as PNG or JPG; up to 20 MB."))


class SubmissionForm(forms.Form):
    """What the seller says to the reasons for which a contract was returned."""

    answer = forms.CharField(
        label=_("answer to the reasons"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The registrars read it beside the contract. Needed where nothing was changed."),
    )
