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
    """Whether it is solved only the enterprise knows: the figures count it as its word (K15.2)."""
    return _why_not_ended(need) or why_not_act(user, need.organisation, MemberRole.PUBLISHER)


def close_need(user: User, need: TechnologyNeed) -> str | None:
    """Its own people; or a liaison, who looks after the needs of enterprises: then the enterprise is told."""
    reason = _why_not_ended(need)
    if reason is not None or user.has_role(Role.LIAISON):
        return reason
    return why_not_act(user, need.organisation, MemberRole.PUBLISHER)


def _why_not_ended(need: TechnologyNeed) -> str | None:
    if need.state != State.OPEN:
        return _("This need is no longer open.")
    return _("Only what was published is solved or closed.") if need.published_at is None else None


def reopen_need(user: User, need: TechnologyNeed) -> str | None:
    if need.state != State.CLOSED:
        return _("Only a closed need is opened again.")
    return why_not_act(user, need.organisation, MemberRole.PUBLISHER)
