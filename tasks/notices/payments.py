"""What the other side hears of payments: plans, what came in or was reversed, and remarks.

Changes of a schedule are told once until that is read, however many instalments are planned or struck.
"""

from typing import Any

from django.urls import reverse

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments.models import Instalment, Receipt, ReceiptRemark
from marketplace.core.journal import Entry, Kind
from marketplace.notices.models import Notice, NoticeQuerySet
from marketplace.organisations.models import User
from marketplace.organisations.roles import MemberRole
from tasks.notices import Tell

PLANNED = "payments.planned"


def _finance(organisation: int | None) -> Any:
    """Return the finance and managers of an organisation; nobody where it is not on the platform."""
    return User.objects.active_in(organisation, MemberRole.FINANCE).distinct() if organisation is not None else []


def _page(contract: TechnologyContract) -> str:
    return reverse("payment-list", args=[contract.code])


def buyer_about_schedule(entry: Entry) -> list[Tell]:
    """An instalment was planned or struck: the buyer hears of it, unless it has yet to read that something was."""
    contract = Instalment.objects.select_related("contract").get(pk=entry.subject_id).contract
    unread = set(Notice.objects.about(contract, PLANNED).unread().values_list("user", flat=True))
    people = [user for user in _finance(contract.buyer_id) if user.pk not in unread]
    return [Tell(people, PLANNED, _page(contract), contract)]


def _receipt(entry: Entry) -> Receipt:
    return Receipt.objects.select_related("contract").get(pk=entry.subject_id)


def buyer_about_receipt(entry: Entry) -> list[Tell]:
    receipt = _receipt(entry)
    contract, data = receipt.contract, {"amount_fen": receipt.amount}
    return [Tell(_finance(contract.buyer_id), "receipt.entered", _page(contract), contract, data=data)]


def buyer_about_reversal(entry: Entry) -> list[Tell]:
    receipt = _receipt(entry)
    contract, data = receipt.contract, {"amount_fen": receipt.amount}
    return [Tell(_finance(contract.buyer_id), "receipt.reversed", _page(contract), contract, data=data)]


def _remark(entry: Entry) -> ReceiptRemark:
    return ReceiptRemark.objects.select_related("receipt__contract").get(pk=entry.subject_id)


def seller_about_remark(entry: Entry) -> list[Tell]:
    remark = _remark(entry)
    contract, path = remark.receipt.contract, reverse("receipt-remark-answer", args=[remark.code])
    data = {"receipt": remark.receipt.code}
    return [Tell(_finance(contract.seller_id), "receipt.remarked", path, contract, data=data)]


def buyer_about_answer(entry: Entry) -> list[Tell]:
    contract = _remark(entry).receipt.contract
    return [Tell(_finance(contract.buyer_id), "receipt.remark_answered", _page(contract), contract)]


def asked_by_remark(entry: Entry) -> NoticeQuerySet:
    """Return what asked the seller to answer a remark that is answered, or whose payment is reversed."""
    subject = entry.subject
    receipt = subject.receipt if isinstance(subject, ReceiptRemark) else _receipt(entry)
    return Notice.objects.about(receipt.contract, "receipt.remarked").filter(data__receipt=receipt.code)


TELLS = {
    Kind.INSTALMENT_PLANNED: buyer_about_schedule,
    Kind.INSTALMENT_DROPPED: buyer_about_schedule,
    Kind.RECEIPT_ENTERED: buyer_about_receipt,
    Kind.RECEIPT_REVERSED: buyer_about_reversal,
    Kind.RECEIPT_REMARKED: seller_about_remark,
    Kind.RECEIPT_REMARK_ANSWERED: buyer_about_answer,
}
SETTLES = {Kind.RECEIPT_REMARK_ANSWERED: asked_by_remark, Kind.RECEIPT_REVERSED: asked_by_remark}
