"""Forms of an application to bid: documents by kind, the power of attorney, the declaration."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import declaration
from marketplace.auctions.authorising import PowerOfAttorney
from marketplace.auctions.documents import Document
from marketplace.auctions.forms import DocumentsField, day_field
from marketplace.core.forms import told_by_content
from marketplace.organisations.models import Organisation, User
from marketplace.organisations.roles import MemberRole

IN_PERSON, AGENT = "representative", "agent"
POWER_FIELDS = ("valid_from", "valid_until", "power_of_attorney")


class WithDocuments(forms.Form):
    """Mixin with a field for each kind of document."""

    business_licence = DocumentsField(label=Document.LICENCE.label, required=False)
    identity = DocumentsField(label=Document.IDENTITY.label, required=False)
    industry_licence = DocumentsField(label=Document.INDUSTRY.label, required=False)
    documents = DocumentsField(
        label=pgettext_lazy("application", "other documents"),
        required=False,
        help_text=_("PDF, pictures, DOCX or XLSX, 20 MB each. Finance staff record the deposit from the bank’s books."),
    )

    def papers(self) -> list[tuple[Document, Any]]:
        """Return what was handed in, by its kind."""
        kinds = {kind.value: kind for kind in Document} | {"documents": Document.OTHER}
        return [(kind, upload) for name, kind in kinds.items() for upload in self.cleaned_data.get(name, [])]


ASKED_OF_AGENTS = {
    "valid_from": _("Enter from which day the power of attorney is in force."),
    "valid_until": _("Enter until which day the power of attorney is in force."),
    "power_of_attorney": _("Upload the agent’s power of attorney."),
}


class WithPower(forms.Form):
    """Mixin with what a power of attorney says, and its paper."""

    valid_from = day_field(_("power of attorney in force from"), required=False)
    valid_until = day_field(
        _("power of attorney in force until"),
        required=False,
        help_text=_("Better some days longer than the bidding: late bids move its end."),
    )
    power_of_attorney = forms.FileField(
        label=_("power of attorney"),
        required=False,
        help_text=_("Signed by the legal representative: who may bid for the organisation, from when until when."),
        validators=[told_by_content],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in POWER_FIELDS:
            self.fields[name].is_asked_of_some = True  # type: ignore[attr-defined]  # so the page calls it not optional

    def require_power(self) -> None:
        """Ask for each part of the power of attorney that is missing."""
        for name in POWER_FIELDS:
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, ASKED_OF_AGENTS[name])

    @property
    def power(self) -> PowerOfAttorney:
        facts = self.cleaned_data
        return PowerOfAttorney(facts["valid_from"], facts["valid_until"], facts["power_of_attorney"])


class ApplicationForm(WithPower, WithDocuments):
    """The application to bid on a lot."""

    capacity = forms.ChoiceField(
        label=_("who bids"),
        choices=[
            (IN_PERSON, _("I am the legal representative and bid in person")),
            (AGENT, _("I am an agent with a power of attorney")),
        ],
        widget=forms.RadioSelect,
    )
    version = forms.CharField(widget=forms.HiddenInput, max_length=20)
    declared = forms.BooleanField(
        label=_("We declare this for our organisation."),
        error_messages={"required": _("Tick the statements above.")},
    )
    field_order = ["capacity", *POWER_FIELDS, *(kind.value for kind in Document if kind != Document.OTHER), "documents"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"version": declaration.VERSION}} | kwargs)

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if facts.get("capacity") == AGENT:
            self.require_power()
        return facts

    def facts(self) -> dict[str, Any]:
        """Return the application in the words of the action."""
        given = self.cleaned_data
        return {
            "declared": given["declared"],
            "version": given["version"],
            "documents": self.papers(),
            "power": self.power if given["capacity"] == AGENT else None,
        }


class MoreDocumentsForm(WithDocuments):
    """Documents the organiser asked for."""

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if not self.errors and not self.papers():
            self.add_error("documents", _("Choose at least one file."))
        return facts


class PersonField(forms.ModelChoiceField):
    """One person of the organisation, by name."""

    def label_from_instance(self, person: User) -> str:
        return person.get_full_name()


class AuthorityForm(WithPower):
    """A power of attorney for one of the organisation's agents."""

    agent = PersonField(label=_("agent"), queryset=User.objects.none(), to_field_name="username")
    field_order = ["agent", *POWER_FIELDS]

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agents = User.objects.active_in(organisation, MemberRole.BIDDER).distinct().order_by("name", "pk")
        self.fields["agent"].queryset = agents  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        self.require_power()
        return facts


class AdmissionForm(forms.Form):
    """Asks back before an application without documents that are always asked for is accepted; else without fields.

    Cleans to `missing`, the documents without which the bidder is admitted.
    """

    def __init__(self, *args: Any, missing: Sequence[Document], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.missing = missing
        if missing:
            label = _("Not handed in: %(documents)s. Accept the application nevertheless.")
            self.fields["sure"] = forms.BooleanField(
                label=label % {"documents": gettext(", ").join(str(kind.label) for kind in missing)},
                error_messages={"required": _("Confirm it, or ask for the documents.")},
            )

    def clean(self) -> dict[str, Any]:
        return {"missing": self.missing}
