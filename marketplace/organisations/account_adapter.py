"""What allauth asks the house: who has to prove themselves once more, which address stays, what is not confirmed."""

import time
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.organisations.invitation_links import opened_before
from marketplace.organisations.models import MemberInvitation

JUST_NOW = 300  # seconds


class AccountAdapter(DefaultAccountAdapter):
    """Allauth's own answers but a few."""

    def is_safe_url(self, url: str) -> bool:
        """Lead nobody to what is no address at all (`//[`), where allauth breaks."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask no password twice of whoever signed in a moment ago and sets up their first second factor."""
        user = self.request.user
        if app == "allauth.mfa" and not Authenticator.objects.filter(user=user).exists():
            signed_in = [record["at"] for record in get_authentication_records(self.request, user)]
            if signed_in and time.time() - max(signed_in) < JUST_NOW:
                return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def is_email_verified(self, request: HttpRequest, email: str) -> bool:
        """Count an address as confirmed where this browser opened the link of an invitation to it that still stands."""
        standing = MemberInvitation.objects.standing(clock.now()).filter(email=email.lower())
        return super().is_email_verified(request, email) and standing.exists()

    def has_invited_address(self, request: HttpRequest, email: str) -> bool:
        """Tell, once, whether the address somebody signs up with is confirmed by the link of an invitation."""
        is_verified = self.is_email_verified(request, email)
        self.unstash_verified_email(request)
        return is_verified

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """Lead whoever confirmed an address back to the invitation they opened here; visitors sign in on the way."""
        invitation, token = opened_before(self.request)
        if invitation is None:
            return str(super().get_email_verification_redirect_url(email_address))
        back = reverse("member-invitation", args=[token])
        known = self.request.user.is_authenticated
        return back if known else f"{reverse('account_login')}?{urlencode({'next': back})}"

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        """Keep the main address and the last one: they are where notices and new passwords go."""
        others = EmailAddress.objects.filter(user=email_address.user_id).exclude(pk=email_address.pk)
        return not email_address.primary and others.exists()


class SecondFactorAdapter(DefaultMFAAdapter):
    """Allauth's own refusals but one."""

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Name the addresses that keep a person from a second factor, and the way to them."""
        if code != "unverified_email":
            return super().validation_error(code, *args)
        unconfirmed = EmailAddress.objects.filter(user=context.request.user, verified=False).order_by("pk")
        said = _(
            "Not confirmed yet: %(addresses)s. Confirm or remove what is not confirmed, then set up a second factor."
        )
        text = said % {"addresses": _(", ").join(unconfirmed.values_list("email", flat=True))}
        link = format_html('<a href="{}">{}</a>', reverse("account_email"), _("E-mail addresses"))
        return ValidationError(format_html("{} {}", text, link), code=code)
