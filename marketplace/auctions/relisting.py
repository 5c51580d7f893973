"""Offering an unsold outcome again: within 30 days at most 20 % lower (法释〔2016〕18号 Art. 26, as a house rule)."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules
from marketplace.auctions.models import AuctionSession, Lot
from marketplace.core.money import format_unrounded
from marketplace.core.refusals import Refused
from marketplace.core.rules import why_not
from marketplace.outcomes.models import ResearchOutcome

SOON = timedelta(days=30)
AT_MOST_LOWER = 20  # per cent


class TooMuchLower(Refused):
    message = _(
        "%(lot)s went unsold less than 30 days before: the start price may be a fifth lower, %(least)s at least."
    )
    field = "start_price"


def sessions_for(lot: Lot, user: Any) -> list[AuctionSession]:
    """Return the sessions into which `user` may bring the outcome of a lot again, where its seller wants that."""
    if lot.state not in Lot.NO_BUYER or lot.next_path != "relist" or lot.is_practice:
        return []
    takes = AuctionSession.objects.listed().filter(state__in=AuctionSession.PLANNED, is_practice=False)
    return [each for each in takes.order_by("starts_at") if why_not(rules.add_lot, user, each, lot.outcome) is None]


def require_relist_price(outcome: ResearchOutcome, *, start_price: int, starts_at: datetime) -> None:
    """Refuse a start price (fen) that falls too far below the one nobody paid. Raises TooMuchLower."""
    missed = outcome.lots.filter(state__in=Lot.NO_BUYER, is_practice=False, ends_at__gt=starts_at - SOON)
    last = missed.order_by("ends_at").last()
    if last is not None and start_price * 100 < last.start_price * (100 - AT_MOST_LOWER):
        least = -(-last.start_price * (100 - AT_MOST_LOWER) // 100)
        raise TooMuchLower(lot=last.number, least=format_unrounded(least, get_language() or "zh-hans"))
