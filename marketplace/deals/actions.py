"""Ending and going on: termination and taking up again, completion, and the way behind the contract."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import WrongState
from marketplace.core.rules import require
from marketplace.deals import rules
from marketplace.deals.models import Deal
from marketplace.deals.parts import PriceProposal
from marketplace.deals.pricing import end_standing
from marketplace.deals.publishing import stop_price_publicity
from marketplace.deals.refusals import ReasonMissing
from marketplace.organisations.models import Organisation, User


@transaction.atomic
def terminate_deal(deal: Deal, *, by: User, organisation: Organisation | None, reason: str) -> None:
    """End a deal without completion; the other side reads the reason. Raises ReasonMissing, WrongState."""
    deal.lock()
    now = clock.now()
    require(rules.terminate_deal, by, deal, organisation=organisation)
    if not reason.strip():
        raise ReasonMissing()
    _terminate(deal, at=now, by=by, organisation=organisation, reason=reason.strip())


def _terminate(deal: Deal, *, at: datetime, by: User | None, organisation: Organisation | None, reason: str) -> None:
    came_from = deal.state
    deal.enter(Deal.State.TERMINATED, at=at)
    deal.termination_reason, deal.terminated_by = reason, by
    deal.save()
    end_standing(deal, PriceProposal.Fate.DROPPED)
    stop_price_publicity(deal, by=by)
    journal.record(Kind.DEAL_TERMINATED, deal, by=by, on_behalf_of=organisation, came_from=came_from)


@transaction.atomic
def end_deal_of_sale(lot_number: str, *, by: User, reason: str) -> None:
    """End the deal of a lot whose buyer defaulted; nothing is to be done where it ended or was never opened.

    Called by auctions, whose rule was asked. Raises WrongState once the contract was sent to the registrars.
    """
    deal = Deal.objects.filter(lot_number=lot_number).first()
    if deal is None:
        return
    deal.lock()
    now = clock.now()
    if deal.state == Deal.State.TERMINATED:
        return
    if deal.state not in (Deal.State.PUBLICITY, Deal.State.CONTRACT):
        raise WrongState(state=deal.get_state_display())
    _terminate(deal, at=now, by=by, organisation=None, reason=reason)


@transaction.atomic
def end_deal_of_contract(deal: Deal, *, by: User | None, organisation: Organisation | None, reason: str) -> None:
    """End the deal of a contract that was terminated; nothing is to be done where it has ended.

    Called by contracts, whose rule was asked.
    """
    deal.lock()
    now = clock.now()
    if deal.state in Deal.ENDED:
        return
    _terminate(deal, at=now, by=by, organisation=organisation, reason=reason[:500])


@transaction.atomic
def end_price_publicity(lot_number: str, *, by: User | None) -> None:
    """Lead the deal of a sold lot from the publicity of its price to the contract; a deal that ended stays ended.

    Called by auctions when the publicity of the result ended without an upheld objection.
    """
    deal = Deal.objects.get(lot_number=lot_number)
    deal.lock()
    now = clock.now()
    _leave_publicity(deal, at=now, by=by)


@transaction.atomic
def go_on_after_publicity(deal: Deal, *, by: User | None) -> None:
    """Lead a deal from the publicity of its price to the contract; one that ended meanwhile stays ended.

    Called by trials when the publicity ended without an upheld objection.
    """
    deal.lock()
    now = clock.now()
    _leave_publicity(deal, at=now, by=by)


def _leave_publicity(deal: Deal, *, at: datetime, by: User | None) -> None:
    if deal.state != Deal.State.PUBLICITY:
        return
    deal.enter(Deal.State.CONTRACT, at=at)
    deal.save()
    journal.record(Kind.DEAL_MOVED, deal, by=by, to=str(deal.state))


@transaction.atomic
def give_up_published_price(deal: Deal, *, by: User) -> None:
    """End a deal whose published price fell to an upheld objection. Called by trials; nothing is done twice."""
    deal.lock()
    now = clock.now()
    if deal.state == Deal.State.PUBLICITY:
        reason = gettext("An objection to the published price was upheld.")
        _terminate(deal, at=now, by=by, organisation=None, reason=reason)


@transaction.atomic
def finish_deal(deal: Deal, *, by: User, organisation: Organisation | None) -> None:
    """Confirm, for the buyer, that what was agreed has been delivered. Raises WrongState before registration."""
    deal.lock()
    now = clock.now()
    require(rules.finish_deal, by, deal, organisation=organisation)
    deal.enter(Deal.State.DONE, at=now)
    deal.save()
    journal.record(Kind.DEAL_MOVED, deal, by=by, on_behalf_of=organisation, to=deal.state)


@transaction.atomic
def follow_contract(deal: Deal, *, to: str, by: User | None, organisation: Organisation | None = None) -> None:
    """Move the deal where its contract went: registration when sent, contract when returned, performance when
    registered. Called by actions of contracts, whose rule was asked. Raises WrongState.
    """
    deal.lock()
    now = clock.now()
    if to not in (Deal.State.CONTRACT, Deal.State.REGISTRATION, Deal.State.PERFORMANCE):
        raise ValueError(f"A contract does not lead a deal to {to}.")
    deal.enter(to, at=now)
    deal.reopening_asked_by = ""
    deal.save()
    journal.record(Kind.DEAL_MOVED, deal, by=by, on_behalf_of=organisation, to=str(to))
