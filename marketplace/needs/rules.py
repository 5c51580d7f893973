"""Who may do what with needs, and why not."""

from typing import Any

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


def save_need_draft(user: User, need: TechnologyNeed) -> str | None:
    return why_not_act(user, need.organisation, MemberRole.PUBLISHER) or need.why_not_public()


def delete_need_draft(user: User, need: TechnologyNeed) -> str | None:
    """Only what was never sent in may be deleted."""
    reason = why_not_act(user, need.organisation, MemberRole.PUBLISHER)
    if reason is None and need.was_sent_in:
        return _("This draft was sent to review once and stays.")
    return reason


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


def see_need_enterprise(user: Any, need: TechnologyNeed) -> str | None:
    """Who stands behind an anonymous need: the enterprise itself, the district, and organisations it was told to."""
    if not need.is_anonymous or need.is_disclosed_to(user):
        return None
    return _("The enterprise is named once both sides have accepted a match.")


def see_need_draft(user: User, need: TechnologyNeed) -> str | None:
    if user.reads_everything or user.has_role(Role.LIAISON) or user.acts_for(need.organisation):
        return None
    return _("Drafts are shown to the organisation itself and to its reviewers.")
