"""Setting up a second factor: what was just proven opens the gate, and is not asked for again."""

from typing import Any

from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.http import HttpResponse


class ActivateApp(ActivateTOTPView):
    """Set up an authenticator app: the code typed here counts as the second factor of this session."""

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        _passed(self.request, Authenticator.Type.TOTP)
        return answer


class AddKey(AddWebAuthnView):
    """Add a security key: touching it here counts as the second factor of this session."""

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        _passed(self.request, Authenticator.Type.WEBAUTHN)
        return answer


def _passed(request: Any, kind: str) -> None:
    newest = Authenticator.objects.filter(user=request.user, type=kind).latest("created_at")
    post_authentication(request, newest, reauthenticated=True)
