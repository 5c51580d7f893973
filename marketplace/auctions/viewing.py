"""Viewing (展示): on which days bidders can look at what is sold before they bid."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.auctions.models import AuctionSession, RoomDocument
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


class ViewingOver(Refused):
    message = _("These days of viewing are over already. Viewing ends today or later.")
    field = "viewing_until"


class ViewingBegunBefore(Refused):
    message = _("Viewing begins today or later; a day that is over cannot be announced any more.")
    field = "viewing_from"


class ViewingTooShort(Refused):
    message = _("The lots of an auction can be viewed on %(days)s days at least, counted from today (Auction Law).")
    field = "viewing_until"


class RoomNeedsDays(Refused):
    message = _("Lots of this session have a data room. It needs the days on which it is open: from and until.")
    field = "viewing_from"


class RoomTooShort(Refused):
    message = _("A data room is open on %(days)s days at least, counted from today and before the day of the bidding.")
    field = "viewing_until"


def least_days(legal_form: str) -> int:
    """Return on how many days lots can be viewed at least: of an auction never under two (拍卖法 Art. 48)."""
    least = settings.AUCTION_VIEWING_DAYS
    return max(LEAST_BY_LAW, least) if legal_form == AuctionSession.LegalForm.LICENSED_AUCTION else least


def has_rooms(session: AuctionSession) -> bool:
    """Tell whether bidders of a session have documents to read in the data room of a lot."""
    return RoomDocument.objects.standing().filter(lot__session=session).exclude(lot__state="withdrawn").exists()


def require_room_days(
    session: AuctionSession, first: date | None, last: date | None, *, starts_at: datetime, today: date
) -> None:
    """Refuse days that leave the data rooms of a session without enough of them before its bidding."""
    if not has_rooms(session):
        return
    if first is None or last is None:
        raise RoomNeedsDays()
    days, eve = least_days(session.legal_form), timezone.localdate(starts_at) - timedelta(days=1)
    if (min(last, eve) - max(first, today)).days + 1 < days:
        raise RoomTooShort(days=days)


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
    if last < today:
        raise ViewingOver()
    least = least_days(legal_form)
    if is_auction and (last - max(first, today)).days + 1 < least:
        raise ViewingTooShort(days=least)
