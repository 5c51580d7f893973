"""Forms of postponing or cancelling a session, of its new times, and of suspending all its lots."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.auctions.forms import ReasonForm, SuspensionForm, day_field, moment_field
from marketplace.auctions.models import AuctionSession


class PostponementForm(forms.Form):
    """Why a session is postponed; asked back, because it is published and mailed at once."""

    reason = forms.CharField(
        label=_("why it is postponed"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is published with the announcement and on the pages of the lots."),
    )
    sure = forms.BooleanField(
        label=_("Publish the postponement now and tell everybody concerned."),
        error_messages={"required": _("Confirm that the postponement is published now.")},
    )


class CancellationForm(ReasonForm):
    """Why a session is cancelled; asked back, because there is no way back."""

    sure = forms.BooleanField(
        label=_("Cancel the session for good, withdraw its lots and tell everybody concerned."),
        error_messages={"required": _("Confirm that the session is cancelled for good.")},
    )


class NewTimesForm(forms.Form):
    """When a postponed session takes place; it begins with what was announced."""

    starts_at = moment_field(_("bidding from"))
    registration_closes_at = moment_field(_("registration and deposits until"))
    viewing_from = day_field(_("viewing from"), required=False)
    viewing_until = day_field(_("viewing until"), required=False)
    viewing_place = forms.CharField(label=_("where to view"), max_length=200, required=False)
    remark = forms.CharField(
        label=_("remark"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    sure = forms.BooleanField(
        label=_("Publish these times now and tell everybody concerned."),
        error_messages={"required": _("Confirm that the new times are published now.")},
    )

    def __init__(self, *args: Any, session: AuctionSession, **kwargs: Any) -> None:
        kwargs["initial"] = {"viewing_place": session.viewing_place} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)


class WholeSuspensionForm(SuspensionForm):
    """Why the bidding on all open lots of a session stops: said to every bidder, so it is needed."""

    reason = forms.CharField(label=_("explanation for the bidders"), max_length=300)
