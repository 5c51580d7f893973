"""One transfer of the bank stands once; where it pays several contracts, that is stated."""

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments.models import Receipt
from marketplace.contracts.payments.refusals import ReferenceElsewhere
from marketplace.core.advisory_locks import AdvisoryLock, hold_lock


def hold_reference(seller_id: int, reference: str) -> None:
    """Let two entries of one reference of an institute come one after the other; held until the transaction ends.

    Whoever asks for it holds the row of one contract and asks for no other after it.
    """
    hold_lock(AdvisoryLock.PAYMENT_REFERENCE, f"{seller_id}:{reference}")


def require_not_elsewhere(contract: TechnologyContract, reference: str) -> None:
    """Raise ReferenceElsewhere where a payment that stands has this reference on another contract of the seller."""
    found = Receipt.objects.standing().filter(contract__seller=contract.seller_id, bank_reference=reference)
    other = found.exclude(contract=contract.pk).select_related("contract").order_by("pk").first()
    if other is not None:
        raise ReferenceElsewhere(reference=reference, contract=f"{other.contract} ({other.contract.code})")
