"""The form of an access token."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from marketplace.core.rules import why_not
from marketplace.organisations import rules
from marketplace.organisations.models import Organisation, User
from marketplace.organisations.tokens import DAYS


def _in_days() -> list[tuple[int, str]]:
    return [(days, ngettext("%(n)s day", "%(n)s days", days) % {"n": days}) for days in DAYS]


class TokenForm(forms.Form):
    """A token for a program: what it is called, for whom it acts, for how long."""

    name = forms.CharField(
        label=pgettext_lazy("token", "name"),
        max_length=60,
        help_text=_("What for, such as the program or the computer."),
    )
    organisation = forms.ModelChoiceField(
        label=_("acts for"), queryset=Organisation.objects.none(), to_field_name="code", empty_label=None
    )
    days = forms.TypedChoiceField(label=_("works for"), coerce=int, choices=_in_days, initial=DAYS[1])

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Organisation.objects.of(user)
        self.organisations = [each for each in mine if why_not(rules.make_token, user, each) is None]
        choice: Any = self.fields["organisation"]
        choice.queryset = Organisation.objects.filter(pk__in=[each.pk for each in self.organisations])
