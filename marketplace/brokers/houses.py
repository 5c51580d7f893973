"""The organisations a broker belongs to as a person: who names or files the broker is shown them."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from marketplace.organisations.models import Membership, Organisation

MOST = 20


def houses_of(user: Any, *, but: Collection[int] = ()) -> list[Membership]:
    """Return the standing memberships of a person outside brokerages, without the organisations `but` (keys)."""
    if user is None:
        return []
    found = Membership.objects.active().filter(user=user.pk).exclude(organisation__in=list(but))
    found = found.exclude(organisation__kind=Organisation.Kind.BROKERAGE)
    return list(found.select_related("organisation").order_by("organisation__name")[:MOST])


def houses_words(memberships: Collection[Membership]) -> str:
    """Return the organisations with the roles held there, in words."""
    said = [
        _("%(organisation)s (%(roles)s)") % {"organisation": one.organisation.name, "roles": "、".join(one.role_labels)}
        if one.roles
        else one.organisation.name
        for one in memberships
    ]
    return _(", ").join(said)
