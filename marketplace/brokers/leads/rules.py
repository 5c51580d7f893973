"""Who files a lead, who confirms it.

Source: rewards are for filed leads only (镇海区实施细则 2022 [CK], domain.md §4.7); window and confirmation are the
platform's own order.
"""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.brokers.models import TechBroker
from marketplace.organisations.models import MemberRole
from marketplace.organisations.standing import why_not_act

if TYPE_CHECKING:
    from marketplace.brokers.leads.models import Lead
    from marketplace.organisations.models import Organisation


def file_lead(user: Any) -> str | None:
    if not TechBroker.objects.of(user).exists():
        return _("Only brokers of the register file leads.")
    return None


def withdraw_lead(user: Any, lead: "Lead") -> str | None:
    return None if lead.broker.user_id == user.pk else _("Only the broker who filed a lead withdraws it.")


def confirm_lead(user: Any, lead: "Lead", *, organisation: "Organisation | None") -> str | None:
    """The party's manager confirms, never the broker."""
    if organisation is None or organisation.pk != lead.party_id:
        return _("Only the party the lead names confirms or declines it.")
    if lead.broker.user_id == user.pk:
        return _("Nobody confirms their own lead.")
    return why_not_act(user, organisation, MemberRole.MANAGER)


def decline_lead(user: Any, lead: "Lead", *, organisation: "Organisation | None") -> str | None:
    return confirm_lead(user, lead, organisation=organisation)


def take_back_lead_confirmation(user: Any, lead: "Lead", *, organisation: "Organisation | None") -> str | None:
    """Who confirms may take it back while objections are taken (the platform's own order)."""
    return confirm_lead(user, lead, organisation=organisation)


def see_earlier_deals(user: Any, lead: "Lead") -> str | None:
    """Whoever confirms or oversees a lead weighs what had begun before; the broker may not know of those deals."""
    if lead.broker.user_id == user.pk:
        return _("The broker who filed a lead does not see other deals about it.")
    return None


def link_lead(user: Any, lead: "Lead") -> str | None:
    return None if lead.broker.user_id == user.pk else _("Only the broker who filed a lead links it.")
