"""How a deal begins: shown interest and its answer, an agreed match, a sale at an auction."""

from datetime import datetime

from django.db import IntegrityError, transaction

from marketplace.core import clock, journal
from marketplace.core.choices import PricingMode
from marketplace.core.journal import Kind
from marketplace.core.rules import require
from marketplace.deals import nda, rules
from marketplace.deals.answering import accepted_interest, answer_in
from marketplace.deals.interest import Interest
from marketplace.deals.models import Deal, Side
from marketplace.deals.refusals import (
    DealExists,
    InterestShown,
    MatchIsOver,
    MessageMissing,
    NotAgreed,
    OutcomeNotOpen,
    OutcomeOffline,
    ReasonMissing,
)
from marketplace.matching import choosing
from marketplace.matching.holding import hold_match
from marketplace.matching.models import Match
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.hidden import is_offline
from marketplace.outcomes.models import ResearchOutcome


def _require_open_to_interest(outcome: ResearchOutcome, message: str) -> None:
    if not message.strip():
        raise MessageMissing()
    if not outcome.live or outcome.state != outcome.State.AVAILABLE:
        raise OutcomeNotOpen(state=outcome.get_state_display())


def _save_first(interest: Interest) -> None:
    try:
        with transaction.atomic():
            interest.save()
    except IntegrityError as error:
        raise InterestShown() from error


@transaction.atomic
def show_interest(
    outcome: ResearchOutcome,
    *,
    by: User,
    organisation: Organisation | None,
    message: str,
    need: TechnologyNeed | None = None,
    accepts_nda: bool = False,
) -> Interest:
    """Tell the owner of an outcome that an organisation would like to take it over; one open interest at a time.

    `need` is one of the organisation's own. Raises MessageMissing, OutcomeNotOpen, InterestShown.
    """
    outcome.lock()
    now = clock.now()
    require(rules.show_interest, by, outcome, organisation=organisation)
    _require_open_to_interest(outcome, message)
    interest = Interest(
        outcome=outcome,
        organisation=organisation,
        need=need if _is_of(need, organisation) else None,
        message=message.strip(),
        accepts_nda=accepts_nda,
        shown_by=by,
        shown_at=now,
    )
    _save_first(interest)
    journal.record(Kind.INTEREST_SHOWN, interest, by=by, on_behalf_of=organisation, outcome=outcome.number)
    return interest


def _is_of(need: TechnologyNeed | None, organisation: Organisation | None) -> bool:
    return need is not None and organisation is not None and need.organisation_id == organisation.pk


