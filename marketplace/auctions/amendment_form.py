"""The form of an amendment to an announcement."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.auctions.amending import AMENDABLE
from marketplace.auctions.forms import day_field, moment_field
from marketplace.auctions.models import AuctionSession


class AmendmentForm(forms.Form):
    """What an amendment says, and the new values of what may change; it begins with what holds now."""

    summary = forms.CharField(
        label=_("what changes"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("In words, for bidders and sellers. Prices, terms and the times of bidding stay as announced."),
    )
    reason = forms.CharField(label=_("why"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    venue = forms.CharField(label=_("venue"), max_length=120, required=False)
    registration_closes_at = moment_field(
        _("registration and deposits until"), help_text=_("It may be prolonged, until the bidding begins at most.")
    )
    viewing_from = day_field(_("viewing from"), required=False)
    viewing_until = day_field(_("viewing until"), required=False)
    viewing_place = forms.CharField(label=_("where to view"), max_length=200, required=False)
    bidder_conditions = forms.CharField(
        label=_("conditions for bidders"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    introduction = forms.CharField(
        label=_("introduction"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, session: AuctionSession, **kwargs: Any) -> None:
        self.session = session
        kwargs["initial"] = {field: getattr(session, field) for field in AMENDABLE} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def clean_registration_closes_at(self) -> datetime:
        """Return the time typed; to the minute, so what stands there unchanged is no change of seconds."""
        typed, held = self.cleaned_data["registration_closes_at"], self.session.registration_closes_at
        return held if typed == held.replace(second=0, microsecond=0) else typed

    def clean_introduction(self) -> str:
        return self._as_held("introduction")

    def clean_bidder_conditions(self) -> str:
        return self._as_held("bidder_conditions")

    def _as_held(self, field: str) -> str:
        """Return the text typed; browsers send other line breaks, which are no change."""
        typed, held = self.cleaned_data[field], getattr(self.session, field)
        return held if typed.split() == held.split() else typed
