"""Forms of benefit sharing: a plan with its payees, decisions, payouts."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.brokers.models import TechBroker
from marketplace.contracts.forms import day_input
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.sharing.actions import Part
from marketplace.contracts.sharing.fees import brokers_of
from marketplace.contracts.sharing.fitting import what_fits
from marketplace.contracts.sharing.floors import formulas_for
from marketplace.contracts.sharing.inventors import named_by_outcome
from marketplace.contracts.sharing.models import DistributionPlan, PlanShare
from marketplace.contracts.sharing.net_income import Basis, BrokerAs, Formula
from marketplace.core import clock
from marketplace.core.confirming import Confirming
from marketplace.core.forms import MoneyField, PercentField
from marketplace.organisations.models import Organisation, User

MOST_PAYEES = 40
AGAIN = _("Row %(row)s has this payee already. Tell people of the same name apart by a word behind the name.")


def formula_choices(seller: Organisation | None) -> list[tuple[str, Any]]:
    """Return the formulas that hold today, the seller's own rule first."""
    return [(value, Formula(value).label) for value in formulas_for(seller, on=clock.today())]


class TermsForm(forms.Form):
    """What net income is and how a broker is paid; asked of a plan and of whoever tries out."""

    basis = forms.ChoiceField(
        label=_("what is shared"),
        choices=Basis.choices,
        initial=Basis.INCOME,
        required=False,
        help_text=_("The floor depends on it: net income, shares, or the profit of years."),
    )
    formula = forms.ChoiceField(label=_("net income"))
    broker_as = forms.ChoiceField(label=_("broker"), choices=BrokerAs.choices, initial=BrokerAs.NOBODY)
    broker_rate = PercentField(
        label=_("per cent of the payment for the broker"),
        required=False,
        max_value=Decimal("99.99"),
        help_text=_("Only where the broker is paid as a cost."),
    )

    def __init__(self, *args: Any, seller: Organisation | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["formula"]
        field.choices = formula_choices(seller)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        typed["basis"] = typed.get("basis") or Basis.INCOME
        is_cost = typed.get("broker_as") == BrokerAs.COST
        if is_cost and typed.get("broker_rate") is None and "broker_rate" not in self.errors:
            self.add_error("broker_rate", _("Enter the per cent the broker gets."))
        typed["broker_rate"] = typed.get("broker_rate") if is_cost else None
        return typed


class PlanForm(TermsForm):
    """What the institute fills in beside the payees."""

    profit_years = forms.IntegerField(
        label=_("years of profit"),
        min_value=1,
        max_value=20,
        required=False,
        help_text=_("Only where the operating profit is shared."),
    )
    profit_from = forms.IntegerField(label=_("first year of profit"), min_value=2000, max_value=2200, required=False)
    broker = forms.ModelChoiceField(
        label=_("broker of the register"),
        queryset=TechBroker.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("none of the register"),
        help_text=_("The broker of the contract or of its deal. Whoever is chosen reads the own fee, not the plan."),
    )
    broker_name = forms.CharField(label=_("name of the broker"), max_length=120, required=False)
    department = forms.CharField(label=_("department"), max_length=120)
    department_head = forms.ModelChoiceField(
        label=_("approves for the department"),
        queryset=User.objects.none(),
        to_field_name="username",
        help_text=_("A member of the institute whom the plan does not pay."),
    )

    inventors_reason = forms.CharField(
        label=_("why its inventors are others than the outcome names"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    field_order = (
        "department",
        "department_head",
        "basis",
        "profit_years",
        "profit_from",
        "formula",
        "broker_as",
        "broker",
        "broker_name",
        "broker_rate",
    )

    def __init__(self, *args: Any, contract: TechnologyContract, **kwargs: Any) -> None:
        super().__init__(*args, seller=contract.seller, **kwargs)
        self.fields["basis"].help_text = what_fits(contract)
        named, brokers = [one.pk for one in brokers_of(contract)], self.fields["broker"]
        brokers.queryset = TechBroker.objects.filter(pk__in=named)  # type: ignore[attr-defined]
        if not named:
            del self.fields["broker"]
        self._ask_about_inventors(contract)
        heads: Any = self.fields["department_head"]
        heads.queryset = User.objects.active_in(contract.seller).order_by("name", "pk")

    def _ask_about_inventors(self, contract: TechnologyContract) -> None:
        """Say whom the outcome names as having made it, and ask why the plan names others, if it does."""
        made = named_by_outcome(contract)
        if not made:
            del self.fields["inventors_reason"]
            return
        said = {"names": gettext(", ").join(made)}
        self.fields["inventors_reason"].help_text = (
            gettext("The outcome names: %(names)s. May stay empty; it is published with the plan.") % said
        )

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        is_paid = typed.get("broker_as") != BrokerAs.NOBODY
        typed["broker"] = broker = typed.get("broker") if is_paid else None
        typed["broker_name"] = typed.get("broker_name") or (broker.name if broker is not None else "")
        if typed.get("broker_as") == BrokerAs.COST and not typed["broker_name"]:
            self.add_error("broker_name", _("Name the broker who is paid."))
        return typed


class ShareForm(forms.Form):
    """One payee."""

    kind = forms.ChoiceField(label=_("payee"), choices=PlanShare.Kind.choices)
    name = forms.CharField(label=pgettext_lazy("person", "name"), max_length=120)
    percent = PercentField(label=_("share in per cent"))
    user = forms.ChoiceField(
        label=_("account"), required=False, help_text=_("Whoever is chosen reads the own statement.")
    )
    is_leader = forms.BooleanField(label=_("holds a leading post"), required=False)
    declaration = forms.CharField(
        label=_("declaration of the leading post"),
        max_length=500,
        required=False,
        help_text=_("Which post, and that it was declared; it is published with the plan."),
    )

    def __init__(self, *args: Any, accounts: dict[str, User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accounts = accounts
        field: Any = self.fields["user"]
        field.choices = [("", _("no account")), *((key, user.get_full_name()) for key, user in accounts.items())]

    def clean_user(self) -> User | None:
        return self.accounts.get(self.cleaned_data["user"])

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("is_leader") and typed.get("kind") != PlanShare.Kind.INVENTOR:
            self.add_error("is_leader", _("Leading posts are declared for inventors."))
        return typed

    def has_changed(self) -> bool:
        """Tell whether a row was begun: the kind alone does not count."""
        return bool({"name", "percent"} & set(self.changed_data))


class PayeeRows(forms.BaseFormSet):
    """Payees in rows; the same one stands once."""

    def rows(self) -> list[dict[str, Any]]:
        """Return what was typed in whole rows, without those taken away."""
        return [row for _place, _form, row in self._whole()]

    def _whole(self) -> list[tuple[int, forms.Form, dict[str, Any]]]:
        """Return the whole rows with the number each bears on the page and its form."""
        typed = [(place, form, getattr(form, "cleaned_data", {})) for place, form in enumerate(self.forms, start=1)]
        return [each for each in typed if each[2].get("percent") and each[2].get("kind") and not each[2].get("DELETE")]

    def clean(self) -> None:
        """Say in the row that names a payee again which row has it already."""
        stands: dict[tuple[str, str], int] = {}
        for place, form, row in self._whole():
            if not row.get("name"):
                continue
            first = stands.setdefault((row["kind"], row["name"].strip()), place)
            if first != place:
                form.add_error("name", AGAIN % {"row": first})

    def parts(self) -> list[Part]:
        names = ("kind", "name", "percent", "user", "is_leader", "declaration")
        return [Part(**{name: row[name] for name in names}) for row in self.rows()]


ShareFormSet = forms.formset_factory(
    ShareForm, formset=PayeeRows, extra=1, can_delete=True, max_num=MOST_PAYEES, validate_max=True
)


def accounts_for(contract: TechnologyContract) -> dict[str, User]:
    """Return whom a payee may be, by user name: members of the institute, inventors of the outcome with an account."""
    people = Q(pk__in=User.objects.active_in(contract.seller).values("pk"))
    if contract.outcome is not None:
        people |= Q(pk__in=contract.outcome.inventors.exclude(user=None).values("user"))
    return {user.username: user for user in User.objects.filter(people, is_active=True).order_by("name", "pk")}


class ReturnForm(forms.Form):
    reasons = forms.CharField(label=_("reasons"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class WithdrawalForm(forms.Form):
    """Why a version is given up; a draft nobody else has seen needs no reason."""

    reason = forms.CharField(label=_("why withdrawn"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, plan: DistributionPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = plan.was_sent
        if plan.state == plan.State.IN_PUBLICITY:
            self.fields["reason"].help_text = _("Everybody reads it on the page of the publicity.")
        elif plan.was_sent:
            self.fields["reason"].help_text = _("Whoever may open the plan reads it.")


class AgreementForm(forms.Form):
    """The unit's lawful agreement to pay inventors less than the floor."""

    upload = forms.FileField(label=_("agreement"), help_text=_("PDF, or a scan as PNG or JPG; up to 20 MB."))
    reason = forms.CharField(label=_("why less is lawful"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class CostsForm(forms.Form):
    """What goes off one payment before it is shared."""

    direct_cost = MoneyField(label=_("direct cost in yuan"), unit="元", required=False)
    tax = MoneyField(label=_("tax in yuan"), unit="元", required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        return {name: typed.get(name) or 0 for name in ("direct_cost", "tax")}


class RepaymentForm(forms.Form):
    paid_on = forms.DateField(label=_("paid on"), widget=day_input())
    reference = forms.CharField(label=_("reference of the bank"), max_length=60)


class PayoutForm(Confirming, RepaymentForm):
    """One payee was paid."""

    ASKED = ("pays_several",)
    pays_several = forms.BooleanField(label=_("This one transfer pays several payouts"), required=False)
