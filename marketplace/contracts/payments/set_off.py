"""A deposit that counts towards the price (抵作价款) is received under the contract: a receipt of its own kind.

Called by auctions, whose rules were asked; what takes it back is `sharing/reversing.py`.
"""

from datetime import date

from django.db import transaction
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments.actions import require_signed
from marketplace.contracts.payments.models import Instalment, Receipt
from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.organisations.models import User


@transaction.atomic
def count_deposit(
    contract: TechnologyContract, *, by: User | None, amount: int, reference: str, applied_on: date
) -> Receipt:
    """Count a deposit as received, from the later of the days of its application and of the signature.

    It belongs to the first instalment that has room for it; without one it leaves less to be planned.
    """
    contract.lock()
    require_signed(contract)
    receipt = Receipt.objects.create(
        contract=contract,
        kind=Receipt.Kind.DEPOSIT,
        instalment=_with_room(contract, amount),
        amount=amount,
        received_on=max(applied_on, contract.signed_on or applied_on),
        bank_reference=reference,
        entered_by=by,
        entered_at=clock.now(),
    )
    seller = contract.seller
    journal.record(Kind.RECEIPT_ENTERED, receipt, by=by, on_behalf_of=seller, amount=amount, deposit=True)
    return receipt


def _with_room(contract: TechnologyContract, amount: int) -> Instalment | None:
    planned = contract.instalments.standing().filter(is_royalty=False)
    came_in = Coalesce(Sum("receipts__amount"), 0)
    found = planned.annotate(sum=came_in).filter(Q(amount__gte=F("sum") + amount))
    return found.order_by("due_on", "id").first()
