"""Forms about platform staff: who holds which roles."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from marketplace.core.confirming import Confirming
from marketplace.organisations.models import User
from marketplace.organisations.roles import Role
from marketplace.organisations.staff_accounts import LockReason


class AppointmentForm(Confirming):
    """Who is to hold which platform roles. The tick holds for the person and the roles it was shown for, no others."""

    ASKED = ("all_the_same",)

    person = forms.CharField(label=_("user name or e-mail address"), max_length=254)
    roles = forms.MultipleChoiceField(
        label=_("platform roles"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "An auditor holds no other role. Registrar and second reviewer may be one person: the two reviews of one "
            "record are by two people all the same."
        ),
    )
    all_the_same = forms.BooleanField(label=_("Give these roles all the same"), required=False)
    asked_about = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_person(self) -> User:
        text = self.cleaned_data["person"].strip()
        found = User.objects.filter(is_active=True)
        person = found.filter(username=text).first() or found.filter(email__iexact=text).first()
        if person is None:
            raise ValidationError(_("Nobody has signed up with this user name or address."))
        return person

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        person, was_asked_about = facts.get("person"), facts.pop("asked_about", "")
        asks_about = " ".join([person.username, *sorted(facts.get("roles", ()))]) if person else ""
        shown: Any = self.data
        self.data = shown = shown.copy()
        shown[self.add_prefix("asked_about")] = asks_about
        if was_asked_about != asks_about:
            facts["all_the_same"] = False
            shown.pop(self.add_prefix("all_the_same"), None)
        return facts


class FactorForm(forms.Form):
    """That whoever asks to have the second factor removed is who they say."""

    is_known = forms.BooleanField(label=_("I have made sure, in person or by phone, that the holder asks for this"))


class LockForm(forms.Form):
    """Why an account is locked."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[("", "—"), *LockReason.choices])


class UnlockForm(forms.Form):
    """Nothing more is asked."""
