"""Who does what in a deal, and why not: each side for itself, the broker for notes, nobody for the other side.

Who answered for one side neither answers nor ends a deal for the other; taking back is open to them (one_side.py).

Source: price by agreement, listing or auction (促进科技成果转化法 Art. 18); whoever mediates is fair and keeps
secrets (Art. 30). Who of an organisation does it is the platform's own order.
"""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.brokers.working import why_not_work
from marketplace.deals.answered import answered_for
from marketplace.deals.models import Side
from marketplace.deals.own_side import why_not_as_broker
from marketplace.organisations.models import Organisation
from marketplace.organisations.one_side import answered, merged, why_not_both
from marketplace.organisations.roles import MemberRole, Role
from marketplace.organisations.standing import why_not_act, why_not_trade

if TYPE_CHECKING:
    from marketplace.deals.interest import Interest
    from marketplace.deals.models import Deal
    from marketplace.matching.models import Match
    from marketplace.outcomes.models import ResearchOutcome

Acting = Organisation | None
SELLS, BUYS = (MemberRole.PUBLISHER,), (MemberRole.BIDDER,)  # managers do everything
ROLES = {Side.SELLER: SELLS, Side.BUYER: BUYS}


def _stranger(organisation: Organisation) -> str:
    return _("Only the parties of the deal do this. You act for %(organisation)s.") % {"organisation": organisation}


def _party(user: Any, deal: "Deal", organisation: Acting, *, only: Side | None = None) -> str | None:
    """Return why `user` does not act for a party of the deal (or for the one side named)."""
    side = deal.side_of(organisation)
    if organisation is not None and side is None:
        return _stranger(organisation)
    reason = why_not_trade(user, organisation, *ROLES.get(side, ()))  # type: ignore[arg-type]
    if reason is None and only is not None and side != only:
        sides = {Side.SELLER: _("Only the seller does this."), Side.BUYER: _("Only the buyer does this.")}
        return sides[only]
    return reason


def _answers(user: Any, deal: "Deal", organisation: Acting, *, only: Side | None = None) -> str | None:
    """Return why `user` does not answer for a party: besides what `_party` says, nobody answers for both sides."""
    reason = _party(user, deal, organisation, only=only)
    return reason or why_not_both(organisation, answered_for(user, deal))


def show_interest(user: Any, outcome: "ResearchOutcome", *, organisation: Acting) -> str | None:
    reason = why_not_trade(user, organisation, *BUYS, MemberRole.PUBLISHER)
    if reason is None and organisation is not None and outcome.owner.is_related_to(organisation):
        return _("%(organisation)s is the owner or related to it.") % {"organisation": organisation}
    return reason


def _owner(user: Any, interest: "Interest", organisation: Acting) -> str | None:
    owner = interest.outcome.owner
    if organisation is not None and organisation.pk != owner.pk:
        return _("Only %(owner)s, who owns the outcome, answers.") % {"owner": owner}
    return why_not_trade(user, organisation, *SELLS)


def _answers_interest(user: Any, interest: "Interest", organisation: Acting) -> str | None:
    """Besides all else, whoever showed the interest does not answer it; the row says who did."""
    reason = _owner(user, interest, organisation)
    if reason is None and interest.shown_by_id == user.pk:
        return why_not_both(organisation, {interest.organisation_id: interest.organisation.name})
    return reason


def accept_interest(user: Any, interest: "Interest", *, organisation: Acting) -> str | None:
    return _answers_interest(user, interest, organisation)


def decline_interest(user: Any, interest: "Interest", *, organisation: Acting) -> str | None:
    return _answers_interest(user, interest, organisation)


def withdraw_interest(user: Any, interest: "Interest", *, organisation: Acting) -> str | None:
    if organisation is not None and organisation.pk != interest.organisation_id:
        return _("Only the organisation that shows interest takes it back.")
    return why_not_act(user, organisation, *BUYS, MemberRole.PUBLISHER)


def open_deal_from_match(user: Any, match: "Match", *, organisation: Acting) -> str | None:
    if organisation is not None and match.side_of(organisation) is None:
        return _stranger(organisation)
    roles = SELLS if organisation is not None and organisation.pk == match.outcome.owner_id else (*BUYS, *SELLS)
    reason = why_not_trade(user, organisation, *roles)
    return reason or why_not_both(organisation, merged(answered(user, {type(match): [match.pk]})))


