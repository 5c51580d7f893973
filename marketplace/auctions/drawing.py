"""What is drawn by lot for a bidder: the number it bids under, the reference it pays under."""

import secrets

from marketplace.auctions.models import AuctionSession, Deposit, Lot
from marketplace.core.codes import ALPHABET

HIGHEST_NUMBER = 9_999  # with sealed bids, where one that grows would tell how many bidders there are


def draw_number(lot: Lot) -> str:
    """Return a free bidder's number of a held lot; it says nothing about its bidder."""
    taken = set(lot.registrations.exclude(alias="").values_list("alias", flat=True))
    highest = HIGHEST_NUMBER if lot.is_sealed else 2 * len(taken) + 20
    return secrets.choice([str(number) for number in range(1, highest + 1) if str(number) not in taken])


def payment_reference(of: Lot | AuctionSession) -> str:
    """Return a new reference under which a deposit for a lot, or for a whole session, is paid.

    Short enough to be copied by hand, so two could be the same: of five hundred bidders, one time in seven. The caller
    holds the lot.
    """
    while True:
        drawn = f"{of.number}-{''.join(secrets.choice(ALPHABET) for _place in range(4))}"
        if not Deposit.objects.filter(reference=drawn).exists():
            return drawn
