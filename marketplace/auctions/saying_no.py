"""The refusals of a bid: each says what is wrong and, where it helps, what would be accepted now."""

from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.auctions.conflicts import SENTENCES
from marketplace.auctions.ladder import MOST, read_instant
from marketplace.core.money import format_unrounded
from marketplace.core.refusals import Refused


class BidRefused(Refused):
    """A bid that was not accepted; `answer` is what the SQL function said."""

    field = "amount"
    status = 409

    def __init__(self, **details: Any) -> None:
        super().__init__(**details)
        self.answer: dict[str, Any] = {}

    def __str__(self) -> str:
        return str(self.message) % (self.details | _words(self.answer))


def _words(answer: dict[str, Any]) -> dict[str, str]:
    """Return amounts and times of an answer in the reader's language and in local time."""
    language = get_language() or "zh-hans"
    words = {
        name: format_unrounded(answer[name], language)
        for name in ("least", "price")
        if isinstance(answer.get(name), int)
    }
    words["most"] = format_unrounded(MOST, language)
    for name in ("arrived_at", "starts_at", "ends_at"):
        if name in answer:
            at = timezone.localtime(read_instant(answer[name]))
            words[name] = f"{at:%H:%M:%S}.{at.microsecond // 1000:03d}"
    return words


class BidTooLow(BidRefused):
    message = _("At that moment the least was %(least)s.")


class BidTooLarge(BidRefused):
    message = _("It is more than %(most)s, the most that can be bid.")


class LeadsAlready(BidRefused):
    message = _("You lead already. Nobody has bid more.")


class LotNotOpen(BidRefused):
    message = _("Bidding has not begun yet.")


class LotEnded(BidRefused):
    message = _("Arrived %(arrived_at)s, after the end at %(ends_at)s. Not counted.")


class LotSuspended(BidRefused):
    message = _("The lot is suspended. Bidding goes on for the remaining time once it is resumed.")


class LotWithdrawn(BidRefused):
    message = _("The lot was withdrawn.")


class LotPostponed(BidRefused):
    message = _("The session is postponed. Bidding begins at the new times once they are announced.")


class NoFloor(BidRefused):
    message = _("This lot has no floor: bids on it come online only.")


class NotQualified(BidRefused):
    message = _("Your organisation is not qualified for this lot: registration, deposit and number come first.")
    status = 403


class DepositMissing(BidRefused):
    message = _("Your deposit for this lot is not held.")
    status = 403


class Barred(BidRefused):
    message = _("Your organisation is barred from this lot.")
    status = 403


class SellerBids(BidRefused):
    message = SENTENCES["seller"]
    status = 403


class RelatedParty(BidRefused):
    message = SENTENCES["related"]
    status = 403


class HostBids(BidRefused):
    message = SENTENCES["host"]
    status = 403


class RelatedToHost(BidRefused):
    message = SENTENCES["host_related"]
    status = 403


class Insider(BidRefused):
    message = SENTENCES["insider"]
    status = 403


class CoOwnerBids(BidRefused):
    message = SENTENCES["co_owner"]
    status = 403


class DefaultedBefore(BidRefused):
    message = SENTENCES["defaulted"]
    status = 403


class NoAuthority(BidRefused):
    """The person who bids holds no power of attorney that is in force; `why` says what is the matter."""

    message = _("No power of attorney for your organisation is in force today. Hand in a new one.")
    status = 403

    def __init__(self, why: str = "") -> None:
        super().__init__()
        self.why = why

    def __str__(self) -> str:
        return self.why or super().__str__()


class KeyReused(BidRefused):
    message = _("This bid was sent before with another amount. Load the page again and bid anew.")
    status = 422


class SealedOnly(BidRefused):
    message = _("This lot takes sealed bids.")


class NotSealed(BidRefused):
    message = _("This lot takes open bids; there is nothing sealed to withdraw.")


class NothingSealed(BidRefused):
    message = _("Your organisation has no sealed bid on this lot.")


class SealingFailed(BidRefused):
    """The lot's key cannot be unwrapped here; staff see it in the log, the bidder that nothing was taken in."""

    message = _("Your bid could not be sealed, so it was not taken in. Send it again, or ask the organiser.")
    status = 503


REFUSALS: dict[str, type[BidRefused]] = {
    "too_low": BidTooLow,
    "too_large": BidTooLarge,
    "leads_already": LeadsAlready,
    "not_open_yet": LotNotOpen,
    "ended": LotEnded,
    "suspended": LotSuspended,
    "withdrawn": LotWithdrawn,
    "postponed": LotPostponed,
    "not_qualified": NotQualified,
    "not_verified": NotQualified,
    "deposit_missing": DepositMissing,
    "barred": Barred,
    "seller": SellerBids,
    "related": RelatedParty,
    "host": HostBids,
    "host_related": RelatedToHost,
    "insider": Insider,
    "co_owner": CoOwnerBids,
    "defaulted": DefaultedBefore,
    "no_authority": NoAuthority,
    "key_reused": KeyReused,
    "sealed_only": SealedOnly,
    "not_sealed": NotSealed,
    "nothing_sealed": NothingSealed,
    "sealing_failed": SealingFailed,
}


OF_THE_FLOOR: dict[str, type[BidRefused]] = {"no_floor": NoFloor}  # said to auctioneers, never to programs


def refusal_of(answer: dict[str, Any]) -> BidRefused:
    """Return the refusal for an answer of the SQL function that did not accept."""
    refusal = (REFUSALS | OF_THE_FLOOR)[answer["reason"]]()
    refusal.answer = answer
    return refusal
