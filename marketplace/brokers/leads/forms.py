"""Form of a lead."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.brokers.leads.models import Lead
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.models import Organisation
from marketplace.outcomes.models import ResearchOutcome
from marketplace.publicity.forms import EvidenceField


class LeadForm(forms.Form):
    """What the broker brought, named as its page names it; cleans to the record."""

    kind = forms.ChoiceField(label=_("what you brought"), choices=Lead.Kind.choices)
    named = forms.CharField(
        label=_("code of the need, number of the outcome, or credit code of the organisation"), max_length=40
    )
    note = forms.CharField(
        label=_("how and when you brought it"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )
    evidence = EvidenceField(
        label=_("evidence"), required=False, help_text=_("PDF, pictures, DOCX or XLSX, 20 MB each.")
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        kind, named = typed.pop("kind", ""), typed.pop("named", "").strip()
        record: Any = None
        if kind == Lead.Kind.NEED:
            record = TechnologyNeed.objects.visible_to(self.user).filter(code=named.upper()).first()
        elif kind == Lead.Kind.OUTCOME:
            record = ResearchOutcome.objects.visible_to(self.user).filter(number=named.upper()).first()
        elif kind == Lead.Kind.CONTACT:
            record = Organisation.objects.verified().filter(uscc=named.upper()).first()
        if named and record is None:
            self.add_error("named", _("Nothing of this kind is found under this code."))
        typed["record"] = record
        return typed
