"""How many invitations are mailed in a day: by one person, and to one address from one organisation."""

import hashlib
from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from marketplace.core.limits import Limit
from marketplace.core.refusals import Refused
from marketplace.organisations.models import Organisation, User

A_DAY = 24 * 3600
BY_ONE = Limit("invitations-by-one", most=60, seconds=A_DAY)
TO_ONE = Limit("invitations-to-one", most=3, seconds=A_DAY)
WRONG_LINKS = Limit("wrong-invitation-links", most=30, seconds=3600)


class InvitedTooOften(Refused):
    message = _("One person sends at most %(most)s invitations a day; %(left)s are left for now. Go on tomorrow.")
    field = "addresses"


class MailedTooOften(Refused):
    message = _("%(email)s was sent %(most)s invitations within a day. Send the next one tomorrow.")
    field = "addresses"


def count_invitations(organisation: Organisation, emails: Collection[str], *, by: User) -> None:
    """Count one mail to each address, or refuse them all where it is too much for a day."""
    left = BY_ONE.left(str(by.pk)).times
    if len(emails) > left:
        raise InvitedTooOften(most=BY_ONE.most, left=max(left, 0))
    keys = {email: f"{organisation.pk}-{hashlib.sha256(email.encode()).hexdigest()[:24]}" for email in emails}
    for email, key in keys.items():
        if TO_ONE.left(key).times < 1:
            raise MailedTooOften(email=email, most=TO_ONE.most)
    for key in keys.values():
        BY_ONE.count(str(by.pk))
        TO_ONE.count(key)
