"""What the seller's books say of the price of a sale: the payments received under its contract."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import BigIntegerField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from marketplace.auctions.lots import Lot
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments.models import Receipt


@dataclass(frozen=True, kw_only=True)
class Books:
    """The signed contract of a sale and what came in for it, in fen; royalties are apart."""

    code: str
    signed_on: date
    total: int
    received: int

    @property
    def left(self) -> int:
        return max(self.total - self.received, 0)


def books_of(lots: Iterable[Lot]) -> dict[str, Books]:
    """Return {number of the lot: its books} of the sales whose contract is signed for good: one query."""
    numbers = [lot.number for lot in lots]
    if not numbers:
        return {}
    receipts = Receipt.objects.filter(contract=OuterRef("pk")).exclude(instalment__is_royalty=True).order_by()
    sums = receipts.values("contract").annotate(sum=Sum("amount")).values("sum")
    found = TechnologyContract.objects.signed().filter(deal__lot_number__in=numbers, signed_on__isnull=False)
    rows = found.annotate(received=Coalesce(Subquery(sums), 0, output_field=BigIntegerField())).order_by("pk")
    return {
        number: Books(code=code, signed_on=signed_on, total=total, received=received)
        for number, code, signed_on, total, received in rows.values_list(
            "deal__lot_number", "code", "signed_on", "total_amount", "received"
        )
    }
