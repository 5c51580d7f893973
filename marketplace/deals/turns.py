"""Whose turn it is in a deal, and what they have to do, from the record alone."""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from marketplace.core.choices import PricingMode
from marketplace.deals.models import Deal, Side
from marketplace.deals.parts import NdaAcceptance, PriceProposal


@dataclass
class Turn:
    """What each side has to do now, in words; an empty sentence means nothing."""

    acts: dict[Side, str] = field(default_factory=dict)
    waits: str = ""  # what a side that does not act waits for

    def says(self, side: Side) -> str:
        """Return the sentence shown beside a side."""
        return self.acts.get(side, self.waits)


def standing_of(deal: Deal) -> PriceProposal | None:
    """Return the standing proposal from what is loaded (see `with_turns`)."""
    return next((one for one in deal.price_proposals.all() if one.fate == PriceProposal.Fate.STANDING), None)


def turn_of(deal: Deal) -> Turn:
    """Return who acts now. Reads only price_proposals and nda_acceptances of the deal, which lists prefetch."""
    state = Deal.State
    if deal.state == state.NEGOTIATION:
        return _negotiating(deal)
    if deal.state == state.PRICING:
        return _pricing(deal)
    if deal.reopening_asked_by:
        other = Side(deal.reopening_asked_by).other
        return Turn({other: _("Answer whether the price is reopened")}, _("Waits for the other side"))
    if deal.state == state.CONTRACT:
        return Turn(
            {Side.SELLER: _("Draw up the contract, or complete it, and send it to registration")},
            _("Waits for the contract"),
        )
    if deal.state == state.PUBLICITY:
        return Turn({}, _("The price is being publicised"))
    if deal.state == state.REGISTRATION:
        return Turn({}, _("The registrar reviews the contract"))
    if deal.state == state.PERFORMANCE:
        return Turn({Side.BUYER: _("Confirm when everything has been delivered")}, _("Delivers what was agreed"))
    return Turn()


def _negotiating(deal: Deal) -> Turn:
    accepted = {row.side for row in deal.nda_acceptances.all()}
    missing = [side for side in Side if side.value not in accepted]
    if missing:
        acts = {side: _("Accept the confidentiality terms") for side in missing}
        if Side.SELLER in acts:
            acts[Side.SELLER] = _("Accept the confidentiality terms, or go on to the price without them")
        return Turn(acts, _("Waits for the other side's acceptance of confidentiality, or for the pricing mode"))
    return Turn({Side.SELLER: _("Choose how the price is found")}, _("Waits for the pricing mode"))


def _pricing(deal: Deal) -> Turn:
    if deal.pricing_mode == PricingMode.AUCTION:
        return Turn({Side.SELLER: _("Put the outcome on a lot; the sale fixes the price")}, _("The auction decides"))
    proposal = standing_of(deal)
    if proposal is not None:
        side = Side(proposal.side)
        return Turn({side.other: _("Accept the proposed price, or propose another")}, _("Waits for an answer"))
    if deal.pricing_mode == PricingMode.LISTING:
        return Turn({Side.SELLER: _("Name the listing price")}, _("Waits for the listing price"))
    return Turn({side: _("Propose a price") for side in Side})


def asks_an_answer(deal: Deal) -> bool:
    """Tell whether whose turn it is answers the other side; going to auction and drawing up a contract do not."""
    if deal.state == Deal.State.PRICING:
        return deal.pricing_mode != PricingMode.AUCTION
    return deal.state != Deal.State.CONTRACT or bool(deal.reopening_asked_by)


def waits_for(side: Side) -> Q:
    """Select the deals in which a side has to act: the same as `turn_of`, in the database (a test compares them)."""
    state = Deal.State
    accepted = NdaAcceptance.objects.filter(deal=OuterRef("pk"))
    own, theirs = Q(Exists(accepted.filter(side=side))), Q(Exists(accepted.filter(side=side.other)))
    standing = PriceProposal.objects.filter(deal=OuterRef("pk"), fate=PriceProposal.Fate.STANDING)
    offered, nothing = Q(Exists(standing.filter(side=side.other))), ~Q(Exists(standing))
    auction, listing = Q(pricing_mode=PricingMode.AUCTION), Q(pricing_mode=PricingMode.LISTING)
    if side == Side.SELLER:
        talks, prices, delivers = ~own | theirs, auction | offered | nothing, Q(state=state.CONTRACT)
    else:
        talks, prices, delivers = ~own, ~auction & (offered | nothing & ~listing), Q(state=state.PERFORMANCE)
    begun = Q(state__in=(state.NEGOTIATION, state.PRICING))
    answers = ~begun & (Q(reopening_asked_by=side.other) | delivers & Q(reopening_asked_by=""))
    return Q(state=state.NEGOTIATION) & talks | Q(state=state.PRICING) & prices | answers
