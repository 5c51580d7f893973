"""What institutes lay down for trials of an outcome, and what enterprises ask for within it."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.core.forms import MoneyField, PercentField, PickMany
from marketplace.core.languages import paragraph
from marketplace.core.refusals import Refused
from marketplace.core.regions import COUNTRY, district_code, lies_in, present_code, region_name, regions_by_name
from marketplace.outcomes.models import ResearchOutcome
from marketplace.trials.bounds import MOST, require_once_each
from marketplace.trials.fitting import price_offered, ways_offered
from marketplace.trials.forms import lines
from marketplace.trials.pool import CONVERSIONS, PoolTerms, Pricing

AMOUNTS = ("price", "output_rate", "price_cap")


def _territories() -> list[Any]:
    """Return what a territory is put together from, in groups."""
    home = f"{district_code(clock.today())[:2]}0000"
    called = {code: f"{name} {code}" for code, name in regions_by_name().items()}
    near = [(code, name) for code, name in called.items() if not code.endswith("0000")]
    far = [(code, name) for code, name in called.items() if code.endswith("0000") and code != home]
    wide = [(COUNTRY, region_name(COUNTRY)), (home, called[home])]
    return [
        (_("All of China, the province"), wide),
        (_("The city and its districts"), near),
        (_("Other provinces"), far),
    ]


class TermsForm(forms.Form):
    """What is fixed before anybody asks for a trial."""

    max_parallel = forms.IntegerField(label=_("Trials at the same time"), min_value=1, max_value=100, initial=2)
    length_days = forms.IntegerField(label=_("Length in days"), min_value=1, max_value=3650, initial=180)
    regions = forms.MultipleChoiceField(
        label=_("Where it may be used"),
        choices=_territories,
        widget=PickMany,
        help_text=_("A request from elsewhere is not taken. Several are possible."),
    )
    territory = forms.CharField(
        label=_("Other limits on the place"),
        max_length=200,
        required=False,
        help_text=_("For example: only in the own plant."),
    )
    scale_limit = forms.IntegerField(
        label=_("How much may be used, at most"),
        min_value=1,
        max_value=MOST,
        help_text=_("A request for more is not taken."),
    )
    scale_unit = forms.CharField(
        label=_("What is counted"), max_length=30, help_text=_("For example: production lines, pieces, users.")
    )
    allowed_scale = forms.CharField(
        label=_("Other limits on the scale"),
        max_length=300,
        required=False,
        help_text=_("For example: nothing made in the trial is sold."),
    )
    support_hours = forms.IntegerField(label=_("Hours of support included"), min_value=0, max_value=9999, initial=20)
    needs_insurance = forms.BooleanField(label=_("Insurance is required before the trial begins"), required=False)
    mode = forms.ChoiceField(label=_("Way of conversion"), choices=CONVERSIONS)
    pricing = forms.ChoiceField(label=_("Price of conversion"), choices=Pricing.choices, widget=forms.RadioSelect)
    price = MoneyField(
        label=_("Fixed price, or base of the formula"),
        required=False,
        least=1,
        help_text=_("Not where the price is agreed after the trial."),
    )
    output_rate = PercentField(
        label=_("Share of output in per cent"), required=False, min_value=0, help_text=_("Only for a formula.")
    )
    price_cap = MoneyField(
        label=_("Cap of the whole price"), required=False, least=1, help_text=_("Only for a formula.")
    )
    payment_plan = forms.CharField(label=_("Payment"), max_length=500, widget=lines(2))
    decide_days = forms.IntegerField(label=_("Days to decide after the trial"), min_value=1, max_value=365, initial=30)
    confidentiality = forms.CharField(label=_("Confidentiality"), max_length=2000, widget=lines(3))
    on_return = forms.CharField(label=_("Return or destruction of materials"), max_length=2000, widget=lines(3))
    data_sharing = forms.CharField(label=_("Sharing of data from the trial"), max_length=2000, widget=lines(3))

    def __init__(self, *args: Any, outcome: ResearchOutcome, **kwargs: Any) -> None:
        """Say beside way and price what the page of the outcome offers."""
        super().__init__(*args, **kwargs)
        for name in AMOUNTS:
            self.fields[name].is_asked_of_some = True  # type: ignore[attr-defined]  # by the kind of price
        if ways := ways_offered(outcome):
            self.fields["mode"].help_text = _("The page of the outcome offers: %(ways)s.") % {"ways": ways}
        said = {"price": price_offered(outcome)}
        offered = _("The page of the outcome says: %(price)s.") % said
        self.fields["price"].help_text = paragraph([self.fields["price"].help_text, offered])

    def clean(self) -> dict[str, Any]:
        """Refuse amounts that the kind of price would drop without a word."""
        cleaned = super().clean() or {}
        dropped = {Pricing.AGREED: AMOUNTS, Pricing.FIXED: AMOUNTS[1:]}.get(cleaned.get("pricing", ""), ())
        for name in dropped:
            if cleaned.get(name) is not None:
                self.add_error(name, _("This kind of price has no such amount: clear it, or choose another kind."))
        return cleaned


class RequestForm(forms.Form):
    """Why an enterprise would like to try an outcome, and how it will judge."""

    purpose = forms.CharField(label=_("What do you want to use it for?"), max_length=2000, widget=lines(4))
    region = forms.ChoiceField(label=_("In which region will it be used?"))
    place = forms.CharField(
        label=_("Where will it be used?"), max_length=200, help_text=_("The plant, workshop or address.")
    )
    quantity = forms.IntegerField(label=_("How much will be used?"), min_value=1, max_value=MOST)
    scale = forms.CharField(label=_("The scale in words"), max_length=300, required=False)
    criteria = forms.CharField(
        label=_("Criteria you will judge by"),
        max_length=6000,
        widget=lines(4),
        help_text=_("One in each line, with its target: yield at least 99 %. You answer each after the trial."),
    )

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, terms: PoolTerms | None, home: str = "", **kwargs: Any) -> None:
        """Ask as the terms of the trial allow; `home` is the region of who asks."""
        super().__init__(*args, **kwargs)
        region, quantity = self.fields["region"], self.fields["quantity"]
        if terms is None:  # the outcome was taken out meanwhile: what was typed stays
            region.choices = [("", "---"), *regions_by_name().items()]  # type: ignore[attr-defined]
            region.required = quantity.required = False
            return
        self.fields["version"].initial = terms.version
        if not terms.is_counted:  # in words alone
            del self.fields["region"], self.fields["quantity"]
            self.fields["scale"].required = True
            return
        allowed = [
            (code, name)
            for code, name in regions_by_name().items()
            if any(lies_in(code, area) for area in terms.regions)
        ]
        region.choices = [("", "---"), *allowed]  # type: ignore[attr-defined]
        region.error_messages["invalid_choice"] = _("The terms do not allow use there.")
        homes = (present_code(home), f"{home[:2]}0000")  # where it is named, else its province
        region.initial = next((code for code in homes if code in dict(allowed)), None)
        # help is markup, what an institute wrote is not
        region.help_text = _("The terms allow: %(territory)s.") % {"territory": escape(terms.territory_words())}
        quantity.help_text = _("The terms allow: %(scale)s.") % {"scale": escape(terms.scale_words)}
        most = _("The terms allow %(limit)s at most.") % {"limit": terms.limit_words}
        quantity.validators.append(MaxValueValidator(terms.scale_limit or MOST, most))
        quantity.unit_label = terms.scale_unit  # type: ignore[attr-defined]

    def clean_criteria(self) -> list[str]:
        """Return the lines that say something, none longer than a criterion may be."""
        named = [line.strip() for line in self.cleaned_data["criteria"].splitlines() if line.strip()]
        if any(len(line) > 300 for line in named):
            raise forms.ValidationError(_("A criterion has at most 300 characters."))
        try:
            require_once_each(named)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return named
