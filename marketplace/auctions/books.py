"""How far the price of a sale is paid: the deposit that counts towards it, and the payments of its contract."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from marketplace.auctions.deposit_rows import Deposit
from marketplace.auctions.lots import Lot
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments.models import Receipt

NAMED = {"lot_number": F("deal__lot_number"), "total": F("total_amount")}


@dataclass(frozen=True, kw_only=True)
class Books:
    """What a sale costs and what came in for it, in fen; royalties are apart.

    Before the contract is signed that is the price found, and the deposit that counts towards it; `code` is "" then.
    """

    total: int
    received: int
    set_off: int = 0
    code: str = ""
    signed_on: date | None = None

    @property
    def left(self) -> int:
        return max(self.total - self.received, 0)


def books_of(lots: Iterable[Lot]) -> dict[str, Books]:
    """Return {number of the lot: its books} of the sales whose contract is signed for good: one query."""
    numbers = [lot.number for lot in lots]
    if not numbers:
        return {}
    came_in = Receipt.objects.filter(contract=OuterRef("pk")).exclude(instalment__is_royalty=True).order_by()
    found: Any = TechnologyContract.objects.signed().filter(deal__lot_number__in=numbers, signed_on__isnull=False)
    summed = found.annotate(received=_sum(came_in), set_off=_sum(came_in.filter(kind=Receipt.Kind.DEPOSIT)))
    rows = summed.order_by("pk").values("code", "signed_on", "received", "set_off", **NAMED)
    return {row.pop("lot_number"): Books(**row) for row in rows}


def _sum(receipts: "QuerySet[Receipt]") -> Coalesce:
    of_one = receipts.values("contract").annotate(sum=Sum("amount")).values("sum")
    return Coalesce(Subquery(of_one), 0, output_field=BigIntegerField())


def sums_of_sale(lot: Lot) -> Books | None:
    """Return how far the price of a sale that stands is paid; None before its confirmation."""
    if lot.state not in (*lot.UNSIGNED, lot.State.CONTRACTED, lot.State.SETTLED):
        return None
    kept = books_of([lot]).get(lot.number)
    if kept is not None:
        return kept
    applied = sum(Deposit.objects.filter(applied_to=lot).values_list("applied", flat=True))
    return Books(total=lot.price or 0, received=applied, set_off=applied)
