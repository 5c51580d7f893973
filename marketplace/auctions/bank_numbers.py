"""The numbers a bank gives payments and refunds of deposits: each stands for one of them."""

import unicodedata

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.auctions.locking import busy_if_waiting
from marketplace.auctions.models import Deposit, StrayPayment
from marketplace.core.advisory_locks import AdvisoryLock, hold_lock
from marketplace.core.refusals import Refused

LONGEST_NUMBER = 60  # characters


class PaymentRecorded(Refused):
    message = _(
        "This number of the bank is recorded already as a payment or refund of the deposit %(reference)s (%(of)s)."
    )
    field = "bank_reference"


class NumberTooLong(Refused):
    message = _("A number of the bank has at most %(most)s characters.")
    field = "bank_reference"


def tidy_number(number: str) -> str:
    """Return a bank's number in half width and upper case, without spaces: one number is not two entries.

    Raises NumberTooLong: some signs become several.
    """
    tidied = "".join(unicodedata.normalize("NFKC", number).split()).upper()
    if len(tidied) > LONGEST_NUMBER:
        raise NumberTooLong(most=LONGEST_NUMBER)
    return tidied


class StrayRecorded(Refused):
    message = _("This number of the bank is recorded already, as a stray payment or as its refund.")
    field = "bank_reference"


def why_not_numbered(number: str, deposit: Deposit | None) -> Refused | None:
    """Return why a bank's number is not this deposit's, or free: it stands for another payment or refund.

    Entries of one number come one after the other: the answer holds until the transaction ends. Raises Busy where the
    transaction holds a lot, whose patience is set.
    """
    with busy_if_waiting():
        hold_lock(AdvisoryLock.BANK_NUMBER, number)
    own = deposit.pk if deposit is not None else 0
    is_used = Q(bank_reference=number) | Q(release_reference=number)
    other = Deposit.objects.filter(is_used).exclude(pk=own).select_related("lot", "session").first()
    if other is not None:
        of = other.lot.number if other.lot is not None else other.session.number
        return PaymentRecorded(reference=other.reference, of=of)
    standing = StrayPayment.objects.exclude(state=StrayPayment.State.MISTAKEN)
    strays = standing.filter(Q(bank_reference=number) | Q(return_reference=number))
    return StrayRecorded() if strays.exclude(Q(deposit__isnull=False) & Q(deposit=own)).exists() else None
