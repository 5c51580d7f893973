"""Who answers a match: each side for itself."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.matching.models import Answer, Side
from marketplace.organisations.roles import MemberRole
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
    reason = why_not_trade(user, organisation, *ROLES.get(side, ()))  # type: ignore[arg-type]
    if reason is not None or side is None:
        return reason
    if match.answer_of(side) == Answer.DECLINED:
        return _("Your side has declined this match.")
    return None


def accept_match(user: Any, match: "Match", *, organisation: "Organisation | None") -> str | None:
    reason = _answers(user, match, organisation)
    if reason is None and match.answer_of(match.side_of(organisation) or "") == Answer.ACCEPTED:
        return _("Your side has accepted this match.")
    return reason


def decline_match(user: Any, match: "Match", *, organisation: "Organisation | None") -> str | None:
    return _answers(user, match, organisation)


def see_matches_of_need(user: Any, need: Any) -> str | None:
    if user.reads_everything:
        return None
    return why_not_act(user, need.organisation)


def see_matches_of_outcome(user: Any, outcome: Any) -> str | None:
    if user.reads_everything:
        return None
    return why_not_act(user, outcome.owner)
