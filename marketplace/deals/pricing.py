"""How a price is found: the mode, proposals and their acceptance, and reopening by both sides."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from marketplace.core import clock, journal
from marketplace.core.choices import PricingMode
from marketplace.core.journal import Kind
from marketplace.core.refusals import WrongState
from marketplace.core.rules import require
from marketplace.deals import rules
from marketplace.deals.holding import hold_with_outcome
from marketplace.deals.models import Deal, Side
from marketplace.deals.obstacles import why_not_binding, why_not_reopened
from marketplace.deals.parts import PriceProposal
from marketplace.deals.publishing import must_be_public, price_publicity, publish_price
from marketplace.deals.refusals import (
    AuctionDecides,
    ListingPriceMissing,
    ModePublished,
    NoReopeningAsked,
    NotPositive,
    OnlySellerLists,
    OwnProposal,
    PriceFixed,
    PricingNotChosen,
    ProposalGone,
)
from marketplace.organisations.models import Organisation, User

TALKING = (Deal.State.NEGOTIATION, Deal.State.PRICING)


def standing(deal: Deal) -> PriceProposal | None:
    """Return the proposal that waits for the other side."""
    return deal.price_proposals.filter(fate=PriceProposal.Fate.STANDING).select_related("proposed_by").first()


def end_standing(deal: Deal, fate: str) -> None:
    """Let the proposal that waits, if there is one, come to its fate. The caller holds the deal."""
    proposal = standing(deal)
    if proposal is not None:
        proposal.move_to(fate)
        proposal.save(update_fields=["fate"])


def _require_talking(deal: Deal) -> None:
    if deal.price is not None:
        raise PriceFixed()
    if deal.state not in TALKING:
        raise WrongState(state=deal.get_state_display())


def _put(deal: Deal, side: Side | str, amount: int, note: str, *, by: User, now: datetime) -> PriceProposal:
    """Let a proposal take the place of the one that stands."""
    if amount <= 0:
        raise NotPositive()
    end_standing(deal, PriceProposal.Fate.REPLACED)
    proposal = PriceProposal.objects.create(
        deal=deal, side=side, amount=amount, note=note.strip(), proposed_by=by, proposed_at=now
    )
    journal.record(Kind.DEAL_PRICE_PROPOSED, deal, by=by, on_behalf_of=deal.party(side), amount=amount, side=str(side))
    return proposal


@transaction.atomic
def choose_pricing(
    deal: Deal, *, by: User, organisation: Organisation | None, mode: str, listing_price: int | None = None
) -> None:
    """Say how the price is found (促进科技成果转化法 Art. 18); the seller may change it until the price is fixed.

    A fixed listing price (fen) stands as the seller's proposal at once.
    Raises PriceFixed, ModePublished once a price was in publicity (domain.md §5), ListingPriceMissing.
    """
    deal.lock()
    now = clock.now()
    require(rules.choose_pricing, by, deal, organisation=organisation)
    _require_talking(deal)
    mode = PricingMode(mode)
    if mode != PricingMode.AGREED and price_publicity(deal) is not None:
        raise ModePublished()
    if mode == PricingMode.LISTING and listing_price is None:
        raise ListingPriceMissing()
    end_standing(deal, PriceProposal.Fate.DROPPED)
    if deal.state == Deal.State.NEGOTIATION:
        deal.enter(Deal.State.PRICING, at=now)
    deal.pricing_mode, deal.listing_price = mode, listing_price if mode == PricingMode.LISTING else None
    deal.save()
    journal.record(Kind.DEAL_PRICING_CHOSEN, deal, by=by, on_behalf_of=organisation, mode=str(mode))
    if deal.listing_price is not None:
        _put(deal, Side.SELLER, deal.listing_price, "", by=by, now=now)


@transaction.atomic
def propose_price(
    deal: Deal, *, by: User, organisation: Organisation | None, amount: int, note: str = ""
) -> PriceProposal:
    """Offer a price (fen) to the other side; it takes the place of the one that stands.

    Raises PricingNotChosen, AuctionDecides, OnlySellerLists, NotPositive, PriceFixed.
    """
    deal.lock()
    now = clock.now()
    require(rules.propose_price, by, deal, organisation=organisation)
    _require_talking(deal)
    side = deal.side_of(organisation) or ""
    if not deal.pricing_mode:
        raise PricingNotChosen()
    if deal.pricing_mode == PricingMode.AUCTION:
        raise AuctionDecides()
    if deal.pricing_mode == PricingMode.LISTING:
        if side != Side.SELLER:
            raise OnlySellerLists()
        deal.listing_price = amount
        deal.save(update_fields=["listing_price"])
    return _put(deal, side, amount, note, by=by, now=now)


@transaction.atomic
def accept_price(deal: Deal, proposal: PriceProposal, *, by: User, organisation: Organisation | None) -> None:
    """Accept the other side's proposal: the price is fixed, and the contract is next.

    Where the law wants the price published, its publicity comes before the contract.
    Raises ProposalGone where another took its place meanwhile, OwnProposal, OutcomeOffline, PriceFixed, NoTermSet.
    """
    hold_with_outcome(deal)
    now = clock.now()
    require(rules.accept_price, by, deal, organisation=organisation)
    _require_talking(deal)
    proposal.refresh_from_db()
    if proposal.deal_id != deal.pk or proposal.fate != PriceProposal.Fate.STANDING:
        raise ProposalGone()
    if proposal.side == deal.side_of(organisation):
        raise OwnProposal()
    if (offline := why_not_binding(deal)) is not None:
        raise offline
    proposal.move_to(PriceProposal.Fate.ACCEPTED)
    proposal.answered_by, proposal.answered_at = by, now
    proposal.save(update_fields=["fate", "answered_by", "answered_at"])
    deal.price, deal.price_fixed_at, deal.reopening_asked_by = proposal.amount, now, ""
    is_published = must_be_public(deal)
    deal.enter(Deal.State.PUBLICITY if is_published else Deal.State.CONTRACT, at=now)
    deal.save()
    journal.record(Kind.DEAL_PRICED, deal, by=by, on_behalf_of=organisation, price=deal.price, mode=deal.pricing_mode)
    if is_published:
        publish_price(deal, proposal, by=by, on=timezone.localdate(now))


@transaction.atomic
def reopen_pricing(deal: Deal, *, by: User, organisation: Organisation | None) -> None:
    """Ask to reopen a fixed price; when the other side asks too, the price is open again.

    Possible until the contract is sent to registration.
    Raises PriceNotReopened, PriceOfTrial, ReopeningAsked, WrongState.
    """
    deal.lock()
    now = clock.now()
    require(rules.reopen_pricing, by, deal, organisation=organisation)
    side = deal.side_of(organisation)
    refusal = why_not_reopened(deal, side)
    if refusal is not None:
        raise refusal
    if not deal.reopening_asked_by:
        deal.reopening_asked_by = side or ""
        deal.save(update_fields=["reopening_asked_by"])
        journal.record(Kind.DEAL_REOPENING_ASKED, deal, by=by, on_behalf_of=organisation, side=str(side))
        return
    former, deal.price, deal.price_fixed_at, deal.reopening_asked_by = deal.price, None, None, ""
    deal.enter(Deal.State.PRICING, at=now)
    deal.save()
    journal.record(Kind.DEAL_REOPENED, deal, by=by, on_behalf_of=organisation, former=former)


@transaction.atomic
def withdraw_reopening(deal: Deal, *, by: User, organisation: Organisation | None) -> None:
    """Take back the request to reopen the price before it is answered: the price holds, as if nobody had asked.

    The side may ask again later. Raises NoReopeningAsked.
    """
    deal.lock()
    require(rules.withdraw_reopening, by, deal, organisation=organisation)
    if not deal.reopening_asked_by:
        raise NoReopeningAsked()
    side, deal.reopening_asked_by = deal.reopening_asked_by, ""
    deal.save(update_fields=["reopening_asked_by"])
    journal.record(Kind.DEAL_REOPENING_WITHDRAWN, deal, by=by, on_behalf_of=organisation, side=side)
