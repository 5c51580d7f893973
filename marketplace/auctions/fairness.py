"""The fair limit of bids by programs: only what is refused counts, and what can be accepted is never held up.

Each bidder (an organisation on a lot) may be refused 20 times a minute, repetitions of an accepted bid included.
Whoever used that up waits between bids that cannot be accepted: too low, leading already, not open, not allowed,
not confirmed, or a repetition. An amount that could be accepted by where the lot stands now always reaches the SQL
function, so an honest bid in the last second counts whatever came before it. The look at the lot reads the clock
before the row: price and end of an open lot only rise, so what cannot be accepted then was rightly refused then. In
a hall a void lets the price fall; a look that came before it still saw the price that held then.
"""

from marketplace.auctions.locking import lot_now
from marketplace.auctions.models import BidderRegistration, Lot
from marketplace.auctions.second_thoughts import may_count
from marketplace.core.limits import Limit

REFUSED_BIDS = Limit("refused-bids", most=20, seconds=60)


def is_repetition(lot: Lot, own: BidderRegistration | None, key: str) -> bool:
    """Tell whether a bid under this key was accepted from this bidder before."""
    answers = lot.sealed_bids if lot.is_sealed else lot.answers
    return own is not None and answers.filter(registration=own, key=key).exists()


def could_be_accepted(lot: Lot, own: BidderRegistration | None, amount: int) -> bool:
    """Tell whether the SQL function might accept an amount, by the database's clock and the lot's row as it is now."""
    if own is None:
        return False
    now = lot_now()
    lot.refresh_from_db()
    return lot.is_open(now) and may_count(lot, own, amount)
