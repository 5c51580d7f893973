"""Two gates behind the sign-in: staff pass a second factor in this session; everybody consented to the notice."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from marketplace.core.problems import GENERAL, asks_the_api, problem
from marketplace.organisations import privacy
from marketplace.organisations.accounts import has_consented

WAYS_OUT = {"account_logout", "set-language", "privacy-notice"}
SETTING_UP = WAYS_OUT | {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "account_reauthenticate",
    "account_email",
    "account_confirm_email",
    "account_email_verification_sent",
}
PROVING = WAYS_OUT | {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
CONSENTING = SETTING_UP | PROVING | {"consent", "account-close"}


def _name(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).url_name or ""
    except Resolver404:
        return ""


def _send_to(request: HttpRequest, name: str, reason: str) -> HttpResponse:
    """Send a person to the page that opens the gate; programs get the reason instead."""
    if asks_the_api(request.path_info):
        return problem(name, GENERAL[name], reason)
    wanted = request.get_full_path() if request.method == "GET" else "/"
    address = f"{reverse(name)}?{urlencode({'next': wanted})}"
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(address)


def passed_second_factor(request: HttpRequest) -> bool:
    """Tell whether a code, key or recovery code was accepted in this session."""
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def has_second_factor(user: Any) -> bool:
    """Tell whether a person set up an app or a key."""
    factors = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return Authenticator.objects.filter(user=user, type__in=factors).exists()


class SecondFactor:
    """Let platform staff nowhere without a second factor passed in this session, whichever way they came in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        user = request.user
        if not user.is_authenticated or not user.is_platform_staff or passed_second_factor(request):
            return self.get_response(request)
        has_factor = has_second_factor(user)
        if _name(request) in (PROVING if has_factor else SETTING_UP):
            return self.get_response(request)
        target = "mfa_reauthenticate" if has_factor else "mfa_activate_totp"
        return _send_to(request, target, _("Staff sign in with a second factor."))


class PrivacyConsent:
    """Ask for consent again when the privacy notice has a new version, before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        if not request.user.is_authenticated or request.session.get("privacy") == privacy.VERSION:
            return self.get_response(request)
        if has_consented(request.user):
            request.session["privacy"] = privacy.VERSION
        elif _name(request) not in CONSENTING:
            return _send_to(request, "consent", _("Read the privacy notice and consent to it first."))
        return self.get_response(request)
