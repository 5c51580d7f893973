"""Forms of people and organisations. What they clean is what the actions take."""

import re
import unicodedata
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.fields import EmailField
from allauth.account.forms import LoginForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.core.forms import UsccField
from marketplace.core.identifiers import normalise, validate_uscc
from marketplace.core.regions import code_hint, is_known
from marketplace.organisations import privacy
from marketplace.organisations.accounts import ConsentOutdated, sign_up
from marketplace.organisations.models import Membership, Organisation, User
from marketplace.organisations.particulars import DESCRIBED, PROVEN
from marketplace.organisations.roles import MemberRole

REGION = re.compile(r"[0-9]{6}")
ROLES_HELP = _("At least one, or tick below that the person is only to read.")
PHONE = RegexValidator(r"^\+?[0-9][0-9 \-]{5,28}$", _("A phone number has digits, spaces and hyphens only."))


class AddressField(EmailField):
    """An e-mail address, typed in any width: ＠ is @."""

    def to_python(self, value: Any) -> str:
        return unicodedata.normalize("NFKC", super().to_python(value) or "")


class SignInForm(LoginForm):
    """Signing in by user name or e-mail address, typed in any width."""

    def clean_login(self) -> str:
        return unicodedata.normalize("NFKC", super().clean_login())


class SignupForm(AllauthSignupForm):
    """Signing up: who, how to reach them, in which language, and consent to the notice they saw."""

    name = forms.CharField(label=_("your name"), max_length=80, widget=forms.TextInput({"autocomplete": "name"}))
    email = AddressField()
    language = forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES)
    consent = forms.BooleanField(
        label=_("I have read the privacy notice and consent to it"),
        error_messages={"required": _("Tick this: without your consent no account can be made.")},
    )
    version = forms.CharField(widget=forms.HiddenInput)

    field_order = ["name", "email", "username", "password1", "password2", "language", "consent", "version"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial |= {"language": get_language() or settings.LANGUAGE_CODE, "version": privacy.VERSION}
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["username"].help_text = _(
            "Latin letters, digits and @ . + - _; your e-mail address signs you in too."
        )
        self.fields["consent"].help_text = format_html(
            '<a href="{}" target="_blank" rel="noopener">{}</a>',
            reverse("privacy-notice"),
            _("Read the privacy notice (opens in a new window)"),
        )

    def clean_version(self) -> str:
        if self.cleaned_data["version"] != privacy.VERSION:
            raise ValidationError(str(ConsentOutdated.message))
        return str(self.cleaned_data["version"])

    def clean(self) -> dict[str, Any]:
        """Compare the passwords even when the first is refused for itself."""
        data: dict[str, Any] = super().clean()
        first, second = self["password1"].data, self["password2"].data
        if "password1" not in data and first and second and first != second:
            self.add_error("password2", _("The two passwords are not the same."))
        return data

    def save(self, request: Any) -> User:
        data = self.cleaned_data
        return sign_up(
            username=data["username"],
            email=data["email"],
            password=data["password1"],
            name=data["name"],
            language=data["language"],
            version=data["version"],
            is_confirmed=get_adapter(request).has_invited_address(request, data["email"]),
        )


class ConsentForm(forms.Form):
    """Consent to the present version of the privacy notice."""

    consent = forms.BooleanField(label=_("I have read the privacy notice and consent to it"))
    version = forms.CharField(widget=forms.HiddenInput, initial=privacy.VERSION)


class ProfileForm(forms.ModelForm):
    """What a person is called, where they are reached, in which language."""

    name = forms.CharField(label=_("your name"), max_length=80)
    phone = forms.CharField(label=_("phone"), max_length=30, required=False, validators=[PHONE])
    language = forms.ChoiceField(label=_("language of pages and mails"), choices=settings.LANGUAGES)

    class Meta:
        model = User
        fields = ["name", "phone", "language"]


class RegionField(forms.CharField):
    """The code of a region of China, in any width; one that lies in no province is refused."""

    def to_python(self, value: Any) -> str:
        return normalise(super().to_python(value) or "")

    def validate(self, value: Any) -> None:
        super().validate(value)
        if self.disabled:  # nobody is asked for what is stored
            return
        if value and not REGION.fullmatch(value):
            raise ValidationError(_("A region code has six digits, such as 330304."))
        if value and not is_known(value):
            raise ValidationError(_("No province or city here has this region code."))


class OrganisationForm(forms.ModelForm):
    """The particulars of an organisation; what was verified can no longer be changed here."""

    uscc = UsccField(
        help_text=_("18 characters as on the business licence; spaces, full width and lower case are fine.")
    )
    region = RegionField(label=_("region code"), required=False, help_text=code_hint())
    phone = forms.CharField(label=_("phone"), max_length=30, required=False, validators=[PHONE])
    related_usccs = forms.CharField(
        label=_("related parties (credit codes)"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_(
            "One code per line: parent, subsidiaries, bodies under the same control. Used to keep dealings fair."
        ),
    )

    keeps_proven = True

    class Meta:
        model = Organisation
        fields = [*PROVEN, *DESCRIBED]
        widgets = {"introduction": forms.Textarea({"rows": 5})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taken: Organisation | None = None
        self.initial["related_usccs"] = "\n".join(self.instance.related_usccs or [])
        if self.keeps_proven and self.instance.pk and self.instance.was_verified:
            for name in PROVEN:
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Verified. Ask an officer if this changed.")

    def clean_uscc(self) -> str:
        code = self.cleaned_data["uscc"]
        self.taken = Organisation.objects.filter(uscc=code).exclude(pk=self.instance.pk).first()
        if self.taken is not None:
            raise ValidationError(
                _("%(organisation)s is already registered with this credit code. Ask to join it."),
                params={"organisation": self.taken.name},
            )
        return str(code)

    def clean_related_usccs(self) -> list[str]:
        codes = [normalise(line) for line in self.cleaned_data["related_usccs"].splitlines() if line.strip()]
        for number, code in enumerate(codes, start=1):
            try:
                validate_uscc(code)
            except ValidationError as error:
                raise ValidationError(
                    _("Line %(line)s: %(problem)s"), params={"line": number, "problem": error.messages[0]}
                ) from error
        return sorted(set(codes))

    @property
    def facts(self) -> dict[str, Any]:
        """Return what the actions take: of what was verified nothing, which stays as it is stored."""
        return {name: self.cleaned_data[name] for name, field in self.fields.items() if not field.disabled}


class CorrectionForm(OrganisationForm):
    """What an officer corrects of a verified organisation."""

    keeps_proven = False
    phone = related_usccs = None  # type: ignore[assignment]

    class Meta(OrganisationForm.Meta):
        fields = [*PROVEN]


class DecisionForm(forms.Form):
    """An officer's decision about an organisation."""

    reason = forms.CharField(
        label=_("reason"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("The organisation reads it. Needed to refuse and to suspend."),
    )


class RolesForm(forms.Form):
    """The roles a member has inside the organisation."""

    roles = forms.MultipleChoiceField(
        label=_("roles"), choices=MemberRole.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", membership.code)
        kwargs.setdefault("initial", {"roles": membership.roles})
        super().__init__(*args, **kwargs)


class AnswerForm(RolesForm):
    """A manager's answer to a request to join: roles to let in, a reason to decline."""

    reads_only = forms.BooleanField(
        label=_("without a role: only to read"),
        required=False,
        help_text=_(
            "Reads at once what the organisation reads: drafts and confidential parts of its outcomes and needs, "
            "its deals, contracts and files. Sends, bids and signs nothing."
        ),
    )
    reason = forms.CharField(
        label=_("reason"), required=False, max_length=300, help_text=_("Needed to decline; the person reads it.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].help_text = ROLES_HELP
        self.fields["roles"].is_asked_of_some = True  # type: ignore[attr-defined]  # of who lets somebody in
        self.fields["reason"].is_asked_of_some = True  # type: ignore[attr-defined]  # of who declines
