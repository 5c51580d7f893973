"""What the parties of a deal fill in."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.brokers.models import TechBroker
from marketplace.core import clock
from marketplace.core.choices import PricingMode
from marketplace.core.forms import MoneyField, put_beside
from marketplace.core.refusals import Refused
from marketplace.deals.parts import DealNote
from marketplace.deals.room import TermSheet
from marketplace.deals.talking import require_keepable, unsayable
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.models import Organisation
from marketplace.publicity.forms import EvidenceField


class InterestForm(forms.Form):
    """What an enterprise tells the owner of an outcome."""

    message = forms.CharField(
        label=_("What do you want to use it for?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Product, quantity, when. The owner decides by it."),
    )
    need = forms.ModelChoiceField(
        label=_("One of your needs it would solve"),
        queryset=TechnologyNeed.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("none"),
        help_text=_(
            "If that need is published without your name, the owner is not told who you are before both sides accept "
            "confidentiality. Then leave your name out of the words above."
        ),
    )
    accepts_nda = forms.BooleanField(
        label=_("We accept the confidentiality terms"),
        required=False,
        help_text=_("Then the owner can open the confidential part as soon as it accepts."),
    )

    def __init__(self, *args: Any, organisation: Organisation | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if organisation is not None:
            own = TechnologyNeed.objects.filter(organisation=organisation, live=True, state=TechnologyNeed.State.OPEN)
            self.fields["need"].queryset = own  # type: ignore[attr-defined]


class EmptyForm(forms.Form):
    """A step that asks for nothing but the press of its button."""


class ReasonForm(forms.Form):
    """Why something is declined or ended."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The other side reads it."),
    )


class PricingForm(forms.Form):
    """How the price is found."""

    mode = forms.ChoiceField(label=_("Pricing mode"), choices=PricingMode.choices, widget=forms.RadioSelect)
    listing_price = MoneyField(label=_("Listing price"), required=False, help_text=_("For a fixed listing price."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("mode") not in (None, PricingMode.LISTING) and cleaned.get("listing_price") is not None:
            self.add_error(
                "listing_price", _("Only a fixed listing price has one: choose that mode, or empty this field.")
            )
        return cleaned


class PriceForm(forms.Form):
    """A price offered to the other side."""

    amount = MoneyField(label=_("Price"), least=1)
    note = forms.CharField(label=_("Terms in a few words"), max_length=300, required=False)


class BrokerForm(forms.Form):
    """The broker a side names."""

    broker = forms.ModelChoiceField(
        label=_("Broker"),
        queryset=TechBroker.objects.none(),
        to_field_name="code",
        help_text=_("Only certificates that hold today."),
    )
    for_both = forms.BooleanField(
        label=_("May act for both sides"), required=False, help_text=_("The other side is asked for its consent.")
    )

    knows_houses = forms.BooleanField(
        label=_("We know which organisations the broker also belongs to"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["broker"].queryset = TechBroker.objects.valid(clock.now())  # type: ignore[attr-defined]

    def add_error(self, field: str | None, error: Any) -> None:
        """Ask in the open what is asked only of a broker who belongs to an organisation."""
        if field == "knows_houses":
            self.fields[field].widget = forms.CheckboxInput()
        super().add_error(field, error)


class NoteForm(forms.Form):
    """A note, or the record of a meeting."""

    text = forms.CharField(
        label=pgettext_lazy("deal", "Note"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    met_on = forms.DateField(
        label=_("Day of the meeting"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Fill in only to record a meeting."),
    )
    participants = forms.CharField(label=_("Participants"), max_length=300, required=False)
    outcome = forms.ChoiceField(
        label=_("What came of it"), choices=[("", "—"), *DealNote.Outcome.choices], required=False
    )
    attached = EvidenceField(
        label=_("Attachments"), required=False, help_text=_("PDF, pictures, DOCX or XLSX, 20 MB each.")
    )
    is_private = forms.BooleanField(label=_("Only for our own side"), required=False)

    def clean(self) -> dict[str, Any]:
        """Tell everything that is wrong at once: the words, the day of the meeting, each attachment."""
        cleaned = super().clean() or {}
        said = {"text": cleaned.get("text", ""), "met_on": cleaned.get("met_on"), "outcome": cleaned.get("outcome", "")}
        for refusal in unsayable(**said, at=clock.now()):
            if refusal.field not in self.errors:
                put_beside(self, refusal)
        attached = cleaned.get("attached", [])
        for upload in attached if self.errors or len(attached) > 1 else ():  # a single one the action looks at
            self._look_at(upload)
        return cleaned

    def _look_at(self, upload: UploadedFile) -> None:
        try:
            require_keepable(upload)
        except Refused as refusal:
            self.add_error("attached", f"{upload.name}{_(': ')}{refusal}")


class FileForm(forms.Form):
    """A paper of the deal."""

    file = forms.FileField(label=_("File"), help_text=_("PDF, picture, DOCX or XLSX, at most 20 MB."))
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        required=False,
        help_text=_("The same title from the same side is its next version. Empty: the name of the file."),
    )
    purpose = forms.ChoiceField(
        label=_("What it is"),
        choices=[
            ("", _("not chosen yet")),
            ("nda", _("Confidentiality agreement")),
            ("term_sheet", _("Term sheet")),
            ("other", _("Other paper")),
        ],
    )

    def clean(self) -> dict[str, Any]:
        """Where something else is wrong, look at the file too: both are told at once. Else the action looks at it."""
        cleaned = super().clean() or {}
        if self.errors and "file" in cleaned:
            try:
                require_keepable(cleaned["file"])
            except Refused as refusal:
                put_beside(self, refusal)
        return cleaned


class TermsForm(forms.ModelForm):
    """The next version of the term sheet."""

    class Meta:
        model = TermSheet
        fields = TermSheet.CLAUSES
        widgets = {name: forms.Textarea(attrs={"rows": 2}) for name in TermSheet.CLAUSES}
