"""Forms of the register of brokers."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.brokers.models import TechBroker, plain_number
from marketplace.core.classifications import TechnicalField
from marketplace.organisations.models import Organisation, User


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class BrokerForm(forms.ModelForm):
    """One record of the register, as officers file and correct it."""

    user = forms.CharField(
        label=_("user name or e-mail of the broker"),
        required=False,
        help_text=_("Links the certificate to the account the broker signs in with."),
    )
    firm = forms.ModelChoiceField(
        label=_("firm"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("independent"),
        to_field_name="code",
    )
    fields = forms.ModelMultipleChoiceField(  # type: ignore[assignment]  # the model's field has this name
        label=_("fields served"),
        queryset=TechnicalField.objects.filter(parent=None),
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = TechBroker
        fields = (
            "name",
            "level",
            "scheme",
            "certificate_no",
            "issuer",
            "filing_number",
            "valid_from",
            "valid_until",
            "firm",
            "fields",
            "introduction",
            "user",
        )
        widgets = {
            "valid_from": day_input(),
            "valid_until": day_input(),
            "introduction": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {"valid_until": _("Empty where the scheme sets no end.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = Q(kind=Organisation.Kind.BROKERAGE) | Q(pk=self.instance.firm_id)  # an older record keeps its firm
        self.fields["firm"].queryset = Organisation.objects.verified().filter(kept)  # type: ignore[index]
        if self.instance.pk:
            self.initial["firm"] = self.instance.firm  # the record, because the choices go by its code
        if self.instance.pk and self.instance.user:
            self.initial["user"] = self.instance.user.get_username()

    def _not_filed(self, name: str, value: Any) -> Any:
        """Refuse what another record has, and name that record: officers, who read this, look it up."""
        other = TechBroker.objects.filter(**{name: value}).exclude(pk=self.instance.pk).first()
        if value and other is not None:
            words = _("This stands in the register already, for %(broker)s (filing number %(number)s).")
            raise forms.ValidationError(words, params={"broker": other.name, "number": other.filing_number})
        return value

    def clean_certificate_no(self) -> str:
        return str(self._not_filed("certificate_no", plain_number(self.cleaned_data["certificate_no"])))

    def clean_filing_number(self) -> str:
        return str(self._not_filed("filing_number", plain_number(self.cleaned_data["filing_number"])))

    def clean_user(self) -> User | None:
        named = self.cleaned_data["user"].strip()
        if not named:
            return None
        found = User.objects.filter(username=named).first() or User.objects.filter(email__iexact=named).first()
        if found is None:
            raise forms.ValidationError(_("Nobody signs in with this name or address."), code="unknown")
        self._not_filed("user", found)
        return found

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        first, last = facts.get("valid_from"), facts.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("The end lies before the beginning."))
        return facts


class RenewalForm(forms.Form):
    valid_until = forms.DateField(label=_("valid until"), widget=day_input())


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Shown to the broker and on the verification page. No personal data."),
    )
