"""What allauth asks the house: here, whether a person has to prove once more who they are."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator

JUST_NOW = 300  # seconds


class AccountAdapter(DefaultAccountAdapter):
    """Allauth's own answers but one."""

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask no password twice of whoever signed in a moment ago and sets up their first second factor."""
        user = self.request.user
        if app == "allauth.mfa" and not Authenticator.objects.filter(user=user).exists():
            signed_in = [record["at"] for record in get_authentication_records(self.request, user)]
            if signed_in and time.time() - max(signed_in) < JUST_NOW:
                return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))
