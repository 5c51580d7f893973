"""Tokens of programs: made and named by a person, revoked by that person or with the membership.

About the second factor. It is required of platform staff, in each session. A token is used without a session, so it
could never show that factor; therefore staff get no tokens, and a token of somebody who is appointed later stops
working (signing_in.py asks each time). Whoever set up a factor of their own accord passes it before a token is made
(views/tokens.py), and everybody signs in once more. So no token opens what a factor closes.
"""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.models import APIToken

from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations import rules
from marketplace.organisations.models import AccessToken, Organisation, User

MOST = 20
DAYS = (30, 90, 180, 365)


class TooManyTokens(Refused):
    message = _("You have %(most)s tokens that work. Revoke one first.")


class RevokedAlready(Refused):
    message = _("This token is revoked already.")


@transaction.atomic
def make_token(*, by: User, organisation: Organisation, name: str, days: int) -> tuple[AccessToken, str]:
    """Make a token that acts for `organisation` during `days`; return its row and its text, which is kept nowhere."""
    person = User.objects.select_for_update().get(pk=by.pk)
    now = clock.now()
    require(rules.make_token, by, organisation)
    if AccessToken.objects.of(person).working(now).count() >= MOST:
        raise TooManyTokens(most=MOST)
    token, text = APIToken.create_token(user=person, name=name)
    made = AccessToken.objects.create(token=token, organisation=organisation, expires_at=now + timedelta(days=days))
    journal.record(Kind.TOKEN_MADE, made, by=by, on_behalf_of=organisation, code=made.code, days=days)
    return made, text


@transaction.atomic
def revoke_token(access: AccessToken, *, by: User) -> None:
    """Let a token never work again."""
    token = APIToken.objects.select_for_update().get(pk=access.token_id)
    now = clock.now()
    require(rules.revoke_token, by, access)
    if token.revoked_at is not None:
        raise RevokedAlready()
    token.revoked_at = now
    token.save(update_fields=["revoked_at"])
    journal.record(Kind.TOKEN_REVOKED, access, by=by, on_behalf_of=access.organisation, code=access.code)


def revoke_tokens(person: User, organisation: Organisation, *, by: User) -> None:
    """Let no token of a person act for an organisation any more, in the caller's transaction."""
    standing = AccessToken.objects.of(person).filter(organisation=organisation, token__revoked_at=None)
    for access in standing.select_related("token", "organisation"):
        revoke_token(access, by=by)
