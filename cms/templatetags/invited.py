"""The invitation somebody came by, on the pages where they sign up."""

from typing import Any

from django import template

from marketplace.organisations.invitation_links import opened_before
from marketplace.organisations.models import MemberInvitation

register = template.Library()


@register.simple_tag(takes_context=True)
def invitation_opened(context: template.Context) -> MemberInvitation | None:
    """Return the invitation whose link this visitor opened, while it can be answered."""
    request: Any = context.get("request")
    return opened_before(request)[0] if request is not None else None
