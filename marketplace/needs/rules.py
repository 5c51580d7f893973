"""Who may do what with needs, and why not."""

from django.utils.translation import gettext as _

from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.models import Organisation, User
from marketplace.organisations.roles import MemberRole, Role
from marketplace.organisations.standing import why_not_act
from marketplace.reviews.rules import submit_for_review

State = TechnologyNeed.State


def draft_need(user: User, organisation: Organisation | None) -> str | None:
    """An enterprise may draft while it waits for verification; its needs are published once it is verified."""
    reason = why_not_act(user, organisation, MemberRole.PUBLISHER)
    if reason is not None or organisation is None:
        return reason
    if organisation.kind not in (Organisation.Kind.ENTERPRISE, Organisation.Kind.INSTITUTE):
        return _("Needs are posted by enterprises and institutes.")
    return None


def submit_need(user: User, need: TechnologyNeed) -> str | None:
    return submit_for_review(user, need)


def solve_need(user: User, need: TechnologyNeed) -> str | None:
    return _why_not_end(user, need)


def close_need(user: User, need: TechnologyNeed) -> str | None:
    return _why_not_end(user, need)


def _why_not_end(user: User, need: TechnologyNeed) -> str | None:
    if need.state != State.OPEN:
        return _("This need is no longer open.")
    if need.published_at is None:
        return _("Only what was published is solved or closed.")
    return None if user.has_role(Role.LIAISON) else why_not_act(user, need.organisation, MemberRole.PUBLISHER)


def reopen_need(user: User, need: TechnologyNeed) -> str | None:
    if need.state != State.CLOSED:
        return _("Only a closed need is opened again.")
    return why_not_act(user, need.organisation, MemberRole.PUBLISHER)
