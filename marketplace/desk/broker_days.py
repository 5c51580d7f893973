"""A broker's calendar as days: meetings held, and every day on which something of theirs begins or ends."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.auctions.models import AuctionSession
from marketplace.brokers.leads.models import Lead
from marketplace.brokers.models import TechBroker
from marketplace.deals import nda
from marketplace.deals.parts import DealNote, PriceProposal
from marketplace.desk.broker_work import Accompanied
from marketplace.publicity.models import Publicity, with_subjects
from marketplace.rewards.evaluation.models import YearlyEvaluation
from marketplace.rewards.models import RewardClaim

BACK = timedelta(days=30)
AHEAD = timedelta(days=366)


@dataclass(frozen=True)
class Item:
    """One thing on one day."""

    on: date
    what: str
    about: str
    url: str


def days_of(broker: TechBroker, deals: list[Accompanied], leads: list[Lead], *, today: date) -> dict[str, Any]:
    """Return {"ahead": [(day, items)], "back": [(day, items)]}: a year ahead by day, and the month behind."""
    items = [
        *_certificate(broker),
        *_of_deals(deals, today=today),
        *_meetings(broker, deals),
        *_windows(broker, deals, leads),
        *_viewings(deals),
        *_comments(broker),
    ]
    ahead = sorted((item for item in items if today <= item.on <= today + AHEAD), key=lambda item: item.on)
    back = sorted((item for item in items if today - BACK <= item.on < today), key=lambda item: item.on, reverse=True)
    return {"ahead": _by_day(ahead), "back": _by_day(back)}


def _by_day(items: Iterable[Item]) -> list[tuple[date, list[Item]]]:
    return [(day, list(some)) for day, some in groupby(items, key=lambda item: item.on)]


def _certificate(broker: TechBroker) -> list[Item]:
    if broker.valid_until is None:
        return []
    return [Item(broker.valid_until, _("Your certificate ends"), broker.certificate_no, broker.get_absolute_url())]


def _of_deals(deals: list[Accompanied], *, today: date) -> list[Item]:
    """Return the end of confidentiality and of the days that staff allow the stage."""
    found = []
    for row in deals:
        deal, ends = row.deal, nda.ends_on(row.deal)
        if ends is not None:
            found.append(Item(ends, _("Confidentiality ends"), deal.outcome.heading, deal.get_absolute_url()))
        if row.limit is not None and not row.is_late:
            until = timezone.localdate(deal.moved_at) + timedelta(days=row.limit)
            what = _("Last day of the stage: %(stage)s") % {"stage": deal.get_state_display()}
            found.append(Item(until, what, deal.outcome.heading, deal.get_absolute_url()))
    return found


def _meetings(broker: TechBroker, deals: list[Accompanied]) -> list[Item]:
    """Return the meetings on record that the broker may read."""
    headings = {row.deal.pk: (row.deal.outcome.heading, row.deal.get_absolute_url()) for row in deals}
    held = DealNote.objects.filter(deal__in=list(headings), kind=DealNote.Kind.MEETING)
    read = held.filter(Q(is_shared=True) | Q(organisation=None, written_by=broker.user))
    return [Item(note.met_on, _("Meeting"), *headings[note.deal_id]) for note in read if note.met_on is not None]


def _windows(broker: TechBroker, deals: list[Accompanied], leads: list[Lead]) -> list[Item]:
    """Return the last day for objections to the broker's leads and rewards, and to prices of their deals."""
    prices = PriceProposal.objects.filter(deal__in=[row.deal.pk for row in deals]).values("pk")
    claims = RewardClaim.objects.filter(broker=broker).values("pk")
    about = Q(subject_type=_type(Lead), subject_id__in=[lead.pk for lead in leads])
    about |= Q(subject_type=_type(PriceProposal), subject_id__in=prices)
    about |= Q(subject_type=_type(RewardClaim), subject_id__in=claims)
    running = with_subjects(Publicity.objects.running().filter(about))
    return [Item(one.ends_on, _("Objections are taken until"), str(one), one.get_absolute_url()) for one in running]


def _type(kind: Any) -> ContentType:
    return ContentType.objects.get_for_model(kind)


def _viewings(deals: list[Accompanied]) -> list[Item]:
    """Return the first and last day of viewing where an outcome of a deal is to be sold."""
    outcomes = [row.deal.outcome_id for row in deals]
    shown = AuctionSession.objects.upcoming().filter(lots__outcome__in=outcomes, viewing_from__isnull=False).distinct()
    found = []
    for session in shown:
        days = ((session.viewing_from, _("Viewing begins")), (session.viewing_until, _("Viewing ends")))
        found += [Item(day, what, session.heading, session.get_absolute_url()) for day, what in days if day is not None]
    return found


def _comments(broker: TechBroker) -> list[Item]:
    open_ones = YearlyEvaluation.objects.filter(broker=broker, state=YearlyEvaluation.State.PROPOSED, comment="")
    what = _("Last day to comment on your evaluation")
    return [Item(one.comment_until, what, str(one.year), one.get_absolute_url()) for one in open_ones]
