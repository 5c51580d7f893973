"""Who may import outcomes, and why not."""

from typing import Any

from django.utils.translation import gettext as _

from marketplace.organisations.models import Organisation
from marketplace.organisations.roles import MemberRole


def upload_sheet(user: Any, organisation: Organisation) -> str | None:
    if not user.acts_for(organisation, MemberRole.PUBLISHER):
        return _("Only publishers and managers of the institute import outcomes.")
    if organisation.kind != Organisation.Kind.INSTITUTE:
        return _("Outcomes are imported by institutes; this organisation is not one.")
    return None


def change_import(user: Any, batch: Any) -> str | None:
    if not user.acts_for(batch.organisation, MemberRole.PUBLISHER):
        return _("Only publishers and managers of the institute import outcomes.")
    return None


def take_over_import(user: Any, batch: Any) -> str | None:
    return change_import(user, batch)


def take_back_import(user: Any, batch: Any) -> str | None:
    return change_import(user, batch)
