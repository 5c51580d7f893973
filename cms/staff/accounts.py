"""Accounts in the back office, for superusers: one name as Chinese names are, and no rights.

Roles are given on the page of staff (/staff/): the journal says who gave them. Only `manage.py createsuperuser` makes a
superuser. People usually register themselves.
"""

from typing import Any

from allauth.account.models import EmailAddress
from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import IndexView, UserFilterSet, UserViewSet

from marketplace.organisations.models import Role, User


class _NamedForm(forms.ModelForm):
    """What both forms have instead of Wagtail's first and last name, its groups and its tick for superusers."""

    first_name = last_name = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("is_superuser", None)
        self.fields["name"].required = True
        self.fields["username"].help_text = _("Letters, digits and @ . + - _")

    def clean_email(self) -> str:
        """Return the address in small letters, as whoever forgot a password is looked for by it."""
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Somebody has this e-mail address already."))
        return email


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
        fields = ("username", "name", "email")


class AccountEditForm(_NamedForm, UserEditForm):
    """An account that is there; who is no longer active cannot sign in. A changed address has to be confirmed anew."""

    def save(self, commit: bool = True) -> Any:
        if "email" in self.changed_data:
            EmailAddress.objects.filter(user=self.instance).delete()
        return super().save(commit)

    class Meta(UserEditForm.Meta):
        fields = ("username", "name", "email", "is_active")


def role_of(group: Group) -> str:
    """Return the name of a role in the reader's language; of a group that is none, its own."""
    return str(Role(group.name).label) if group.name in Role.values else group.name


class AccountFilterSet(UserFilterSet):
    """Wagtail's filters; groups by the names of the roles they stand for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["group"].label = _("Role")
        self.filters["group"].field.label_from_instance = role_of


class AccountIndexView(IndexView):
    """People, found by their name as well; boxes to tick only for who may do something to those that are ticked."""

    search_fields = ("username", "name", "email")

    @cached_property
    def columns(self) -> list[Any]:
        if self.user_has_permission("change"):
            return super().columns
        return [column for column in super().columns if not isinstance(column, BulkActionsCheckboxColumn)]


class AccountViewSet(UserViewSet):
    """Wagtail's listing of people with our forms."""

    index_view_class = AccountIndexView
    filterset_class = AccountFilterSet

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        return AccountEditForm if for_update else AccountCreationForm
