"""What people fill in about a match: why it does not suit, and what they add or pin by hand."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.matching.models import LONGEST_REASON, Match

NAMELESS = _(
    "The need is published without the name of its enterprise: write neither its name nor those of its people."
)


def ask_for_no_names(field: forms.Field) -> None:
    """Say beside a field the other side reads that the need is anonymous."""
    field.help_text = f"{field.help_text} {NAMELESS}".strip()


class DeclineForm(forms.Form):
    """Why a proposed match does not suit."""

    reason = forms.ChoiceField(label=_("Why does it not suit?"), choices=Match.Reason.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Remark"),
        max_length=300,
        required=False,
        help_text=_("Needed for “another reason”. The other side reads reason and remark word for word."),
    )


class WithdrawForm(forms.Form):
    """What the other side may read about why an acceptance is taken back, and which state the reader saw."""

    seen = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Why, in a few words"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The other side reads it word for word."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="withdraw_%s")


class AddForm(forms.Form):
    """A counterpart that search did not find, by its number, its code or the address of its page."""

    counterpart = forms.CharField(
        label=_("Number or address"), max_length=200, help_text=_("As it stands on the page of the record.")
    )
    reason = forms.CharField(
        label=_("Why do they match?"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Both sides read it word for word."),
    )

    def clean_counterpart(self) -> str:
        """Return the number alone, also of a whole address."""
        return self.cleaned_data["counterpart"].split("?")[0].rstrip("/").rsplit("/", 1)[-1].strip()


class OfferForm(forms.Form):
    """Why an outcome fits the need it is offered to."""

    reason = forms.CharField(
        label=_("Why does it fit this need?"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "Both sides read it word for word, at most 500 characters. Name the indicators it reaches and what you "
            "have tested; leave phone numbers and the like out."
        ),
    )


class PinForm(forms.Form):
    """Why a match stays on top; it stands beside DeclineForm, so its ids are its own."""

    reason = forms.CharField(
        label=_("Why does it stay on top?"), max_length=300, help_text=_("The other side reads it word for word.")
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="pin_%s")


class InviteForm(forms.Form):
    """What a broker is asked to do."""

    broker = forms.CharField(max_length=12, widget=forms.HiddenInput)
    message = forms.CharField(
        label=_("Message to the broker"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class DeclineInvitationForm(forms.Form):
    note = forms.CharField(label=_("Remark"), max_length=300, required=False)
