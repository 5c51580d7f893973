"""The seller's finance answers who says that a sale was paid: it came in, or it did not."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules_of_payment as rules
from marketplace.auctions.locking import hold_lot
from marketplace.auctions.models import SaleMilestone
from marketplace.auctions.reasons import require_reason
from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import User

Answer = SaleMilestone.Answer


class NothingSaid(Refused):
    message = _("Nobody’s word about the payment waits for an answer any more.")


@transaction.atomic
def confirm_payment(milestone: SaleMilestone, *, by: User) -> None:
    """The seller's finance confirms that the price came in: its last day is no longer awaited. Raises NothingSaid."""
    now = hold_lot(milestone.lot)
    milestone.refresh_from_db(fields=["answer", "said_by", "happened_on"])
    require(rules.confirm_payment, by, milestone)
    _answer(milestone, Answer.CONFIRMED, by=by, at=now)


@transaction.atomic
def deny_payment(milestone: SaleMilestone, *, by: User, reason: str) -> None:
    """The seller's finance did not receive the price: the day stays. Raises NothingSaid, ReasonMissing."""
    now = hold_lot(milestone.lot)
    milestone.refresh_from_db(fields=["answer", "said_by", "happened_on"])
    require(rules.deny_payment, by, milestone)
    _answer(milestone, Answer.NOT_RECEIVED, by=by, at=now, reason=require_reason(reason))


def _answer(milestone: SaleMilestone, answer: Answer, *, by: User, at: datetime, reason: str = "") -> None:
    if not milestone.is_open:
        raise NothingSaid()
    milestone.answer, milestone.answered_by, milestone.answered_at = answer, by, at
    milestone.answer_reason = reason
    milestone.save(update_fields=["answer", "answered_by", "answered_at", "answer_reason"])
    kind = Kind.LOT_PAYMENT_CONFIRMED if answer == Answer.CONFIRMED else Kind.LOT_PAYMENT_DENIED
    lot, on = milestone.lot, milestone.happened_on.isoformat()
    journal.record(kind, lot, by=by, on_behalf_of=lot.outcome.owner, happened_on=on)
