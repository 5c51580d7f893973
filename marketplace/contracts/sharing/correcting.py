"""A payee was paid wrongly: to another account, on another day, or the bank sent it back. Nothing is rewritten."""

from django.db import transaction

from marketplace.contracts.sharing import rules
from marketplace.contracts.sharing.distributing import hold_line
from marketplace.contracts.sharing.payouts import PayoutLine
from marketplace.contracts.sharing.refusals import ReasonOfCorrection
from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User


@transaction.atomic
def correct_line(line: PayoutLine, *, by: User, organisation: Organisation | None = None, reason: str) -> PayoutLine:
    """Take one paid line back by a row below zero, and return a new one of the same amount that is to be paid.

    What the payee is due follows from the plan and stays. Raises WrongState, ReasonOfCorrection.
    """
    hold_line(line)
    today = clock.today()
    require(rules.correct_line, by, line, organisation=organisation)
    line.move_to(line.State.CORRECTED)
    if not reason.strip():
        raise ReasonOfCorrection()
    line.save(update_fields=["state"])
    same = {"distribution": line.distribution, "share": line.share, "tax_rule": line.tax_rule}
    row = PayoutLine.objects.create(
        **same,
        state=PayoutLine.State.REVERSING,
        amount=-line.amount,
        tax_counted=None if line.tax_counted is None else -line.tax_counted,
        paid_on=today,
        reference=line.reference,
        paid_by=by,
        reverses=line,
        reason=reason.strip(),
    )
    anew = PayoutLine.objects.create(**same, amount=line.amount, tax_counted=line.tax_counted)
    journal.record(
        Kind.PAYOUT_CORRECTED,
        line,
        by=by,
        on_behalf_of=line.distribution.contract.seller,
        amount=line.amount,
        row=row.code,
        anew=anew.code,
    )
    return anew
