"""Forms of passkeys, as allauth has them (settings.MFA_FORMS): what no key answers is refused, not a fault of ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)


class KeyOfWrongShape:
    """A form that refuses what a key never answers; the library's own forms end in an error of the house."""

    def clean(self) -> Any:
        with _wrong_shape_refused():
            return super().clean()  # type: ignore[misc]

    def clean_credential(self) -> Any:
        with _wrong_shape_refused():
            asked = getattr(super(), "clean_credential", None)  # the form that adds a key has none
            return asked() if asked else self.cleaned_data["credential"]  # type: ignore[attr-defined]


@contextmanager
def _wrong_shape_refused() -> Iterator[None]:
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise get_mfa_adapter().validation_error("incorrect_code") from error


class AddKeyForm(KeyOfWrongShape, AddWebAuthnForm):
    pass


class KeyForm(KeyOfWrongShape, AuthenticateWebAuthnForm):
    pass


class KeyLoginForm(KeyOfWrongShape, LoginWebAuthnForm):
    pass


class KeyAgainForm(KeyOfWrongShape, ReauthenticateWebAuthnForm):
    pass
