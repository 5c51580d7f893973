"""A bid as one would first write it with Django's ORM: the baseline that the house's way is measured against."""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from marketplace.auctions.ladder import least_amount
from marketplace.auctions.models import BidAnswer, BidderRegistration, Lot, LotEvent
from marketplace.auctions.record import as_hashed
from marketplace.auctions.verifier import fingerprint


@transaction.atomic
def place_bid(lot_id: int, registration_id: int, amount_now: Callable[[], int], key: str) -> bool:
    """Lock the row, check, write the event and the answer, save the lot; tell whether the bid was accepted."""
    lot = Lot.objects.select_for_update().get(pk=lot_id)
    now, amount = timezone.now(), amount_now()
    bidder = BidderRegistration.objects.select_related("deposit", "organisation").get(pk=registration_id)
    if BidAnswer.objects.filter(lot=lot, registration=bidder, key=key).exists():
        return True
    if not lot.is_open(now) or bidder.state != "qualified" or bidder.deposit is None or not bidder.deposit.is_held:
        return False
    if lot.leader_id == bidder.pk or amount < least_amount(lot.start_price, lot.increment_ladder, lot.price):
        return False
    event = LotEvent(
        lot=lot, seq=lot.seq + 1, kind="bid", alias=bidder.alias, amount=amount, arrived_at=now, decided_at=now,
        prev_hash=lot.head_hash,
    )  # fmt: skip
    event.hash = fingerprint(as_hashed(event, lot.number))
    event.save()
    BidAnswer.objects.create(
        lot=lot, registration=bidder, key=key, amount=amount, seq=event.seq, answer={"hash": event.hash}, given_at=now
    )
    lot.seq, lot.head_hash, lot.price, lot.leader, lot.leader_alias = (
        event.seq,
        event.hash,
        amount,
        bidder,
        bidder.alias,
    )
    lot.last_at = lot.last_decided_at = now
    lot.save(update_fields=["seq", "head_hash", "price", "leader", "leader_alias", "last_at", "last_decided_at"])
    return True