def _given(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing()
    return reason.strip()


def _hold(interest: Interest) -> None:
    """Hold an interest and both its records, in the order of the house: need, outcome, interest."""
    need, outcome = interest.need, interest.outcome
    if need is not None:
        need.lock()
    outcome.lock()
    interest.lock()
    interest.need, interest.outcome = need, outcome


@transaction.atomic
def accept_interest(interest: Interest, *, by: User, organisation: Organisation | None) -> Deal:
    """Accept an enterprise's interest and open the deal with it. Raises WrongState, OutcomeNotOpen, OutcomeOffline."""
    _hold(interest)
    now = clock.now()
    require(rules.accept_interest, by, interest, organisation=organisation)
    if interest.outcome.state != ResearchOutcome.State.AVAILABLE:
        raise OutcomeNotOpen(state=interest.outcome.get_state_display())
    if is_offline(interest.outcome):
        raise OutcomeOffline()
    answer_in(interest, Interest.State.ACCEPTED, by=by, at=now)
    journal.record(Kind.INTEREST_ANSWERED, interest, by=by, on_behalf_of=organisation, answer="accepted")
    return open_deal_from_interest(interest, by=by, organisation=organisation)


@transaction.atomic
def decline_interest(interest: Interest, *, by: User, organisation: Organisation | None, reason: str) -> None:
    """Decline an enterprise's interest with the reason it reads. Raises ReasonMissing, WrongState."""
    interest.lock()
    now = clock.now()
    require(rules.decline_interest, by, interest, organisation=organisation)
    answer_in(interest, Interest.State.DECLINED, by=by, at=now, reason=_given(reason))
    journal.record(Kind.INTEREST_ANSWERED, interest, by=by, on_behalf_of=organisation, answer="declined")


@transaction.atomic
def withdraw_interest(interest: Interest, *, by: User, organisation: Organisation | None) -> None:
    """Take interest back before it is answered. Raises WrongState."""
    interest.lock()
    require(rules.withdraw_interest, by, interest, organisation=organisation)
    interest.move_to(Interest.State.WITHDRAWN)
    interest.save(update_fields=["state"])
    journal.record(Kind.INTEREST_WITHDRAWN, interest, by=by, on_behalf_of=organisation)


def enter_deal(deal: Deal, *, by: User, at: datetime, organisation: Organisation | None, **origin: str) -> Deal:
    """Save a new deal and announce it; a second one from the same origin meets the UNIQUE columns."""
    deal.opened_by, deal.opened_at, deal.moved_at = by, at, at
    try:
        with transaction.atomic():
            deal.save()
    except IntegrityError as error:
        raise DealExists() from error
    journal.record(Kind.DEAL_OPENED, deal, by=by, on_behalf_of=organisation, **origin)
    return deal


@transaction.atomic
def open_deal_from_interest(interest: Interest, *, by: User, organisation: Organisation | None) -> Deal:
    """Open the deal that an accepted interest leads to. Raises NotAgreed, DealExists."""
    _hold(interest)
    now = clock.now()
    require(rules.accept_interest, by, interest, organisation=organisation)
    if interest.state != Interest.State.ACCEPTED:
        raise NotAgreed()
    outcome = interest.outcome
    deal = Deal(
        outcome=outcome, need=interest.need, interest=interest, seller=outcome.owner, buyer=interest.organisation
    )
    enter_deal(deal, by=by, at=now, organisation=organisation, origin="interest", outcome=outcome.number)
    if interest.accepts_nda:
        nda.keep_acceptance(deal, Side.BUYER, by=interest.shown_by, at=now)
    return deal


@transaction.atomic
def open_deal_from_match(match: Match, *, by: User, organisation: Organisation | None) -> Deal:
    """Open the deal of a match both sides accepted, while need and outcome are open; either side may.

    Raises NotAgreed, MatchIsOver, DealExists.
    """
    hold_match(match)
    now = clock.now()
    require(rules.open_deal_from_match, by, match, organisation=organisation)
    if match.state != Match.State.AGREED:
        raise NotAgreed()
    outcome, need = match.outcome, match.need
    apart = choosing.why_apart(need, outcome)
    if apart is not None and not hasattr(match, "deal"):
        raise MatchIsOver(why=apart)
    deal = Deal(outcome=outcome, need=need, match=match, seller=outcome.owner, buyer=need.organisation)
    return enter_deal(deal, by=by, at=now, organisation=organisation, origin="match", outcome=outcome.number)


@transaction.atomic
def open_deal_from_negotiation(
    *, outcome: ResearchOutcome, buyer: Organisation, by: User, asked_by: User, lot_number: str
) -> Deal:
    """Return the deal of a seller with the highest bidder of its unsold lot, who agreed to negotiate.

    It stands on an interest the seller has accepted by asking: an open one of that bidder, else a new one. Called by
    auctions, whose rule was asked. Raises OutcomeNotOpen.
    """
    outcome.lock()
    now = clock.now()
    if not outcome.live or outcome.state != ResearchOutcome.State.AVAILABLE:
        raise OutcomeNotOpen(state=outcome.get_state_display())
    interest = accepted_interest(outcome, buyer, by=by, asked_by=asked_by, message=lot_number, at=now)
    deal = Deal(outcome=outcome, need=interest.need, interest=interest, seller=outcome.owner, buyer=buyer)
    origin = {"origin": "negotiation", "outcome": outcome.number, "lot": lot_number}
    return enter_deal(deal, by=by, at=now, organisation=buyer, **origin)


def _lock_waiting_for_auction(outcome: ResearchOutcome, seller: Organisation, buyer: Organisation) -> Deal | None:
    """Return the deal of these two that chose the auction as its price, locked."""
    waiting = Deal.objects.select_for_update(of=("self",)).filter(
        outcome=outcome, seller=seller, buyer=buyer, state=Deal.State.PRICING, pricing_mode=PricingMode.AUCTION
    )
    return waiting.order_by("pk").first()


@transaction.atomic
def open_deal_from_sale(
    *,
    outcome: ResearchOutcome,
    seller: Organisation,
    buyer: Organisation,
    price: int,
    by: User,
    organisation: Organisation | None,
    lot_number: str,
    is_published_first: bool = False,
) -> Deal:
    """Return the deal of a sold lot, with the price (fen) fixed and the contract next, or first its publicity.

    Called by auctions, whose rule was asked. A deal of the same two parties that waits for the auction goes on,
    with its broker and its notes; else a new one is opened. Raises DealExists for a lot that has its deal.
    """
    deal = _lock_waiting_for_auction(outcome, seller, buyer)
    now = clock.now()
    state = Deal.State.PUBLICITY if is_published_first else Deal.State.CONTRACT
    if Deal.objects.filter(lot_number=lot_number).exists():
        raise DealExists()
    if deal is None:
        deal = Deal(outcome=outcome, seller=seller, buyer=buyer, state=state)
        deal.pricing_mode = PricingMode.AUCTION
        deal.lot_number, deal.price, deal.price_fixed_at = lot_number, price, now
        enter_deal(
            deal, by=by, at=now, organisation=organisation, origin="sale", outcome=outcome.number, lot=lot_number
        )
    else:
        deal.lot_number, deal.price, deal.price_fixed_at = lot_number, price, now
        deal.enter(state, at=now)
        deal.save()
    journal.record(Kind.DEAL_PRICED, deal, by=by, on_behalf_of=organisation, price=price, lot=lot_number)
    return deal
