"""What an announcement says to everybody who wants to bid: the conditions, and how the bidding goes.

Since version 3 of announcements the words follow the formats of the lots; an earlier one reads as it was published.
"""

from typing import Any

from django.utils.translation import gettext as _

from marketplace.auctions.models import Lot
from marketplace.core.papers import Text

BY_FORMAT = 3  # version of announcements


def conditions(frozen: dict[str, Any]) -> Text:
    """Return who may bid, and what becomes of deposits."""
    own = frozen.get("bidder_conditions")
    return Text(
        [
            *([own] if own else []),
            _(
                "Who wants to bid applies for a lot on the platform for a verified organisation, through a bidder’s "
                "agent, until the registration ends, and pays the deposit until then. Who is admitted and has paid "
                "gets a number; bids are published under this number only."
            ),
            _who_bids(frozen),
            _(
                "The buyer’s deposit counts towards the price. Losers’ refunds are begun on the day of the result; a "
                "deposit for the whole session, on the day no other lot needs it. A buyer who does not sign the "
                "contract loses the deposit and cannot bid on this outcome again."
            ),
        ],
        heading=_("Conditions for bidders"),
    )


def _who_bids(frozen: dict[str, Any]) -> str:
    if not _has_sealed(frozen):
        return _(
            "Seller, organiser, auctioneer, their people and parties related to them do not bid. Who holds a "
            "proven priority right states it in the application and may bid the price of another bidder."
        )
    if not _has_ascending(frozen):
        return _(
            "Seller, organiser, auctioneer, their people and parties related to them do not bid. Who holds a "
            "proven priority right states it in the application and goes first among equal bids."
        )
    return _(
        "Seller, organiser, auctioneer, their people and parties related to them do not bid. Who holds a proven "
        "priority right states it in the application; it may bid the price of another bidder where bids ascend, and "
        "goes first among equal sealed bids."
    )


def how_bidding_goes(frozen: dict[str, Any]) -> Text:
    """Return when a bid counts, what is accepted, who buys: of each format in which something is offered."""
    percent = frozen.get("deposit_percent")
    said = [_("The deposit is %(percent)s%% of the start price.") % {"percent": percent}] if percent else []
    ascending = [
        _("A bid counts from the moment it enters the platform, by the platform’s clock. It cannot be withdrawn."),
        _("After the first bid any amount from the price plus the minimum raise on is accepted."),
        _("The highest bid at the end buys; at equal amounts a priority right goes first, then the earlier bid."),
    ]
    sealed = [
        _(
            "A sealed bid counts if it enters the platform between beginning and end, by the platform’s clock. Until "
            "the end its bidder may replace or withdraw it; from then on it binds."
        ),
        _("Until the end nobody reads the amounts, and who has bid is not shown. All are opened together at the end."),
        _(
            "The highest opened bid buys; at equal amounts a priority right goes first, then the earlier final "
            "submission."
        ),
    ]
    if not _has_sealed(frozen):
        said += ascending
    elif not _has_ascending(frozen):
        said += sealed
    else:
        said += [_("Of lots with ascending bids:"), *ascending, _("Of lots with sealed bids:"), *sealed]
    return Text(said, heading=_("How bidding goes"))


def _has_sealed(frozen: dict[str, Any]) -> bool:
    sealed = any(lot["format"] == Lot.Format.SEALED for lot in frozen["lots"])
    return sealed and frozen.get("v", 1) >= BY_FORMAT


def _has_ascending(frozen: dict[str, Any]) -> bool:
    return any(lot["format"] != Lot.Format.SEALED for lot in frozen["lots"])
