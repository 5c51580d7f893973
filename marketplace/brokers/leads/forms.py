"""Form of a lead."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.brokers.leads.claims import doubts
from marketplace.brokers.leads.models import Lead, LeadQuerySet
from marketplace.brokers.models import TechBroker, plain_number
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
        self.doubts: list[str] = []

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        kind, named = typed.pop("kind", ""), plain_number(typed.pop("named", ""))
        typed["record"] = self._found(kind, named) if kind else None
        if kind and named and typed["record"] is None:
            self.add_error("named", self._why_not_found(kind, named))
        elif typed["record"] is not None:
            self._ask_again(typed["record"])
        return typed

    def _ask_again(self, record: Any) -> None:
        """Ask once more where the claim may count for nothing: the box stands in the form from now on."""
        broker = TechBroker.objects.of(self.user).first()
        self.doubts = doubts(record, by=self.user, broker=broker) if broker is not None else []
        if not self.doubts:
            return
        self.fields["knows"] = forms.BooleanField(label=_("I have read this and file the lead all the same"))
        if not self.data.get("knows"):
            self.add_error("knows", forms.ValidationError([_("Before you file it:"), *self.doubts]))

    def _found(self, kind: str, named: str) -> Any:
        if kind == Lead.Kind.NEED:
            return TechnologyNeed.objects.visible_to(self.user).filter(code=named).first()
        if kind == Lead.Kind.OUTCOME:
            return ResearchOutcome.objects.visible_to(self.user).filter(number=named).first()
        return Organisation.objects.verified().filter(uscc=named).first()

    def _why_not_found(self, kind: str, named: str) -> str:
        """Say of which other kind the code is; else where codes stand."""
        for other in Lead.Kind:
            if other != kind and self._found(other, named) is not None:
                return _("This is the code of %(kind)s: choose that above.") % {"kind": other.label}
        return _(
            "Nothing of this kind that you may read has the code %(code)s. The code stands on the page of the need or "
            "outcome; a contact is named by the credit code of its organisation, which has to be verified."
        ) % {"code": named}


class RivalsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        filed = timezone.localtime(obj.registered_at).strftime("%Y-%m-%d %H:%M")
        return str(_("%(broker)s, filed on %(at)s")) % {"broker": obj.broker.name, "at": filed}


class ConfirmForm(forms.Form):
    """Which other claims on the record the party answers with the same breath: only those it ticks."""

    declines = RivalsField(
        label=_("decline these too, because this lead is confirmed"),
        queryset=Lead.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What you do not tick stays to be answered, and cannot be confirmed as long as this lead holds."),
    )

    def __init__(self, *args: Any, others: LeadQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["declines"].queryset = others  # type: ignore[attr-defined]
        if not others.exists():
            del self.fields["declines"]
