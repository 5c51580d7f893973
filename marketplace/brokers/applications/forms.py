"""Forms of applications: what the applicant states, and what officers answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.brokers.applications.actions import ProofMissing
from marketplace.brokers.applications.models import BrokerApplication
from marketplace.brokers.forms import day_input
from marketplace.brokers.schemes import BrokerScheme
from marketplace.core import clock
from marketplace.core.classifications import TechnicalField
from marketplace.organisations.models import Organisation
from marketplace.publicity.forms import EvidenceField

ACCEPTED = _("PDF, pictures, DOCX or XLSX, 20 MB each.")
NEEDED = {"required": ProofMissing.message}


class ApplicationForm(forms.ModelForm):
    """A first application; the issuer and the level follow from the scheme."""

    firm = forms.ModelChoiceField(
        label=_("firm"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("independent"),
        help_text=_("Brokerage firms you belong to."),
        to_field_name="code",
    )
    fields = forms.ModelMultipleChoiceField(  # type: ignore[assignment]  # the model's field has this name
        label=_("fields served"),
        queryset=TechnicalField.objects.filter(parent=None),
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
    )
    proof = EvidenceField(label=_("scan of the certificate"), help_text=ACCEPTED, error_messages=NEEDED)

    class Meta:
        model = BrokerApplication
        fields = ("name", "scheme", "certificate_no", "valid_from", "valid_until", "firm", "fields", "introduction")
        widgets = {
            "valid_from": day_input(),
            "valid_until": day_input(),
            "introduction": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {"valid_until": _("Empty where the scheme sets no end.")}

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Organisation.objects.verified().filter(kind=Organisation.Kind.BROKERAGE, pk__in=list(user.member_roles))
        self.fields["firm"].queryset = own  # type: ignore[index]
        if self.instance.pk:
            self.initial["firm"] = self.instance.firm  # the record, because the choices go by its code
        self.fields["scheme"].queryset = BrokerScheme.objects.on_offer(clock.today())  # type: ignore[index]
        self.fields["scheme"].required = True  # type: ignore[index]
        self.fields["proof"].required = not self.instance.pk  # type: ignore[index]  # what was sent before is kept

    def clean(self) -> dict[str, Any]:
        stated = super().clean() or self.cleaned_data
        first, last = stated.get("valid_from"), stated.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("The end lies before the beginning."))
        return stated


class RenewalApplicationForm(forms.Form):
    """A renewal; where one was sent before (`sent`), its scan is kept unless there is a new one."""

    valid_until = forms.DateField(label=_("new end of the certificate"), widget=day_input())
    proof = EvidenceField(label=_("scan of the renewed certificate"), help_text=ACCEPTED, error_messages=NEEDED)

    def __init__(self, *args: Any, sent: BrokerApplication | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sent:
            self.initial["valid_until"] = sent.valid_until
            self.fields["proof"].required = False


class AnswerReasonForm(forms.Form):
    """A reason; `help_text` says who reads it, an applicant unless told otherwise."""

    reason = forms.CharField(
        label=_("reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Shown to the applicant."),
    )

    def __init__(self, *args: Any, help_text: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if help_text:
            self.fields["reason"].help_text = help_text


class FilingForm(forms.Form):
    filing_number = forms.CharField(label=_("filing number"), max_length=40)
