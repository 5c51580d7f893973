"""A payment taken back: a reversing row beside it, and what was shared out of it with it, in one transaction."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext, override

from marketplace.contracts.payments import rules
from marketplace.contracts.payments.models import Receipt
from marketplace.contracts.payments.refusals import FallsWithDeposit, ReasonOfReversal, ReversalIsFinal, ReversedAlready
from marketplace.contracts.sharing.payouts import Distribution, PayoutLine
from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused, refuse
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User


@transaction.atomic
def reverse_receipt(receipt: Receipt, *, by: User, organisation: Organisation | None = None, reason: str) -> Receipt:
    """Take a payment back by a row of the same amount below zero, and return that row.

    Lines not paid yet are cancelled, paid ones are to be paid back. Raises ReversedAlready, ReversalIsFinal,
    FallsWithDeposit, ReasonOfReversal.
    """
    receipt.contract.lock()
    receipt.lock()
    now = clock.now()
    require(rules.reverse_receipt, by, receipt.contract, organisation=organisation)
    refuse(why_not_reversed(receipt))
    if not reason.strip():
        raise ReasonOfReversal()
    return _reverse(receipt, by=by, reason=reason.strip(), at=now)


@transaction.atomic
def take_back_deposit_counted(receipt: Receipt, *, by: User | None) -> Receipt:
    """Take back what counted of a deposit, with what was shared out of it. Called by auctions, whose rule was asked."""
    receipt.contract.lock()
    receipt.lock()
    if not receipt.stands:
        raise ReversedAlready()
    with override(settings.LANGUAGE_CODE):  # kept as text, read by everybody
        reason = gettext("The deposit no longer counts towards the price.")
    return _reverse(receipt, by=by, reason=reason, at=clock.now())


def _reverse(receipt: Receipt, *, by: User | None, reason: str, at: datetime) -> Receipt:
    receipt.reversed_at = at
    receipt.save(update_fields=["reversed_at"])
    row = Receipt.objects.create(
        contract=receipt.contract,
        kind=receipt.kind,
        instalment=receipt.instalment,
        amount=-receipt.amount,
        received_on=clock.today(),
        bank_reference=receipt.bank_reference,
        entered_by=by,
        entered_at=at,
        reverses=receipt,
        reason=reason,
    )
    journal.record(
        Kind.RECEIPT_REVERSED, receipt, by=by, on_behalf_of=receipt.contract.seller, amount=receipt.amount, row=row.code
    )
    for distribution in Distribution.objects.standing().filter(receipt=receipt):
        reverse_distribution(distribution, by=by)
    return row


def why_not_reversed(receipt: Receipt) -> Refused | None:
    """Return why a row of money that came in cannot be reversed as it stands."""
    if receipt.reverses_id is not None:
        return ReversalIsFinal()
    if receipt.kind == Receipt.Kind.DEPOSIT:
        return FallsWithDeposit()
    return ReversedAlready() if receipt.reversed_at is not None else None


def reverse_distribution(distribution: Distribution, *, by: User | None) -> None:
    """Let what was shared out fall with what it was shared out of; the caller holds the contract.

    A corrected line and the one that corrects it sum to nothing and stay as they are.
    """
    State = PayoutLine.State
    distribution.reversed_at = clock.now()
    distribution.save(update_fields=["reversed_at"])
    for line in distribution.lines.filter(state__in=[State.PAYABLE, State.PAID]).select_for_update(of=("self",)):
        line.move_to(State.CANCELLED if line.state == State.PAYABLE else State.TO_RECLAIM)
        line.save(update_fields=["state"])
    seller = distribution.contract.seller
    journal.record(Kind.DISTRIBUTION_REVERSED, distribution, by=by, on_behalf_of=seller, net=distribution.net)
