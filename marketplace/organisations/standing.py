"""The common part of other nouns' rules: may this person act for that organisation, and may it trade?

Each function answers with a sentence or None, as rules do:

    return why_not_trade(user, organisation, MemberRole.PUBLISHER) or (…the noun's own reasons…)
"""

from typing import TYPE_CHECKING

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from marketplace.organisations.roles import MemberRole

if TYPE_CHECKING:
    from marketplace.organisations.models import Organisation, User


def why_for_nobody(user: "User") -> str:
    """Return what somebody who acts for no organisation now has to do first, or that it is not theirs to do."""
    if user.member_roles:
        return _("Choose the organisation you act for first: under your name at the top of the page.")
    if user.is_platform_staff:
        return _("This is for institutes and enterprises. Platform staff act for no organisation.")
    return _(
        "This is done for an organisation, and you belong to none yet. Join yours or register it under "
        "“My organisations”, below your name at the top of the page."
    )


def why_not_act(user: "User", organisation: "Organisation | None", *roles: MemberRole) -> str | None:
    """Return why `user` does not act for `organisation` (in one of `roles`, where some are named)."""
    if organisation is None:
        return why_for_nobody(user)
    if not user.acts_for(organisation):
        return _("You do not act for %(organisation)s.") % {"organisation": organisation}
    if not user.acts_for(organisation, *roles):
        named = get_text_list([str(role.label) for role in dict.fromkeys((*roles, MemberRole.MANAGER))], _("or"))
        return _("For %(organisation)s this needs the role %(roles)s. Its managers give roles.") % {
            "organisation": organisation,
            "roles": named,
        }
    return None


def why_not_now(user: "User", organisation: "Organisation | None", house: "Organisation") -> str | None:
    """Return why one of the people of `house` does not do now what is its own: they act for another, or for nobody.

    Who belongs to one organisation acts for it, so that this is asked only of those with several.
    """
    if len(user.member_roles) < 2:
        return None
    if organisation is None:
        return why_for_nobody(user)
    if organisation.pk == house.pk:
        return None
    return _(
        "This is done for %(house)s, and you act for %(organisation)s now. Choose under your name at the top of the "
        "page for which one you act."
    ) % {"house": house, "organisation": organisation}


def why_not_verified(organisation: "Organisation") -> str | None:
    """Return why the organisation may not publish, bid or sign yet."""
    state = organisation.State
    if organisation.state == state.VERIFIED:
        return None
    sentences = {
        state.PENDING: _(
            "%(organisation)s is waiting for verification. "
            "It may publish, bid and sign once an officer has verified it."
        ),
        state.REFUSED: _("%(organisation)s was not verified. Complete its particulars and submit it again."),
        state.SUSPENDED: _("%(organisation)s is suspended and may not publish, bid or sign."),
    }
    sentence = sentences.get(state(organisation.state))
    return sentence % {"organisation": organisation} if sentence else None


def why_not_trade(user: "User", organisation: "Organisation | None", *roles: MemberRole) -> str | None:
    """Return why `user` may not publish, bid or sign for `organisation`: not theirs, no role, or not verified."""
    reason = why_not_act(user, organisation, *roles)
    if reason is not None or organisation is None:
        return reason
    return why_not_verified(organisation)
