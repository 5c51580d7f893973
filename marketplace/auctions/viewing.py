"""Viewing (展示): on which days bidders can look at what is sold before they bid."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.auctions.models import AuctionSession
from marketplace.core.refusals import Refused

LEAST_BY_LAW = 2  # days (拍卖法 Art. 48)


class ViewingMissing(Refused):
    message = _("An auction needs the days on which its lots can be viewed: from and until (Auction Law).")
    field = "viewing_from"


class ViewingHalf(Refused):
    message = _("Viewing needs both days, the first and the last.")
    field = "viewing_until"


class ViewingBackwards(Refused):
    message = _("Viewing ends on the day it begins, or later.")
    field = "viewing_until"


class ViewingTooLate(Refused):
    message = _("Viewing ends on the day the bidding begins, or before.")
    field = "viewing_until"


class ViewingTooShort(Refused):
    message = _("The lots of an auction can be viewed on %(days)s days at least, counted from today (Auction Law).")
    field = "viewing_until"


def require_viewing(
    legal_form: str, first: date | None, last: date | None, *, starts_at: datetime | None, today: date
) -> None:
    """Refuse days of viewing that are missing, cannot be, or are fewer than the law asks of an auction."""
    is_auction = legal_form == AuctionSession.LegalForm.LICENSED_AUCTION
    if first is None and last is None:
        if is_auction:
            raise ViewingMissing()
        return
    if first is None or last is None:
        raise ViewingHalf()
    if last < first:
        raise ViewingBackwards()
    if starts_at is not None and last > timezone.localdate(starts_at):
        raise ViewingTooLate()
    if is_auction and (last - max(first, today)).days + 1 < LEAST_BY_LAW:
        raise ViewingTooShort(days=LEAST_BY_LAW)
