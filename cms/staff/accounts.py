"""Accounts in the back office, for superusers: one name as Chinese names are, and no roles.

Roles are given on the page of staff (/staff/): the journal says who gave them. People usually register themselves.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import UserViewSet


class _NamedForm(forms.ModelForm):
    """What both forms have instead of Wagtail's first and last name and its groups."""

    first_name = last_name = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["username"].help_text = _("Letters, digits and @ . + - _")


class AccountCreationForm(_NamedForm, UserCreationForm):
    """A new account; without a password its person chooses one by “Forgot the password”."""

    password_required = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = _("Left empty, they choose one themselves by “Forgot the password”.")

    def save(self, commit: bool = True) -> Any:
        if not self.cleaned_data["password1"]:
            self.instance.set_unusable_password()
        return super().save(commit)

    class Meta(UserCreationForm.Meta):
        fields = ("username", "name", "email", "is_superuser")


class AccountEditForm(_NamedForm, UserEditForm):
    """An account that is there; who is no longer active cannot sign in."""

    class Meta(UserEditForm.Meta):
        fields = ("username", "name", "email", "is_active", "is_superuser")


class AccountViewSet(UserViewSet):
    """Wagtail's listing of people with our forms."""

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        return AccountEditForm if for_update else AccountCreationForm
