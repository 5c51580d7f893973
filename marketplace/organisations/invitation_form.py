"""The form that invites colleagues."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.organisations.forms import ROLES_HELP
from marketplace.organisations.invitation_words import LinkInWords, unlinked_words
from marketplace.organisations.inviting import MOST, Invited, TooManyAddresses
from marketplace.organisations.joining import roles_given
from marketplace.organisations.roles import MemberRole

BETWEEN = re.compile(r"[\s,;、]+")


class InvitationForm(forms.Form):
    """Whom to invite, with which roles, with which words."""

    prefix = "invite"

    addresses = forms.CharField(
        label=gettext_lazy("e-mail addresses"),
        max_length=6000,
        widget=forms.Textarea({"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("One per line, at most 20."),
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("roles"),
        choices=MemberRole.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=ROLES_HELP,
    )
    reads_only = forms.BooleanField(
        label=gettext_lazy("without a role: only to read"),
        required=False,
        help_text=gettext_lazy(
            "Reads at once what the organisation reads: drafts and confidential parts of its outcomes and needs, "
            "its deals, contracts and files. Sends, bids and signs nothing."
        ),
    )
    words = forms.CharField(
        label=gettext_lazy("words of your own"),
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy(
            "The invited read them beside the invitation; once the organisation is verified, the mail quotes them as "
            "yours. No web or e-mail addresses."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].is_asked_of_some = True  # type: ignore[attr-defined]  # but of who is only to read

    def clean_addresses(self) -> list[str]:
        """Return the addresses in lower case, each once; name every one that is none, with its line."""
        found: dict[str, int] = {}
        for number, line in enumerate(self.cleaned_data["addresses"].splitlines(), start=1):
            text = unicodedata.normalize("NFKC", line).strip().lower()
            found |= {each: number for each in BETWEEN.split(text) if each and each not in found}
        wrong = [_wrong(number, address) for address, number in found.items() if not _is_address(address)]
        if wrong:
            raise ValidationError(wrong)
        if len(found) > MOST:
            raise ValidationError(str(TooManyAddresses(most=MOST)))
        return list(found)

    def clean_words(self) -> str:
        """Return the words on one line, as the mail sets them, without addresses to click."""
        try:
            return unlinked_words(self.cleaned_data["words"])
        except LinkInWords as refusal:
            raise ValidationError(str(refusal)) from refusal

    def clean(self) -> dict[str, Any]:
        """Say what is wrong with the roles beside all else that is wrong."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        try:
            roles_given(data.get("roles", []), reads_only=data["reads_only"])
        except Refused as refusal:
            put_beside(self, refusal)
        return data

    def tell_left_out(self, outcome: Invited) -> None:
        """Say beside the addresses why nobody was invited."""
        for sentence in left_out(outcome):
            self.add_error("addresses", sentence)


def left_out(outcome: Invited) -> list[str]:
    """Return who was not invited, and why, one sentence each."""
    member = _("%(email)s is the address of a member already.")
    waits = _("%(email)s is invited already and has not answered yet.")
    return [member % {"email": each} for each in outcome.members] + [
        waits % {"email": each} for each in outcome.waiting
    ]


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


def _wrong(number: int, address: str) -> ValidationError:
    sentence = _("Line %(line)s: “%(address)s” is not an e-mail address.")
    return ValidationError(sentence % {"line": number, "address": address[:80]})
