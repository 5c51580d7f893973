"""Who may do what with outcomes, and why not."""

from typing import Any

from django.utils.translation import gettext as _

from marketplace.organisations.models import Organisation, User
from marketplace.organisations.roles import MemberRole, Role
from marketplace.organisations.standing import why_not_act, why_not_trade
from marketplace.outcomes.co_ownership import CoOwnership
from marketplace.outcomes.models import ResearchOutcome
from marketplace.reviews.rules import save_draft, submit_for_review

State = ResearchOutcome.State


def draft_outcome(user: User, organisation: Organisation | None) -> str | None:
    """An organisation may draft while it waits for verification; it publishes once it is verified."""
    reason = why_not_act(user, organisation, MemberRole.PUBLISHER)
    if reason is not None or organisation is None:
        return reason
    if organisation.kind not in (Organisation.Kind.INSTITUTE, Organisation.Kind.ENTERPRISE):
        return _("Outcomes are offered by institutes and enterprises.")
    return None


def submit_outcome(user: User, outcome: ResearchOutcome) -> str | None:
    return submit_for_review(user, outcome)


def attach_outcome_file(user: User, outcome: ResearchOutcome) -> str | None:
    return save_draft(user, outcome)


def withdraw_outcome_file(user: User, outcome: ResearchOutcome) -> str | None:
    return save_draft(user, outcome)


def confirm_outcome(user: User, outcome: ResearchOutcome) -> str | None:
    reason = why_not_trade(user, outcome.owner, MemberRole.PUBLISHER) or outcome.why_not_public()
    if reason is None and outcome.published_at is None:
        return _("Only what was published is confirmed again.")
    if reason is None and not outcome.live and not outcome.expired:
        return _("The district took this offline. Change it and send it to review again.")
    return reason


def withdraw_outcome(user: User, outcome: ResearchOutcome) -> str | None:
    """Owners take their offer back; not while somebody relies on it."""
    reason = why_not_act(user, outcome.owner, MemberRole.PUBLISHER)
    if reason is not None:
        return reason
    if outcome.state == State.RESERVED:
        return _("This outcome is reserved in a deal or a session. It can be withdrawn when that has ended.")
    if outcome.state != State.AVAILABLE:
        return _("Only an available outcome is withdrawn.")
    return None


def offer_outcome_again(user: User, outcome: ResearchOutcome) -> str | None:
    reason = why_not_trade(user, outcome.owner, MemberRole.PUBLISHER)
    if reason is None and outcome.state != State.WITHDRAWN:
        return _("This outcome is not withdrawn.")
    return reason


def see_confidential_part(user: Any, outcome: ResearchOutcome) -> str | None:
    """The owner, those who read everything, and organisations it was disclosed to."""
    if user.reads_everything or user.acts_for(outcome.owner) or outcome.is_disclosed_to(user):
        return None
    return _("The confidential part is shown after a confidentiality agreement.")


def answer_co_ownership(user: User, co_ownership: CoOwnership) -> str | None:
    """Publishers and managers answer for their verified organisation, whichever they act for now."""
    if co_ownership.is_outside:
        return _("This co-owner is not on the platform: it answers by letter, which an officer enters.")
    return why_not_trade(user, co_ownership.organisation, MemberRole.PUBLISHER)


def enter_co_owner_answer(user: User, co_ownership: CoOwnership) -> str | None:
    """A co-owner may consent by letter too (专利法 Art. 14); nobody enters one of, or about, an own organisation."""
    if not user.has_role(Role.OFFICER):
        return _("Only officers enter answers of co-owners that came on paper.")
    if user.acts_for(co_ownership.organisation_id) or user.acts_for(co_ownership.outcome.owner_id):
        return _("Officers do not enter answers in a matter of their own organisation.")
    if co_ownership.organisation is not None and not co_ownership.organisation.is_verified:
        return _("The co-owner is not verified now, so its answer would count for nothing.")
    return None
