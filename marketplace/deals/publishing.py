"""An agreed price in publicity (促进科技成果转化法 Art. 18): its end lets the contract follow."""

from datetime import date

from django.db import transaction

from marketplace.core import clock, journal
from marketplace.core.choices import PricingMode
from marketplace.core.journal import Kind
from marketplace.deals.dated import term_of_publicity
from marketplace.deals.models import Deal
from marketplace.deals.parts import PriceProposal
from marketplace.deals.refusals import NoTermSet
from marketplace.organisations.models import Organisation, User
from marketplace.publicity.actions import begin_publicity, stop_publicity
from marketplace.publicity.models import Publicity


def must_be_public(deal: Deal) -> bool:
    """Tell whether the law wants the price published: a public institute sells at an agreed price."""
    return deal.pricing_mode == PricingMode.AGREED and deal.seller.kind == Organisation.Kind.INSTITUTE


def accepted_of(deal: Deal) -> PriceProposal | None:
    """Return the proposal that was accepted last, whether its price still stands or not."""
    return deal.price_proposals.filter(fate=PriceProposal.Fate.ACCEPTED).first()


def price_publicity(deal: Deal) -> Publicity | None:
    """Return the newest publicity of a price of this deal; that of a sale at auction belongs to its lot."""
    accepted = accepted_of(deal)
    return Publicity.objects.of(accepted).first() if accepted is not None else None


def publish_price(deal: Deal, accepted: PriceProposal, *, by: User, on: date) -> Publicity:
    """Put the price just accepted into publicity for the term that holds `on` that day. Raises NoTermSet."""
    term = term_of_publicity(on)
    if term is None:
        raise NoTermSet()
    matter = Publicity.Matter.AGREED_PRICE
    return begin_publicity(accepted, matter=matter, working_days=term.days, by=by)


def stop_price_publicity(deal: Deal, *, by: User | None) -> None:
    """Stop the publicity of a price whose deal falls away; nothing is done where none runs."""
    accepted = accepted_of(deal)
    if accepted is not None:
        stop_publicity(accepted, by=by)


def _waits_with(deal: Deal, proposal: PriceProposal, state: str) -> bool:
    """Tell whether the deal still waits for this price, whose publicity came to `state`; else the news is old."""
    last = Publicity.objects.of(proposal).first()
    waits = deal.state == Deal.State.PUBLICITY and accepted_of(deal) == proposal
    return waits and last is not None and last.state == state


@transaction.atomic
def end_agreed_price_publicity(proposal: PriceProposal, *, by: User | None) -> None:
    """Lead the deal on to the contract when its price stood the publicity; a repeat changes nothing."""
    deal = proposal.deal
    deal.lock()
    now = clock.now()
    if not _waits_with(deal, proposal, Publicity.State.ENDED):
        return
    deal.enter(Deal.State.CONTRACT, at=now)
    deal.save()
    journal.record(Kind.DEAL_MOVED, deal, by=by, to=str(deal.state))


@transaction.atomic
def send_back_objected_price(proposal: PriceProposal, *, by: User | None) -> None:
    """Open the price again when an objection to it was upheld; a repeat changes nothing.

    The mode stays: another price is agreed on and published for a term of its own.
    """
    deal = proposal.deal
    deal.lock()
    now = clock.now()
    if not _waits_with(deal, proposal, Publicity.State.STOPPED):
        return
    former, deal.price, deal.price_fixed_at = deal.price, None, None
    deal.enter(Deal.State.PRICING, at=now)
    deal.save()
    journal.record(Kind.DEAL_PRICE_OBJECTED, deal, by=by, former=former)
