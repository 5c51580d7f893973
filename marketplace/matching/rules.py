"""Who answers a match: each side for itself; and who adds or pins one by hand."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.matching.capacity import capacity_of, serves, why_not_serve
from marketplace.matching.sides import Answer, Capacity, Side
from marketplace.organisations.one_side import answered, merged, why_not_both
from marketplace.organisations.roles import MemberRole, Role
from marketplace.organisations.standing import why_not_act, why_not_trade

if TYPE_CHECKING:
    from marketplace.matching.models import Match
    from marketplace.organisations.models import Organisation

ROLES = {
    Side.NEED: (MemberRole.PUBLISHER, MemberRole.BIDDER),
    Side.OUTCOME: (MemberRole.PUBLISHER,),
}


def _answers(user: Any, match: "Match", organisation: "Organisation | None") -> str | None:
    side = match.side_of(organisation)
    if organisation is not None and side is None:
        return _("Only the two sides of a match answer it. You act for %(organisation)s.") % {
            "organisation": organisation
        }
    return why_not_trade(user, organisation, *ROLES.get(side, ()))  # type: ignore[arg-type]


def _answers_for_one(user: Any, match: "Match", organisation: "Organisation | None") -> str | None:
    """Return why `user` does not answer for this side: besides all else, nobody answers for both."""
    reason = _answers(user, match, organisation)
    return reason or why_not_both(organisation, merged(answered(user, {type(match): [match.pk]})))


def accept_match(user: Any, match: "Match", *, organisation: "Organisation | None") -> str | None:
    return _answers_for_one(user, match, organisation)


def decline_match(user: Any, match: "Match", *, organisation: "Organisation | None") -> str | None:
    return _answers_for_one(user, match, organisation)


def withdraw_acceptance(user: Any, match: "Match", *, organisation: "Organisation | None") -> str | None:
    return _answers(user, match, organisation)


def reconsider_match(user: Any, match: "Match", *, organisation: "Organisation | None") -> str | None:
    """Whoever declined or took its acceptance back, or a colleague of the same side."""
    reason = _answers(user, match, organisation)
    ended = (Answer.DECLINED, Answer.WITHDRAWN)
    if reason is None and match.answer_of(match.side_of(organisation) or "") not in ended:
        return _("Only the side that declined takes it back.")
    return reason


def correct_offer(user: Any, match: "Match", *, organisation: "Organisation | None") -> str | None:
    """Whoever answers for the side that offered it."""
    reason = _answers(user, match, organisation)
    if reason is None and not (match.side_of(organisation) == Side.OUTCOME == match.added_as):
        return _("Only the side that made the offer corrects its reason.")
    return reason


def _by_hand(user: Any, match: "Match", organisation: "Organisation | None") -> str | None:
    capacity = capacity_of(user, match, organisation)
    if capacity is None:
        words = _("Matches are added and pinned by either side, the broker of its deal, or officers of the district.")
        return why_not_serve(user) or words
    if capacity in (Capacity.NEED, Capacity.OUTCOME):
        return why_not_trade(user, organisation, *ROLES[Side(capacity.value)])
    return None


def add_match(user: Any, match: "Match", *, organisation: "Organisation | None") -> str | None:
    return _by_hand(user, match, organisation)


def offer_to_need(user: Any, need: Any, *, organisation: "Organisation | None") -> str | None:
    """Whoever answers for the outcomes of an organisation offers one of them to another's need."""
    reason = why_not_trade(user, organisation, *ROLES[Side.OUTCOME])
    if reason is not None or organisation is None:
        return reason
    if organisation.pk == need.organisation_id:
        return _("This is a need of the organisation you act for. Its own outcomes are not offered to it.")
    if need.state != need.State.OPEN:
        return _("This need is no longer open.")
    return None if need.live else _("The need is not public now.")


def pin_match(user: Any, match: "Match", *, organisation: "Organisation | None") -> str | None:
    return _by_hand(user, match, organisation)


def unpin_match(user: Any, match: "Match", *, organisation: "Organisation | None") -> str | None:
    """Who pinned it takes the pin away, or somebody in the same capacity; officers any."""
    reason = _by_hand(user, match, organisation)
    capacity = capacity_of(user, match, organisation)
    if reason is None and match.pinned_as and capacity not in (Capacity.OFFICER, match.pinned_as):
        return _("The pin was set by %(who)s, who takes it away.") % {"who": match.get_pinned_as_display()}
    return reason


def take_back_match(user: Any, match: "Match", *, organisation: "Organisation | None") -> str | None:
    """Who added it takes it back, or somebody in the same capacity; officers any."""
    if not match.added_as:
        return _("Only a match that was added by hand is taken back.")
    reason = _by_hand(user, match, organisation)
    if reason is None and capacity_of(user, match, organisation) not in (Capacity.OFFICER, match.added_as):
        return _("It was added by %(who)s, who takes it back.") % {"who": match.get_added_as_display()}
    return reason


def pass_match_on(user: Any, match: "Match") -> str | None:
    """The broker who serves a side of it; the side itself answers."""
    if reason := why_not_serve(user):
        return reason
    if serves(user, match.need, "buyer") or serves(user, match.outcome, "seller"):
        return None
    return _("Only the broker who serves one of the sides points a match out to it.")


def _reads_for(user: Any, house: "Organisation") -> str | None:
    """Return why `user` reads nothing for a house; a broker whom the district stopped hears that."""
    reason = why_not_act(user, house)
    return (why_not_serve(user) or reason) if reason is not None else None


def see_matches_of_need(user: Any, need: Any) -> str | None:
    if user.reads_everything or serves(user, need, "buyer"):
        return None
    return _reads_for(user, need.organisation)


def see_matches_of_outcome(user: Any, outcome: Any) -> str | None:
    if user.reads_everything or serves(user, outcome, "seller"):
        return None
    return _reads_for(user, outcome.owner)


def _owns(user: Any, record: Any, organisation: "Organisation | None") -> str | None:
    """Return why `user` neither owns this need or outcome nor is an officer."""
    side = Side.NEED if hasattr(record, "organisation") else Side.OUTCOME
    owner = record.organisation if side == Side.NEED else record.owner
    if organisation is None and user.has_role(Role.OFFICER):
        return None
    if organisation is not None and organisation.pk != owner.pk:
        return _("Brokers are invited by the owner of the record or an officer. You act for %(organisation)s.") % {
            "organisation": organisation
        }
    return why_not_trade(user, organisation, *ROLES[side])


def see_brokers(user: Any, record: Any) -> str | None:
    if user.reads_everything:
        return None
    return why_not_act(user, getattr(record, "organisation", None) or record.owner)


def invite_broker(user: Any, record: Any, *, organisation: "Organisation | None") -> str | None:
    return _owns(user, record, organisation)


def withdraw_invitation(user: Any, invitation: Any, *, organisation: "Organisation | None") -> str | None:
    return _owns(user, invitation.record, organisation)


def accept_invitation(user: Any, invitation: Any) -> str | None:
    return _is_invited(user, invitation)


def decline_invitation(user: Any, invitation: Any) -> str | None:
    return _is_invited(user, invitation)


def _is_invited(user: Any, invitation: Any) -> str | None:
    return None if invitation.broker.user_id == user.pk else _("Only the invited broker answers.")