def accept_nda(user: Any, deal: "Deal", *, organisation: Acting) -> str | None:
    """Whoever mediates keeps secrets (促进科技成果转化法 Art. 30, 48); the parties promise the same."""
    return _answers(user, deal, organisation)


def choose_pricing(user: Any, deal: "Deal", *, organisation: Acting) -> str | None:
    """By agreement, listing or auction; the unit decides (促进科技成果转化法 Art. 18)."""
    return _answers(user, deal, organisation, only=Side.SELLER)


def propose_price(user: Any, deal: "Deal", *, organisation: Acting) -> str | None:
    return _answers(user, deal, organisation)


def accept_price(user: Any, deal: "Deal", *, organisation: Acting) -> str | None:
    """An agreed price is published with the outcome's name (促进科技成果转化法 Art. 18)."""
    return _answers(user, deal, organisation)


def reopen_pricing(user: Any, deal: "Deal", *, organisation: Acting) -> str | None:
    return _answers(user, deal, organisation)


def withdraw_reopening(user: Any, deal: "Deal", *, organisation: Acting) -> str | None:
    """Whoever may ask for a side takes its request back, whichever of its people asked."""
    reason = _party(user, deal, organisation)
    if reason is None and deal.reopening_asked_by and deal.side_of(organisation) != deal.reopening_asked_by:
        return _("The other side asked to reopen the price; only that side takes the request back.")
    return reason


def keep_deal_rule(user: Any) -> str | None:
    if user.is_superuser or user.has_role(Role.OFFICER):
        return None
    return _("Only officers keep the rules of deals.")


def name_broker(user: Any, deal: "Deal", *, organisation: Acting) -> str | None:
    return _answers(user, deal, organisation)


def consent_to_broker(user: Any, deal: "Deal", *, organisation: Acting) -> str | None:
    """One broker for both sides only with both sides' written consent (domain.md §4.7, its own rule of conflicts)."""
    return _answers(user, deal, organisation)


def accept_engagement(user: Any, deal: "Deal") -> str | None:
    """The broker who is named, unless the district stopped them (促进科技成果转化法 Art. 30: whoever mediates)."""
    if deal.broker is None or not deal.is_broker(user):
        return _("Only the broker who is named accepts or declines.")
    return why_not_work(deal.broker)


def release_broker(user: Any, deal: "Deal", *, organisation: Acting) -> str | None:
    """The broker leaves by themselves; a side releases the broker that acts for it."""
    if deal.is_broker(user) and deal.side_of(organisation) is None:
        return None
    reason = _party(user, deal, organisation)
    side = deal.side_of(organisation)
    if reason is None and side is not None and deal.broker_side == side.other:
        return _("The broker acts for the other side; that side releases them.")
    return reason


def _takes_part(user: Any, deal: "Deal", organisation: Acting) -> str | None:
    """Parties (in any role that trades) and the broker at work write notes and add files."""
    if deal.is_broker(user) and deal.side_of(organisation) is None:
        return why_not_as_broker(deal)
    if organisation is not None and deal.side_of(organisation) is None:
        return _stranger(organisation)
    return why_not_act(user, organisation, *SELLS, *BUYS)


def add_note(user: Any, deal: "Deal", *, organisation: Acting) -> str | None:
    return _takes_part(user, deal, organisation)


def add_deal_file(user: Any, deal: "Deal", *, organisation: Acting) -> str | None:
    return _takes_part(user, deal, organisation)


def write_terms(user: Any, deal: "Deal", *, organisation: Acting) -> str | None:
    return _takes_part(user, deal, organisation)


def terminate_deal(user: Any, deal: "Deal", *, organisation: Acting) -> str | None:
    """The deal ends for both, so it is ended for a side by who did not answer for the other."""
    return _answers(user, deal, organisation)


def take_up_deal(user: Any, deal: "Deal", *, organisation: Acting) -> str | None:
    return _answers(user, deal, organisation)


def finish_deal(user: Any, deal: "Deal", *, organisation: Acting) -> str | None:
    return _answers(user, deal, organisation, only=Side.BUYER)
