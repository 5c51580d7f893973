"""How programs sign in: a token, or the session of a browser with its CSRF check.

Both set `request.user` and `request.organisation`, so that rules and actions cannot tell programs from pages.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf
from wagtail.models import APIToken

from marketplace.core import clock
from marketplace.core.problems import GENERAL, Problem
from marketplace.organisations.accounts import consents_of
from marketplace.organisations.models import AccessToken

TOUCHED_EVERY = timedelta(minutes=1)
ASK_FOR_A_TOKEN = {"WWW-Authenticate": "Bearer"}


class ByToken(HttpBearer):
    """`Authorization: Bearer …`. A token that does not work is refused, also where nobody need sign in."""

    openapi_description = "A token made under “Access tokens” of one's account; it acts for one organisation."

    def authenticate(self, request: Any, token: str) -> AccessToken:
        access = _found(token)
        user = access.token.user
        if not user.is_active:
            raise _refused(_("The token is unknown, revoked or expired."))
        if user.is_platform_staff:
            raise _refused(_("Staff of the platform sign in with a second factor; tokens of theirs do not work."))
        if not access.has_consented:
            raise Problem("consent", GENERAL["consent"], _("Read the privacy notice and consent to it first."))
        _touch(access)
        request.user, request.organisation = user, access.organisation
        return access


def _refused(reason: str) -> Problem:
    return Problem("token_refused", GENERAL["token_refused"], reason, headers=ASK_FOR_A_TOKEN)


def _found(text: str) -> AccessToken:
    """Return the token of that text if it works now. What cannot be one does not reach the database."""
    access = None
    if APIToken.validate_token_format(text):
        working = AccessToken.objects.working(clock.now()).select_related("token__user", "organisation")
        working = working.annotate(has_consented=Exists(consents_of(OuterRef("token__user"))))  # type: ignore[no-redef]
        access = working.filter(token__key_hash__in=APIToken.candidate_key_hashes(text)).first()
    if access is None:
        raise _refused(_("The token is unknown, revoked or expired."))
    return access


def _touch(access: AccessToken) -> None:
    """Note the last use, at most once a minute: each is a flush to disk."""
    now = clock.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - TOUCHED_EVERY)
    if access.token.last_used_at is None or access.token.last_used_at < now - TOUCHED_EVERY:
        APIToken.objects.filter(stale, pk=access.token_id).update(last_used_at=now)


class BySession(APIKeyCookie):
    """The cookie of a signed-in browser; what changes something needs X-CSRFToken as well."""

    param_name = settings.SESSION_COOKIE_NAME
    openapi_description = (
        "The session of a signed-in browser. What changes something also needs the header X-CSRFToken."
    )

    def __call__(self, request: Any) -> Any:
        if not request.user.is_authenticated:
            return None
        if check_csrf(request) is not None:
            raise Problem("csrf", GENERAL["csrf"], _("The CSRF token is missing or old."))
        return request.user

    def authenticate(self, request: Any, key: str | None) -> Any:
        return request.user


class Anybody:
    """Nobody need sign in; whoever does is counted by name instead of by address."""

    def __call__(self, request: Any) -> str:
        return "anybody"
