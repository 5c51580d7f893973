"""Deals and interest that stall, and deals that were lost: reminders by the dated days, and taking up again."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.rules import require
from marketplace.deals import rules
from marketplace.deals.dated import days_until_interest_stalls, days_until_stalled
from marketplace.deals.holding import hold_with_outcome
from marketplace.deals.interest import Interest, InterestQuerySet
from marketplace.deals.models import Deal, DealQuerySet
from marketplace.deals.obstacles import why_not_taken_up
from marketplace.deals.refusals import ReasonMissing
from marketplace.deals.room import Resumption
from marketplace.deals.showing import with_turns
from marketplace.deals.turns import turn_of
from marketplace.organisations.models import Organisation, User

AGAIN = timedelta(days=7)


def stalled(at: datetime) -> DealQuerySet:
    """Return the deals that are in their stage for longer than staff allow it."""
    late = Q(pk=None)
    for stage, days in days_until_stalled(timezone.localdate(at)).items():
        late |= Q(state=stage, moved_at__lte=at - timedelta(days=days))
    return Deal.objects.open().filter(late)


def to_remind(at: datetime) -> DealQuerySet:
    """Return those nobody was reminded of in this stage, or not for a week."""
    again = Q(reminded_at=None) | Q(reminded_at__lt=F("moved_at")) | Q(reminded_at__lte=at - AGAIN)
    return with_turns(stalled(at).filter(again))


@transaction.atomic
def remind_of_deal(deal: Deal) -> bool:
    """Remind whoever has to act in a deal that stalls; tell whether anybody has to.

    Where the platform or a registrar is next, nobody is reminded: they have deadlines of their own.
    """
    deal.lock()
    now = clock.now()
    if not to_remind(now).filter(pk=deal.pk).exists():
        return False
    sides = sorted(str(side) for side in turn_of(deal).acts)
    if not sides:
        return False
    deal.reminded_at = now
    deal.save(update_fields=["reminded_at"])
    journal.record(Kind.DEAL_REMINDED, deal, by=None, sides=sides, days=(now - deal.moved_at).days)
    return True


def stalled_interest(at: datetime) -> InterestQuerySet:
    """Return the interest that waits for its answer for longer than staff allow it."""
    days = days_until_interest_stalls(timezone.localdate(at))
    waiting = Interest.objects.awaiting_answer()
    return waiting.none() if days is None else waiting.filter(shown_at__lte=at - timedelta(days=days))


def interest_to_remind(at: datetime) -> InterestQuerySet:
    """Return that of which nobody was reminded, or not for a week."""
    return stalled_interest(at).filter(Q(reminded_at=None) | Q(reminded_at__lte=at - AGAIN))


@transaction.atomic
def remind_of_interest(interest: Interest) -> bool:
    """Remind the owner of an interest that waits for its answer; tell whether it had to be."""
    interest.lock()
    now = clock.now()
    if not interest_to_remind(now).filter(pk=interest.pk).exists():
        return False
    interest.reminded_at = now
    interest.save(update_fields=["reminded_at"])
    journal.record(Kind.INTEREST_REMINDED, interest, by=None, days=(now - interest.shown_at).days)
    return True


@transaction.atomic
def take_up_deal(deal: Deal, *, by: User, organisation: Organisation | None, reason: str) -> None:
    """Take a terminated deal up again at its talk; price and mode are found anew, what was written stays.

    Raises ReasonMissing, SaleNotTakenUp, OutcomeNotOpen, WrongState.
    """
    hold_with_outcome(deal)
    now = clock.now()
    require(rules.take_up_deal, by, deal, organisation=organisation)
    if not reason.strip():
        raise ReasonMissing()
    refusal = why_not_taken_up(deal)
    if refusal is not None:
        raise refusal
    ended_at, ended_because, ended_by = deal.ended_at, deal.termination_reason, deal.terminated_by
    deal.enter(Deal.State.NEGOTIATION, at=now)
    Resumption.objects.create(
        deal=deal,
        ended_because=ended_because,
        ended_by=ended_by,
        ended_at=ended_at or now,
        reason=reason.strip()[:500],
        resumed_by=by,
        resumed_at=now,
    )
    deal.termination_reason, deal.terminated_by, deal.pricing_mode, deal.listing_price = "", None, "", None
    deal.price, deal.price_fixed_at, deal.reopening_asked_by = None, None, ""
    deal.save()
    journal.record(Kind.DEAL_TAKEN_UP, deal, by=by, on_behalf_of=organisation)
