"""The buyer says that a payment as entered is not what it paid, and the seller's finance answers; no figure changes."""

from django.db import transaction

from marketplace.contracts.payments import rules
from marketplace.contracts.payments.models import Receipt, ReceiptRemark
from marketplace.contracts.payments.refusals import RemarkAnswered, RemarkEmpty, RemarkOpen, ReversedAlready
from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User


@transaction.atomic
def remark_on_receipt(
    receipt: Receipt, *, by: User, organisation: Organisation | None = None, text: str
) -> ReceiptRemark:
    """Keep a remark of the buyer beside a payment that stands. Raises ReversedAlready, RemarkOpen, RemarkEmpty."""
    receipt.contract.lock()
    receipt.lock()
    now = clock.now()
    require(rules.remark_on_receipt, by, receipt.contract, organisation=organisation)
    obstacle = why_not_remarked(receipt)
    if obstacle is not None:
        raise obstacle
    if not text.strip():
        raise RemarkEmpty()
    remark = ReceiptRemark.objects.create(receipt=receipt, text=text.strip(), made_by=by, made_at=now)
    journal.record(Kind.RECEIPT_REMARKED, remark, by=by, on_behalf_of=receipt.contract.buyer, amount=receipt.amount)
    return remark


def why_not_remarked(receipt: Receipt) -> Refused | None:
    """Return why no remark is made on a row of the payments, or None."""
    if not receipt.stands:
        return ReversedAlready()
    return RemarkOpen() if receipt.remarks.filter(answered_at=None).exists() else None


@transaction.atomic
def answer_remark(remark: ReceiptRemark, *, by: User, organisation: Organisation | None = None, text: str) -> None:
    """Answer a remark of the buyer, once. Raises RemarkAnswered, RemarkEmpty."""
    contract = remark.receipt.contract
    contract.lock()
    remark.lock()
    now = clock.now()
    require(rules.answer_remark, by, contract, organisation=organisation)
    if remark.answered_at is not None:
        raise RemarkAnswered()
    if not text.strip():
        raise RemarkEmpty()
    remark.answer, remark.answered_by, remark.answered_at = text.strip(), by, now
    remark.save(update_fields=["answer", "answered_by", "answered_at"])
    journal.record(Kind.RECEIPT_REMARK_ANSWERED, remark, by=by, on_behalf_of=contract.seller)
